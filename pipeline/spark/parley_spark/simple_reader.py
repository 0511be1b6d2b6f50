"""The stream of Spark 4.0 and 4.1: the same windows and offsets, read by the planning process itself.

Spark keeps the rows of a micro-batch in that one process, so only so many new partitions join in a window.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql.datasource import SimpleDataSourceStreamReader

from .options import read_count
from .table import Table
from .window_planner import WindowPlanner

NEW_AT_ONCE = 8


class SimpleWindowReader(SimpleDataSourceStreamReader):
    def __init__(self, table: Table):
        self.table = table
        self.planner = WindowPlanner(table, read_count(table.options, "new_partitions_per_batch", NEW_AT_ONCE))

    def initialOffset(self) -> dict:
        return self.planner.initial()

    def prepareForTriggerAvailableNow(self) -> None:
        self.planner.plan_once()

    def read(self, start: dict) -> tuple[Iterator[pa.RecordBatch], dict]:
        end = self.planner.latest(start)
        # Rows with an offset that has not moved would end the query; so would an iterator that cannot be copied.
        return (iter(()) if end == start else self._rows(end)), end

    def readBetweenOffsets(self, start: dict, end: dict) -> Iterator[pa.RecordBatch]:
        return self._rows(end)

    def commit(self, end: dict) -> None:
        pass

    def _rows(self, end: dict) -> Iterator[pa.RecordBatch]:
        windows, refused = self.planner.windows(end)
        return iter(list(self.table.read(windows, refused)) if windows else [])
