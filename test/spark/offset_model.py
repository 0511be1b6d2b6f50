"""A model of Spark's micro-batches around the offset: what reached the sink, whatever crashed meanwhile."""

from __future__ import annotations

import json
from collections import defaultdict

from parley_spark.offset import Offset, Window, closing_offset, count_unlisted, next_offset, plan, to_probe


class Crash(Exception):
    """The process dies here."""


class Refused(Exception):
    """A task failed, and with it the query."""


class World:
    """The API: its clock, which partitions it lists and which it refuses."""

    def __init__(self):
        self.now = 100
        self.listed: set[str] = set()
        self.refused: set[str] = set()
        #: [since, until) that reached the sink, by partition.
        self.delivered: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def missing(self, partition: str, until: int) -> list[tuple[int, int]]:
        """Ranges of [0, until) that were never delivered."""
        gaps, reached = [], 0
        for since, end in sorted(self.delivered[partition]):
            if since > reached:
                gaps.append((reached, since))
            reached = max(reached, end)
        return [*gaps, (reached, until)] if reached < until else gaps


class Process:
    """One planning process: what it made and did is forgotten when it dies."""

    #: Reads when it plans, and passes nothing over in a replay.
    whole = False

    def __init__(self, world: World):
        self.world = world
        self.ceiling = world.now
        self.listed = sorted(world.listed)
        self.made: set[str] = set()
        self.own: str | None = None
        self.replayed = False

    def latest(self, start_text: str) -> str:
        start = Offset.parse(json.loads(start_text))
        first = self.own is None
        asked = to_probe(start, self.listed, first and (self.replayed or self.whole))
        refused = [one for one in asked if one in self.world.refused]
        end = next_offset(start, self.ceiling, self.listed, refused, first, self.whole)
        if end is None and self.own == start_text:
            end = closing_offset(start)
        if end is None:
            return start_text
        self.own = json.dumps(end.to_dict())
        self.made.add(self.own)
        return self.own

    def run(self, end_text: str) -> None:
        replay = end_text not in self.made
        self.replayed |= replay
        end = Offset.parse(json.loads(end_text))
        strict = not replay or end.whole
        if replay and strict and count_unlisted(end, self.listed):
            raise Refused("not listed")
        for window in plan(end, self.listed):
            if window.partition_id in self.world.refused:
                if strict:
                    raise Refused(window.partition_id)
            else:
                self.world.delivered[window.partition_id].append((window.since or 0, window.until))


class SimpleProcess(Process):
    """The planning process of Spark 4.0 and 4.1. A replay is not its own: it does not know of one."""

    whole = True

    def __init__(self, world: World):
        super().__init__(world)
        self.read: list[Window] = []

    def latest(self, start_text: str) -> str:
        # A trigger AvailableNow asks once.
        if self.own is not None:
            return start_text
        end_text = super().latest(start_text)
        if end_text != start_text:
            self.read = plan(Offset.parse(json.loads(end_text)), self.listed)
            self._fail_on_refusals(self.read)
        return end_text

    def run(self, end_text: str) -> None:
        windows = self.read
        if end_text not in self.made:
            end, listed = Offset.parse(json.loads(end_text)), sorted(self.world.listed)
            windows = plan(end, listed)
            self._fail_on_refusals(windows)
            if count_unlisted(end, listed):
                raise Refused("not listed")
        for window in windows:
            self.world.delivered[window.partition_id].append((window.since or 0, window.until))

    def _fail_on_refusals(self, windows: list[Window]) -> None:
        for window in windows:
            if window.partition_id in self.world.refused:
                raise Refused(window.partition_id)


class Spark:
    """The checkpoint, and the order in which Spark calls a source. `step` is called wherever a process may die."""

    def __init__(self, world: World, process: type[Process] = Process):
        self.world = world
        self.process = process
        self.offsets = [json.dumps(Offset().to_dict())]
        self.committed = 0

    def run(self, step=lambda _: None, max_batches: int = 10) -> bool:
        """One query with the trigger AvailableNow. True when it ended by itself."""
        process = self.process(self.world)
        try:
            step("start")
            if self.committed < len(self.offsets) - 1:
                self._batch(process, step)
            for _ in range(max_batches):
                end = process.latest(self.offsets[-1])
                if end == self.offsets[-1]:
                    return True
                step("planned")
                self.offsets.append(end)
                step("logged")
                self._batch(process, step)
            raise AssertionError("the query does not end")
        except (Crash, Refused):
            return False

    def _batch(self, process: Process, step) -> None:
        process.run(self.offsets[-1])
        step("stored")
        self.committed = len(self.offsets) - 1
        step("committed")
