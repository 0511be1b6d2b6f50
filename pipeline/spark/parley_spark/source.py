"""The DataSource over one bundled source."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.errors import PySparkNotImplementedError
from pyspark.sql import SparkSession
from pyspark.sql.datasource import (
    DataSource,
    DataSourceReader,
    DataSourceStreamReader,
    SimpleDataSourceStreamReader,
)
from pyspark.sql.types import StructType

from .batch_reader import BatchReader
from .errors import ParleyError
from .metadata_operation import MetadataOperation
from .operations import READ_TABLE, asked_operation, read_options
from .program import Program
from .schema import spark_schema
from .simple_reader import SimpleWindowReader
from .stream_reader import WindowStreamReader
from .streaming import HAS_PARTITIONED_STREAMS
from .table import Table
from .virtual_tables import VirtualReader, VirtualTable, virtual_table

#: The name that all sources share; the one registered last owns it.
FORMAT = "lakeflow_connect"


def register_source(spark: SparkSession, program: Program) -> None:
    """Registers the source as `lakeflow_connect` and under its own name, so that two live side by side."""
    for name in (FORMAT, program.name):
        spark.dataSource.register(source_class(program, name))


def source_class(program: Program, format_name: str = FORMAT) -> type[DataSource]:
    """A class of its own for every program: Spark keeps the class, and pickles it with what it captured."""

    class LakeflowSource(DataSource):
        def __init__(self, options: Mapping[str, str]):
            self.operation = asked_operation(options)
            self.table = asked_table(program, self.operation, options)

        @classmethod
        def name(cls) -> str:
            return format_name

        def schema(self) -> StructType:
            if isinstance(self.table, VirtualTable):
                return self.table.schema()
            return spark_schema(self.table.schema())

        def reader(self, schema: StructType) -> DataSourceReader:
            if isinstance(self.table, VirtualTable):
                return VirtualReader(self.table)
            return BatchReader(self.table)

        def streamReader(self, schema: StructType) -> DataSourceStreamReader:
            if not HAS_PARTITIONED_STREAMS:
                # Spark asks for the simple one then.
                raise PySparkNotImplementedError(
                    errorClass="NOT_IMPLEMENTED", messageParameters={"feature": "streamReader"}
                )
            return WindowStreamReader(streamed(self.table, self.operation))

        def simpleStreamReader(self, schema: StructType) -> SimpleDataSourceStreamReader:
            return SimpleWindowReader(streamed(self.table, self.operation))

    return LakeflowSource


def asked_table(program: Program, operation: str | None, options: Mapping[str, str]) -> Table | VirtualTable:
    """:raises OptionError: the options name no table, or one of the interface that it does not have"""
    if operation is not None and operation != READ_TABLE:
        return MetadataOperation(program, operation, options)
    own = options if operation is None else read_options(options)
    return virtual_table(program, own) or Table(program, own)


def streamed(table: Table | VirtualTable, operation: str | None) -> Table:
    """:raises ParleyError: PARLEY_STREAM_UNSUPPORTED"""
    if operation is not None:
        raise ParleyError(
            "PARLEY_STREAM_UNSUPPORTED",
            f"Operation {operation} has no stream.",
            "Ask with spark.read; a stream of a table leaves out the option operation.",
        )
    if isinstance(table, VirtualTable):
        raise ParleyError("PARLEY_STREAM_UNSUPPORTED", f"Table {table.name} has no stream.", "Read it with spark.read.")
    if table.options.get("isdeleteflow", "").strip().lower() == "true":
        # Live rows in their place would be deleted by whoever asked.
        raise ParleyError(
            "PARLEY_STREAM_UNSUPPORTED",
            f"Table {table.name} has no deletions apart from its rows.",
            "Leave out isDeleteFlow: what was deleted is marked in the rows themselves.",
        )
    return table
