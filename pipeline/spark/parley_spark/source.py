"""The DataSource over one bundled source."""

from __future__ import annotations

from pyspark.sql.datasource import DataSource, DataSourceReader, DataSourceStreamReader
from pyspark.sql.types import StructType

from .batch_reader import BatchReader
from .schema import spark_schema
from .stream_reader import WindowStreamReader
from .table import Table


def source_class(bundle: str, format_name: str = "lakeflow_connect") -> type[DataSource]:
    """A class of its own for every bundle: Spark keeps the class, and pickles it with what it captured."""

    class LakeflowSource(DataSource):
        def __init__(self, options: dict[str, str]):
            self.table = Table(bundle, options)

        @classmethod
        def name(cls) -> str:
            return format_name

        def schema(self) -> StructType:
            return spark_schema(self.table.schema())

        def reader(self, schema: StructType) -> DataSourceReader:
            return BatchReader(self.table)

        def streamReader(self, schema: StructType) -> DataSourceStreamReader:
            return WindowStreamReader(self.table)

    return LakeflowSource
