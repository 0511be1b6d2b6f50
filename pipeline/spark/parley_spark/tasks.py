"""Deals windows out to Spark tasks."""

from __future__ import annotations

from typing import Any

from pyspark.sql.datasource import InputPartition

MAX_TASKS = 200


class WindowTask(InputPartition):
    """The windows that one task reads, one after the other, what a refusal means in it, and how many tasks there are."""

    def __init__(self, windows: list[dict[str, Any]], refused: str, tasks: int):
        super().__init__(None)
        self.windows = windows
        self.refused = refused
        self.tasks = tasks


def deal(windows: list[dict[str, Any]], refused: str, max_tasks: int = MAX_TASKS) -> list[WindowTask]:
    """At most `max_tasks` tasks, each with every n-th window: the same ones for the same windows."""
    count = min(len(windows), max_tasks)
    return [WindowTask(windows[first::count], refused, count) for first in range(count)]
