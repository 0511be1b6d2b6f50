"""What ingestion agents can ask for by the option `operation`, in the shapes of the original interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from pyspark.sql.types import StringType, StructType

from .errors import OptionError
from .options import is_unset, plain_options
from .virtual_tables import columns

READ_TABLE = "read_table"
#: Words between an agent and an operation: no source sees an option of these names beside an operation.
RESERVED_OPTIONS = ("operation", "search", "path", "name", "metadataKey")
#: Where sources have namespaces. These have none.
NAMESPACES = ("catalogName", "schemaName")


class Parameter(NamedTuple):
    """An option of an operation. All are texts, without defaults."""

    name: str
    description: str
    required: bool = False

    def facts(self) -> dict[str, object]:
        told = {"description": self.description, "required": self.required, "default": None, "enum": None}
        return {"name": self.name, "type": "string", **told}


class Operation(NamedTuple):
    description: str
    #: `metadata`: rows have `_meta`, and an error is a row; `data`: rows of a table, and an error is an exception.
    kind: str
    parameters: tuple[Parameter, ...] = ()
    #: Columns beside `_meta`; None: those of the table.
    schema: StructType | None = None

    def parameters_json(self) -> str:
        return json.dumps([one.facts() for one in self.parameters])

    def result_schema_json(self) -> str | None:
        return None if self.schema is None else self.schema.json()


def text_columns(*names: str) -> StructType:
    return columns(*[(name, StringType(), True) for name in names])


OPERATIONS = {
    "list_objects": Operation(
        "The tables of the source.",
        "metadata",
        (
            Parameter("path", "Where to look. Tables lie at the root: below any path there is nothing."),
            Parameter("search", "A regular expression that is found in the names."),
        ),
        text_columns("name", "type", "full_path"),
    ),
    "get_object_metadata": Operation(
        "What is known of a table, by key.",
        "metadata",
        (
            Parameter("name", "The table.", True),
            Parameter("path", "Not used: tables lie at the root."),
            Parameter("metadataKey", "Only this key, in any case."),
        ),
        text_columns("key", "value"),
    ),
    "validate_connection": Operation(
        "Signs in and asks the service what may be read.", "metadata", schema=text_columns()
    ),
    "list_operations": Operation(
        "These operations.",
        "metadata",
        schema=text_columns("name", "description", "kind", "result_schema_json", "parameters_json"),
    ),
    READ_TABLE: Operation(
        "All rows of a table, in its own columns.",
        "data",
        (
            Parameter("tableName", "The table.", True),
            Parameter("schemaName", "Refused: the source has no namespaces."),
            Parameter("catalogName", "Refused: the source has no namespaces."),
        ),
    ),
}


def asked_operation(options: Mapping[str, str]) -> str | None:
    """Its name, or None where a table is read. There may be no operation of that name."""
    name = plain_options(options).get("operation")
    return None if is_unset(name) else name


def find_operation(name: str) -> Operation:
    """:raises OptionError: there is none"""
    if name in OPERATIONS:
        return OPERATIONS[name]
    raise OptionError(
        "PARLEY_OPTION_INVALID",
        f"Option operation is {name[:200]!r}; there is no such operation.",
        f"Set it to one of {', '.join(OPERATIONS)}, or leave it out to read a table.",
    )


def source_options(options: Mapping[str, str]) -> dict[str, str]:
    """Without what is said to the operation."""
    reserved = {name.lower() for name in RESERVED_OPTIONS}
    return {name: value for name, value in plain_options(options).items() if name not in reserved}


def read_options(options: Mapping[str, str]) -> dict[str, str]:
    """As reading the table without an operation has them. :raises OptionError: a place in a namespace is wanted"""
    own = source_options(options)
    for name in NAMESPACES:
        if not is_unset(own.pop(name.lower(), None)):
            # Rows from another place than the one that was asked for would be worse than none.
            raise OptionError(
                "PARLEY_OPTION_INVALID", f"Option {name}: this source has no namespaces.", "Leave it out."
            )
    return own
