"""The partitioned stream over a windowed table (Spark 4.2 and later).

Spark calls everything but `read` on one instance in one process that lives as long as the query; the readers in
tasks are other instances, so all that a task has to know travels in its partition.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql.datasource import DataSourceStreamReader, InputPartition
from pyspark.sql.streaming.datasource import ReadLimit, SupportsTriggerAvailableNow

from .errors import ParleyError
from .offset import Offset, check_size, closing_offset, next_offset, plan, to_probe
from .options import read_count
from .shard import check_shard
from .table import Table, View
from .tasks import WindowTask, deal

MIN_POLL_SECONDS = 900

log = logging.getLogger("parley")


class WindowStreamReader(DataSourceStreamReader, SupportsTriggerAvailableNow):
    def __init__(self, table: Table):
        self.table = table
        self.view: View | None = None
        #: A view serves one plan: what a run reads is fixed when it begins.
        self.view_used = False
        self.viewed_at = 0.0
        self.available_now = False
        #: Texts of the offsets that this process made: a plan that ends at any other is a replay.
        self.made: set[str] = set()
        self.last_made: str | None = None
        self.replayed = False

    def initialOffset(self) -> dict:
        return Offset(shard=self.table.shard).to_dict()

    def prepareForTriggerAvailableNow(self) -> None:
        self.available_now = True
        self._look()

    def latestOffset(self, start: dict, limit: ReadLimit) -> dict:
        offset = Offset.parse(start)
        check_shard(offset, self.table.shard)
        view = self._unused_view()
        end = None if view is None else self._next(offset, view)
        if end is None and json.dumps(start) == self.last_made:
            end = closing_offset(offset)
        # Nothing to do: the very text that Spark gave, so that it sees no progress.
        return start if end is None else self._remember(end)

    def reportLatestOffset(self) -> dict | None:
        return None if self.last_made is None else json.loads(self.last_made)

    def partitions(self, start: dict, end: dict) -> list[InputPartition]:
        replay = json.dumps(end) not in self.made
        self.replayed |= replay
        listed = (self.view or self._look()).partitions
        windows = [
            {"partition": listed[one.partition_id], "since": one.since, "until": one.until}
            for one in plan(Offset.parse(end), listed)
        ]
        log.warning("parley plan %s", json.dumps({"replay": replay, "windows": len(windows), "t": end.get("t")}))
        return deal(windows, "skip" if replay else "fail", read_count(self.table.options, "max_tasks", 200))

    def read(self, partition: WindowTask) -> Iterator[pa.RecordBatch]:
        return self.table.read(partition.windows, partition.refused)

    def _unused_view(self) -> View | None:
        """What the next window is planned from; None: this trigger, or this poll, has planned all it may."""
        if self.view is None:
            self._look()
        elif self.view_used:
            pause = read_count(self.table.options, "min_poll_seconds", MIN_POLL_SECONDS)
            if self.available_now or time.monotonic() - self.viewed_at < pause:
                return None
            self._look()
        self.view_used = True
        return self.view

    def _look(self) -> View:
        self.view = self.table.plan(windowed=True)
        self.view_used = False
        self.viewed_at = time.monotonic()
        return self.view

    def _next(self, start: Offset, view: View) -> Offset | None:
        listed = view.partitions
        first = self.last_made is None
        asked = to_probe(start, listed, after_replay=first and self.replayed)
        refused = self.table.probe([listed[one] for one in asked], view.until)
        for one, refusal in refused.items():
            log.warning("parley %s", json.dumps({"type": "partition_refused", "partition": one, **refusal}))
        if refused and len(refused) == len(listed):
            raise ParleyError(
                "PARLEY_PARTITIONS_REFUSED",
                f"The API refused all {len(listed)} partitions of {self.table.name}.",
                next(iter(refused.values())).get("remedy", "Grant the missing permission."),
                {"codes": sorted({one["code"] for one in refused.values()})},
            )
        return next_offset(start, view.until, listed, refused, first)

    def _remember(self, end: Offset) -> dict:
        text = end.to_dict()
        self.last_made = json.dumps(text)
        self.made.add(self.last_made)
        if check_size(self.last_made):
            log.warning("parley the offset of %s takes more than 75 %% of its bound; see option shard", self.table.name)
        return text
