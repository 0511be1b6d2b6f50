"""One table of the bundled source, as the readers use it. Holds texts only, so it goes wherever Spark sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from .child import ask, ask_schema, stream_batches
from .errors import ParleyError
from .options import read_count
from .shard import of_shard, parse_shard


@dataclass
class View:
    """The API as it was when a run began: the ceiling in ms, and this shard's partitions by id."""

    until: int
    partitions: dict[str, dict[str, Any]]


class Table:
    def __init__(self, bundle: str, options: Mapping[str, str]):
        self.bundle = bundle
        # Spark's own dictionary lower-cases its keys; a plain one is pickled without surprises.
        self.options = {str(key).lower(): str(value) for key, value in dict(options).items()}
        name = self.options.get("tablename")
        if not name:
            raise ParleyError(
                "PARLEY_OPTION_MISSING", "Option tableName is required.", 'Add .option("tableName", "<table>").'
            )
        self.name = name

    def schema(self) -> pa.Schema:
        return ask_schema(self.bundle, self.options, self.name)

    def metadata(self) -> dict[str, Any]:
        return ask(self.bundle, self.options, {"op": "metadata", "table": self.name})

    def plan(self, windowed: bool = False) -> View:
        """What there is to read now.

        :raises ParleyError: PARLEY_STREAM_UNSUPPORTED when windows are wanted of a table that has none
        """
        answer = ask(self.bundle, self.options, {"op": "plan", "table": self.name})
        if windowed and not answer["windowed"]:
            raise ParleyError(
                "PARLEY_STREAM_UNSUPPORTED",
                f"Table {self.name} is listed whole every time, so it has no stream.",
                "Read it with spark.read.",
            )
        return View(answer["until"], {one["id"]: one for one in of_shard(answer["partitions"], self.shard)})

    def probe(self, partitions: list[dict[str, Any]], until: int) -> dict[str, dict[str, Any]]:
        """Refusals by partition id."""
        if not partitions:
            return {}
        request = {"op": "probe", "table": self.name, "partitions": partitions, "until": until}
        return ask(self.bundle, self.options, request)["refused"]

    def read(self, windows: list[dict[str, Any]], refused: str) -> Iterator[pa.RecordBatch]:
        streams = read_count(self.options, "concurrent_streams", 1)
        request = {
            "op": "read",
            "table": self.name,
            "windows": windows,
            "refused": refused,
            "rate_share": 1 / (read_count(self.options, "concurrent_tasks", 4) * streams),
            # A partition is read by one task of each stream.
            "partition_rate_share": 1 / streams,
        }
        return stream_batches(self.bundle, self.options, request)

    @property
    def shard(self) -> str | None:
        return parse_shard(self.options.get("shard"))
