"""Batch reads: every partition from the beginning up to one ceiling, drained to the end."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql.datasource import DataSourceReader, InputPartition

from .table import Table
from .tasks import WindowTask, deal


class BatchReader(DataSourceReader):
    def __init__(self, table: Table):
        self.table = table

    def partitions(self) -> list[InputPartition]:
        view = self.table.plan()
        windows = [{"partition": one, "since": None, "until": view.until} for one in view.partitions.values()]
        # Spark makes one partition of its own out of an empty list; ours says that it is empty.
        return deal(windows, "fail") or [WindowTask([], "fail")]

    def read(self, partition: WindowTask) -> Iterator[pa.RecordBatch]:
        if not partition.windows:
            return iter(())
        return self.table.read(partition.windows, partition.refused)
