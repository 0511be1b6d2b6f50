"""Deals windows out to Spark tasks."""

from __future__ import annotations

from typing import Any

from pyspark.sql.datasource import InputPartition

MAX_TASKS = 200
# As many as a child reads side by side.
WINDOWS_A_TASK = 32


class WindowTask(InputPartition):
    """The windows that one task reads, one after the other, what a refusal means in it, and how many tasks there are."""

    def __init__(self, windows: list[dict[str, Any]], refused: str, tasks: int):
        super().__init__(None)
        self.windows = windows
        self.refused = refused
        self.tasks = tasks


def default_tasks(windows: int, concurrent: int) -> int:
    """As many as run at once, or a multiple of it. Not a task a window: a task reads windows side by side while limits of
    single partitions hold it back, and so uses its share of the limit that all of them have in common.

    :param concurrent: how many run at the same time
    """
    rounds = -(-windows // (WINDOWS_A_TASK * concurrent))
    return min(MAX_TASKS, max(rounds, 1) * concurrent)


def deal(windows: list[dict[str, Any]], refused: str, max_tasks: int) -> list[WindowTask]:
    """At most `max_tasks` tasks, each with every n-th window: the same ones for the same windows."""
    count = min(len(windows), max_tasks)
    return [WindowTask(windows[first::count], refused, count) for first in range(count)]
