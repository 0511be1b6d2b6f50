"""Plans the windows of a stream. One lives in the process that plans a query, as long as the query."""

from __future__ import annotations

import json
import time
from typing import Any

from .log import log
from .offset import Offset, check_size, closing_offset, next_offset, plan, to_probe, unmentioned
from .options import read_count
from .refusals import all_refused_error, warn_refused
from .replay import check_replay, is_lenient
from .run_report import PLANNED, write_report
from .shard import check_shard
from .table import Table, View

MIN_POLL_SECONDS = 900


class WindowPlanner:
    def __init__(self, table: Table, new_at_once: int | None = None):
        """:param new_at_once: so many new partitions join in one window, where its rows have to fit into memory"""
        self.table = table
        self.new_at_once = new_at_once
        #: Spark 4.0 and 4.1 plan one window a run and close none.
        self.whole = new_at_once is not None
        self.report = table.options.get("parley_report")
        self.view: View | None = None
        #: A view serves one plan: what a run reads is fixed when it begins.
        self.view_used = False
        self.viewed_at = 0.0
        self.available_now = False
        #: Texts of the offsets that this process made: a plan that ends at any other is a replay.
        self.made: set[str] = set()
        self.last_made: str | None = None
        self.replayed = False
        #: Partitions that refused since the API was looked at.
        self.refused: dict[str, dict[str, Any]] = {}

    def initial(self) -> dict:
        return Offset(shard=self.table.shard).to_dict()

    def plan_once(self) -> None:
        """What comes after the first look is of another run. Spark cannot end this process while it is told so, but while it
        asks for an offset or a plan: the look waits for those, for it can take long."""
        self.available_now = True

    def latest(self, start: dict) -> dict:
        """Where the next window ends; the very text of the start when there is nothing to do, so that Spark sees no progress."""
        offset = Offset.parse(start)
        check_shard(offset, self.table.shard)
        view = self._unused_view()
        end = None if view is None else self._next(offset, view)
        # All that were let in refused: the view still serves for others.
        while end is None and not self.view_used:
            end = self._next(offset, view)
        if end is None and json.dumps(start) == self.last_made:
            end = closing_offset(offset)
        return start if end is None else self._remember(end)

    def windows(self, end: dict) -> tuple[list[dict[str, Any]], str]:
        """What the window that ends there reads, and what a refusal means in it: `fail`, or `skip` in a replay of an
        offset that does not promise to be whole."""
        offset = Offset.parse(end)
        replay = json.dumps(end) not in self.made
        self.replayed |= replay
        view = self.view or self.look()
        windows = [
            {"partition": view.partitions[one.partition_id], "since": one.since, "until": one.until}
            for one in plan(offset, view.partitions)
        ]
        write_report(self.report, PLANNED, (one["partition"] for one in windows))
        log.warning("parley plan %s", json.dumps({"replay": replay, "windows": len(windows), "t": end.get("t")}))
        strict = offset.whole and not is_lenient(self.table)
        if replay and strict:
            check_replay(self.table, offset, view.partitions, [one["partition"] for one in windows], view.until)
        return windows, "skip" if replay and not strict else "fail"

    def look(self) -> View:
        self.view = self.table.plan(windowed=True)
        self.view_used = False
        self.refused = {}
        self.viewed_at = time.monotonic()
        warn_refused(self.view.refused, self.report)
        return self.view

    def _unused_view(self) -> View | None:
        """What the next window is planned from; None: this trigger, or this poll, has planned all it may."""
        if self.view is None:
            self.look()
        elif self.view_used:
            pause = read_count(self.table.options, "min_poll_seconds", MIN_POLL_SECONDS)
            if self.available_now or time.monotonic() - self.viewed_at < pause:
                return None
            self.look()
        self.view_used = True
        return self.view

    def _next(self, start: Offset, view: View) -> Offset | None:
        first = self.last_made is None
        listed = self._listed(start, view)
        # The reader of whole windows reads in this very process: a refusal leaves no offset, so the next process has to ask.
        asked = to_probe(start, listed, ask_all=first and (self.replayed or self.whole))
        refused = self.table.probe([listed[one] for one in asked], view.until)
        warn_refused(refused, self.report)
        self.refused.update(refused)
        if refused and len(self.refused) == len(view.partitions):
            raise all_refused_error(self.table.name, self.refused)
        return next_offset(start, view.until, listed, refused, first, self.whole)

    def _listed(self, start: Offset, view: View) -> dict[str, dict[str, Any]]:
        """What the next window is planned from: all there is, or with so many of the new partitions that may join at once."""
        if self.new_at_once is None:
            return view.partitions
        # What refused is not asked again for the others' windows.
        answering = {one: part for one, part in view.partitions.items() if one not in self.refused}
        later = set(unmentioned(start, answering)[self.new_at_once :])
        self.view_used = not later
        if later:
            log.warning("parley %d new partitions of %s wait for the next batch", len(later), self.table.name)
        return {one: part for one, part in answering.items() if one not in later}

    def _remember(self, end: Offset) -> dict:
        text = end.to_dict()
        self.last_made = json.dumps(text)
        self.made.add(self.last_made)
        if check_size(self.last_made):
            log.warning("parley the offset of %s takes more than 75 %% of its bound; see option shard", self.table.name)
        return text
