"""Rooms whose readers wait at a gate, so that a test can do something to them in the middle of their work."""

from __future__ import annotations

from conftest import Rooms
from driver_process import wait_until


class WaitingWorld:
    """Two rooms with four pages each."""

    TRUTH = sorted([room, str(i)] for room in "ab" for i in range(10))

    def __init__(self, rooms: Rooms, name: str):
        """:param name: of sink and checkpoint"""
        self.name, self.rooms, self.file = name, rooms, rooms.folder / f"gate_{name}"
        options = {key: value for key, value in rooms.options.items() if key != "tableName"}
        #: Of a stream into a sink of its own, and of a batch read.
        self.stream = {"table": "events", "name": name, **options}
        self.batch = {"table": "events", "columns": ["room", "id"], **options}
        for room, id in self.TRUTH:
            rooms.say(room, id, 100 + int(id), "x")

    def close(self, at: str) -> None:
        """:param at: `read`: in the middle of each room; `plan`: before there is a plan"""
        self.file.touch()
        self.rooms.show(1000, "ab", gate={"at": at, "file": str(self.file)})

    def open(self) -> None:
        self.file.unlink()

    def came(self, where: str) -> list[int]:
        """Processes that have come to the gate so far, with a room or `plan`."""
        return [int(one.suffix[1:]) for one in self.file.parent.glob(f"{self.file.name}.{where}.*")]

    def wait_for(self, where: str, known: tuple[int, ...] = ()) -> int:
        """A process at the gate that is not known yet."""
        wait_until(lambda: set(self.came(where)) - set(known), f"{where} comes to the gate")
        return (set(self.came(where)) - set(known)).pop()
