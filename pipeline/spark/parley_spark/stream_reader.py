"""The partitioned stream over a windowed table (Spark 4.2 and later, and runtimes that have its interface).

Spark calls everything but `read` on one instance in one process that lives as long as the query; the readers in
tasks are other instances, so all that a task has to know travels in its partition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql.datasource import DataSourceStreamReader, InputPartition

from .streaming import ReadAllAvailable, ReadLimit, SupportsTriggerAvailableNow
from .table import Table
from .tasks import WindowTask, deal
from .window_planner import WindowPlanner


class WindowStreamReader(DataSourceStreamReader, SupportsTriggerAvailableNow):
    def __init__(self, table: Table):
        self.table = table
        self.planner = WindowPlanner(table)

    def initialOffset(self) -> dict:
        return self.planner.initial()

    def getDefaultReadLimit(self) -> ReadLimit:
        return ReadAllAvailable()

    def prepareForTriggerAvailableNow(self) -> None:
        self.planner.plan_once()

    def latestOffset(self, start: dict, limit: ReadLimit) -> dict:
        return self.planner.latest(start)

    def reportLatestOffset(self) -> dict | None:
        return None if self.planner.last_made is None else json.loads(self.planner.last_made)

    def partitions(self, start: dict, end: dict) -> list[InputPartition]:
        windows, refused = self.planner.windows(end)
        return deal(windows, refused, self.table.max_tasks(len(windows)))

    def read(self, partition: WindowTask) -> Iterator[pa.RecordBatch]:
        return self.table.read(partition.windows, partition.refused, partition.tasks)
