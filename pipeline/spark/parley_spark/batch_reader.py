"""Batch reads: every partition from the beginning up to one ceiling, drained to the end."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql.datasource import DataSourceReader, InputPartition

from .refusals import refused_error
from .table import Table
from .tasks import WindowTask, deal


class BatchReader(DataSourceReader):
    def __init__(self, table: Table):
        self.table = table

    def partitions(self) -> list[InputPartition]:
        view = self.table.plan()
        tells = self.table.tells_refusals
        if view.refused and not tells:
            raise refused_error(self.table.name, view.refused)
        windows = [{"partition": one, "since": None, "until": view.until} for one in view.partitions.values()]
        tasks = deal(windows, "tell" if tells else "fail", self.table.max_tasks(len(windows)))
        # Spark makes one partition of its own out of an empty list; ours says that it is empty.
        return tasks or [WindowTask([], "fail", 1)]

    def read(self, partition: WindowTask) -> Iterator[pa.RecordBatch]:
        if not partition.windows:
            return iter(())
        return self.table.read(partition.windows, partition.refused, partition.tasks)
