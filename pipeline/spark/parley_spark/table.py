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


class View(NamedTuple):
    """The API as it was when a run began: the ceiling in ms, this shard's partitions by id, and parents that refused."""

    until: int
    partitions: dict[str, dict[str, Any]]
    refused: dict[str, dict[str, Any]]


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
        return View(answer["until"], partitions, answer["refused"])

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
            "rate_share": 1 / (min(tasks, read_count(self.options, "concurrent_tasks", 4)) * streams),
            # A partition is read by one task of each stream.
            "partition_rate_share": 1 / streams,
        }
        return stream_batches(self.program, self.options, request)

    @property
    def shard(self) -> str | None:
        return parse_shard(self.options.get("shard"))
