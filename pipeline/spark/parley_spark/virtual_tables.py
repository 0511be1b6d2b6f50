"""Tables that describe the source. The schemas of the three `_community_` tables are those of the original interface."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from pyspark.sql.datasource import DataSourceReader, InputPartition
from pyspark.sql.types import ArrayType, DataType, StringType, StructField, StructType, TimestampType

from .child import ask
from .errors import OptionError
from .options import plain_options, read_configs, read_names
from .program import Program

NAMES = ArrayType(StringType())


def columns(*fields: tuple[str, DataType, bool]) -> StructType:
    """Name, type and whether it can be null."""
    return StructType([StructField(*field) for field in fields])


SCHEMAS = {
    "_community_table_metadata": columns(
        ("tableName", StringType(), False),
        ("primary_keys", NAMES, True),
        ("cursor_field", StringType(), True),
        ("ingestion_type", StringType(), True),
    ),
    "_community_tables": columns(("namespace", NAMES, False), ("tableName", StringType(), False)),
    "_community_namespaces": columns(("namespace", NAMES, False)),
    "_parley_coverage": columns(
        ("tableName", StringType(), False),
        ("partition", StringType(), False),
        ("state", StringType(), False),
        ("code", StringType(), True),
        ("message", StringType(), True),
        ("remedy", StringType(), True),
        ("until", TimestampType(), False),
    ),
}
RESERVED = "_community_"


class VirtualTable:
    def __init__(self, program: Program, name: str, options: Mapping[str, str]):
        self.program = program
        self.name = name
        self.options = plain_options(options)

    def schema(self) -> StructType:
        return SCHEMAS[self.name]

    def rows(self) -> Iterator[tuple]:
        """:raises OptionError: an option is not the JSON it has to be, or is not for a source without namespaces"""
        if self.name == "_community_table_metadata":
            return self._metadata()
        if self.name == "_community_tables":
            return self._tables()
        if self.name == "_community_namespaces":
            read_names(self.options, "namespacePrefix")
            return iter(())
        return self._coverage()

    def _metadata(self) -> Iterator[tuple]:
        names = read_names(self.options, "tableNameList") or []
        configs = read_configs(self.options, "tableConfigs")
        tables = [{"table": one, "options": texts(configs.get(one, {}))} for one in names]
        answer = self._ask({"op": "describe", "tables": tables}) if tables else {"tables": []}
        for one in answer["tables"]:
            yield one["name"], one["primary_keys"], one["cursor_field"], one["ingestion_type"]

    def _tables(self) -> Iterator[tuple]:
        if read_names(self.options, "namespace") is not None:
            raise OptionError(
                "PARLEY_OPTION_INVALID", "Option namespace: this source has no namespaces.", "Leave it out."
            )
        names = [one["name"] for one in self._ask({"op": "tables"})["tables"]]
        return iter([([], name) for name in sorted(names)])

    def _coverage(self) -> Iterator[tuple]:
        names = read_names(self.options, "tableNameList")
        configs = read_configs(self.options, "tableConfigs")
        if names is None:
            names = [one["name"] for one in self._ask({"op": "tables"})["tables"]]
        for name in names:
            answer = self._ask({"op": "coverage", "table": name}, texts(configs.get(name, {})))
            until = datetime.datetime.fromtimestamp(answer["until"] / 1000, datetime.timezone.utc)
            for one in answer["partitions"]:
                told = (one.get("code"), one.get("message"), one.get("remedy"))
                yield name, one["id"], one["state"], *told, until

    def _ask(self, request: dict[str, Any], options: Mapping[str, str] | None = None) -> dict[str, Any]:
        return ask(self.program, {**self.options, **(options or {})}, request)


class VirtualReader(DataSourceReader):
    """One partition, whatever the table."""

    def __init__(self, table: VirtualTable):
        self.table = table

    def partitions(self) -> list[InputPartition]:
        return [InputPartition(0)]

    def read(self, partition: InputPartition) -> Iterator[tuple]:
        return self.table.rows()


def texts(options: Mapping[str, Any]) -> dict[str, str]:
    """As Spark would hand them over."""
    return plain_options({name: value for name, value in options.items() if value is not None})


def virtual_table(program: Program, options: Mapping[str, str]) -> VirtualTable | None:
    """None: the options name a table of the source. :raises OptionError: a name of the interface that it does not have"""
    name = plain_options(options).get("tablename", "")
    if name in SCHEMAS:
        return VirtualTable(program, name, options)
    if name.startswith(RESERVED):
        raise OptionError(
            "PARLEY_TABLE_UNKNOWN",
            f"There is no table {name}.",
            f"Tables that describe the source are {', '.join(sorted(SCHEMAS))}.",
        )
    return None
