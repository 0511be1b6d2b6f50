"""Operations that describe the source: rows with `_meta`, an error as one row with nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyspark.sql.types import StringType, StructField, StructType

from .agent_codes import agent_code, told_to_agent
from .errors import OptionError
from .operations import OPERATIONS, Operation, find_operation, source_options
from .options import is_unset, plain_options
from .program import Program
from .virtual_tables import VirtualTable, columns

META = StructField(
    "_meta", columns(("status", StringType(), False), ("code", StringType(), True), ("message", StringType(), True))
)
OK = ("ok", None, None)
#: Longer ones are none that a person or an agent writes.
MAX_PATTERN = 200
#: The words of agents for keys that have others here.
METADATA_KEYS = {"primary_keys": "primary_key", "cursor_field": "cursor_column"}


class MetadataOperation(VirtualTable):
    """Asks nothing before its rows are wanted, so that whatever is wrong then can be a row."""

    def __init__(self, program: Program, name: str, options: Mapping[str, str]):
        super().__init__(program, name, source_options(options))
        self.given = {key: value for key, value in plain_options(options).items() if not is_unset(value)}

    @property
    def operation(self) -> Operation:
        """:raises OptionError: there is none of this name"""
        return find_operation(self.name)

    def schema(self) -> StructType:
        return StructType([*self.operation.schema.fields, META])

    def rows(self) -> Iterator[tuple]:
        try:
            # To the end, for an error takes the place of all rows.
            return iter(list(self._answers()[self.name]()))
        except Exception as error:  # noqa: BLE001 - whatever it is, agents get it as a row
            return iter([(*[None for _ in self.operation.schema.fields], ("error", *told_to_agent(error)))])

    def _answers(self) -> dict[str, Callable[[], Iterator[tuple]]]:
        return {
            "list_objects": self._objects,
            "get_object_metadata": self._metadata_of_object,
            "validate_connection": self._validation,
            "list_operations": self._operations,
        }

    def _objects(self) -> Iterator[tuple]:
        search = search_pattern(self.given.get("search", ""))
        if "path" in self.given:
            return
        for name in sorted(one["name"] for one in self._ask({"op": "tables"})["tables"]):
            if search.search(name):
                yield name, "table", name, OK

    def _metadata_of_object(self) -> Iterator[tuple]:
        name = self.given.get("name")
        if name is None:
            raise OptionError(
                "PARLEY_OPTION_MISSING", "Operation get_object_metadata needs the option name.", "Name a table."
            )
        (facts,) = self._ask({"op": "describe", "tables": [{"table": name, "options": {}}]})["tables"]
        wanted = self.given.get("metadatakey", "").lower()
        for key, value in facts.items():
            told = METADATA_KEYS.get(key, key)
            if key != "name" and wanted in ("", told.lower()):
                yield told, value if value is None or isinstance(value, str) else json.dumps(value), OK

    def _validation(self) -> Iterator[tuple]:
        yield (validation(self._ask({"op": "check"})["permissions"]),)

    def _operations(self) -> Iterator[tuple]:
        for name, one in OPERATIONS.items():
            yield name, one.description, one.kind, one.result_schema_json(), one.parameters_json(), OK


def search_pattern(text: str) -> re.Pattern:
    """:raises OptionError: PARLEY_OPTION_INVALID"""
    if len(text) > MAX_PATTERN:
        problem = f"has {len(text)} characters, of {MAX_PATTERN}"
    else:
        try:
            return re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            problem = f"is no regular expression: {error}"
    raise OptionError("PARLEY_OPTION_INVALID", f"Option search {problem}.", "Correct it or leave it out.")


def validation(permissions: list[dict[str, Any]]) -> tuple[str, str | None, str | None]:
    """`_meta` of what the source says of its permissions, in the order in which one needs the other.

    Without the first nothing is found that could be read: the connection is of no use. What else is missing is told, and
    the rest can be read.
    """
    missing = [one for one in permissions if not one["granted"]]
    if not missing:
        return OK
    first = missing[0]
    tables = ", ".join(dict.fromkeys(one["table"] for one in missing))
    text = f"[{first.get('code', 'PARLEY_PERMISSION_MISSING')}] {tables}: {first['permission']} is missing."
    text = f"{text} {first.get('message', '')}".strip()
    if permissions[0]["granted"]:
        return ("ok", None, text)
    return ("error", agent_code(str(first.get("code")), "permission_denied"), text)
