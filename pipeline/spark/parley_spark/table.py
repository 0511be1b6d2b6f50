"""One table of the bundled source, as the readers use it. Holds texts and bytes only, so it goes wherever Spark sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa

from .child import ask, ask_schema, stream_batches
from .errors import OptionError, ParleyError
from .options import plain_options, read_count
from .program import Program
from .shard import of_shard, parse_shard
from .tasks import default_tasks

CONCURRENT_TASKS = 4


class View(NamedTuple):
    """The API as it was when a run began: the ceiling in ms, this shard's partitions by id, and parents that refused."""

    until: int
    partitions: dict[str, dict[str, Any]]
    refused: dict[str, dict[str, Any]]
    #: Nothing is left out by an option, a shard or a refusal: what it lacks can be on its way to be gone.
    complete: bool
    #: What a listing of a partition lacks can be asked for, row by row.
    asks_for_rows: bool


class Table:
    def __init__(self, program: Program, options: Mapping[str, str]):
        self.program = program
        self.options = plain_options(options)
        name = self.options.get("tablename")
        if not name:
            raise OptionError(
                "PARLEY_OPTION_MISSING", "Option tableName is required.", 'Add .option("tableName", "<table>").'
            )
        self.name = name

    def schema(self) -> pa.Schema:
        return ask_schema(self.program, self.options, self.name)

    def plan(self, windowed: bool = False) -> View:
        """What there is to read now.

        :raises ParleyError: PARLEY_STREAM_UNSUPPORTED when windows are wanted of a table that has none
        """
        answer = ask(self.program, self.options, {"op": "plan", "table": self.name})
        if windowed and not answer["windowed"]:
            raise ParleyError(
                "PARLEY_STREAM_UNSUPPORTED",
                f"Table {self.name} is listed whole every time, so it has no stream.",
                "Read it with spark.read, in a spec as SCD_TYPE_1 or SCD_TYPE_2.",
            )
        partitions = {one["id"]: one for one in of_shard(answer["partitions"], self.shard)}
        complete = answer["complete"] and not answer["refused"] and self.shard is None
        return View(answer["until"], partitions, answer["refused"], complete, answer["asks_for_rows"])

    def probe(self, partitions: list[dict[str, Any]], until: int) -> dict[str, dict[str, Any]]:
        """Refusals by partition id."""
        if not partitions:
            return {}
        request = {"op": "probe", "table": self.name, "partitions": partitions, "until": until}
        return ask(self.program, self.options, request)["refused"]

    def read(self, windows: list[dict[str, Any]], refused: str, tasks: int = 1) -> Iterator[pa.RecordBatch]:
        """:param tasks: how many of these reads Spark may run at the same time, each with a share of the limits"""
        streams = read_count(self.options, "concurrent_streams", 1)
        request = {
            "op": "read",
            "table": self.name,
            "windows": windows,
            "refused": refused,
            "rate_share": 1 / (min(tasks, self.concurrent_tasks) * streams),
            # A partition is read by one task of each stream.
            "partition_rate_share": 1 / streams,
        }
        return stream_batches(self.program, self.options, request)

    def look(self, partitions: list[dict[str, Any]], again: list[str]) -> dict[str, str]:
        """`present`, `absent` or `refused` by partition id. :param again: those that an earlier look found absent"""
        if not partitions:
            return {}
        request = {"op": "look", "table": self.name, "partitions": partitions, "again": again}
        return ask(self.program, self.options, request)["sightings"]

    def look_at_keys(self, keys: list[str], columns: list[str], seed: int, narrowed: bool) -> dict[str, list[str]]:
        """Which rows that a listing lacks are `absent`, and which are `kept`. Keys as JSON lists of the columns' values."""
        request = {
            "op": "look_at_keys",
            "table": self.name,
            "keys": keys,
            "columns": columns,
            "seed": str(seed),
            "narrowed": narrowed,
        }
        return ask(self.program, self.options, request)

    @property
    def tells_refusals(self) -> bool:
        """Whoever reads takes refusals as lines among the rows, so that they end nothing."""
        return self.options.get("parley_refusals") == "tell"

    @property
    def concurrent_tasks(self) -> int:
        return read_count(self.options, "concurrent_tasks", CONCURRENT_TASKS)

    def max_tasks(self, windows: int) -> int:
        return read_count(self.options, "max_tasks", default_tasks(windows, self.concurrent_tasks))

    @property
    def shard(self) -> str | None:
        return parse_shard(self.options.get("shard"))
