"""What one run of a stream plans, without a Spark around it: the reader and its Node.js children are the real ones.

stdin: `{program, options, start}`, the offset of the checkpoint or null; stdout: see `plan_run`.
"""

from __future__ import annotations

import bisect
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline" / "spark"))

from parley_spark import Program
from parley_spark.errors import ParleyError
from parley_spark.log import log
from parley_spark.offset import MAX_OFFSET_BYTES, Offset, partition_hash
from parley_spark.stream_reader import WindowStreamReader
from parley_spark.streaming import ReadAllAvailable
from parley_spark.table import Table


class Said(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def plan_run(reader: WindowStreamReader, start: dict | None) -> dict[str, Any]:
    """As Spark calls a reader with the trigger AvailableNow: the window's end, its tasks, and the offset that closes it."""
    said = Said()
    log.addHandler(said)
    began = time.monotonic()
    try:
        reader.prepareForTriggerAvailableNow()
        start = reader.initialOffset() if start is None else start
        end = reader.latestOffset(start, ReadAllAvailable())
        planned = time.monotonic()
        tasks = reader.partitions(start, end)
        dealt = time.monotonic()
        closed = reader.latestOffset(end, ReadAllAvailable())
    except ParleyError as error:
        return {"error": {"code": error.code, "text": str(error)}, "seconds": time.monotonic() - began}
    return {
        "error": None,
        "seconds": planned - began,
        "deal_seconds": dealt - planned,
        "bytes": size_of(end),
        "windows": sum(len(task.windows) for task in tasks),
        "tasks": len(tasks),
        "closed": closed,
        "closed_bytes": size_of(closed),
        "room": room_after(Offset.parse(closed)),
        "warned": any("75 %" in line for line in said.lines),
    }


def size_of(offset: dict) -> int:
    return len(json.dumps(offset).encode())


def room_after(closed: Offset) -> int:
    """How many new partitions the next window takes until its offset is too large."""
    hashes = [partition_hash(f"new {index}") for index in range(MAX_OFFSET_BYTES // 8)]
    fits = lambda count: size_of(closed._replace(joined={None: frozenset(hashes[:count])}).to_dict())
    return bisect.bisect_right(range(len(hashes)), MAX_OFFSET_BYTES, key=fits) - 1


def main() -> None:
    setup = json.load(sys.stdin)
    program = Program.pack("microsoft_teams", Path(setup["program"]).read_bytes())
    reader = WindowStreamReader(Table(program, {**setup["options"], "tableName": "messages"}))
    print(json.dumps(plan_run(reader, setup["start"])))


if __name__ == "__main__":
    main()
