"""The offset of a windowed stream, and what a plan between two of them reads. Pure functions.

`t` is the ceiling up to which time was read, `prev` the beginning of the window that ends at `t`. Partitions
appear by an 8-byte hash of their id, in three states:

* `known`: read up to `prev`, and in this window [prev, t);
* `joined`: read in this window from a start of their own, because they are new or were behind;
* `behind`: refused; read up to their own start and not in this window.

Everything a window reads follows from the one offset that ends it, so a replay, in whatever process, reads the
same windows; and a process that dies right after a replay leaves nothing that the next one would not know.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .errors import ParleyError

VERSION = 1
HASH_BYTES = 8
MAX_OFFSET_BYTES = 64 * 1024
# In place of a start: from the beginning.
BEGINNING = "begin"

Hashes = frozenset[bytes]


def partition_hash(partition_id: str) -> bytes:
    """Among 100,000 partitions two share a hash with a chance of about 3 in 10 billion."""
    return hashlib.sha256(partition_id.encode()).digest()[:HASH_BYTES]


# No dataclass: those look their module up, and a file that was only executed has none.
class Offset(NamedTuple):
    t: int = 0
    prev: int = 0
    known: Hashes = frozenset()
    #: Start in ms, or None for the beginning.
    joined: Mapping[int | None, Hashes] = {}
    behind: Mapping[int, Hashes] = {}
    #: `i/n` when the stream reads the i-th of n shares of the partitions.
    shard: str | None = None
    #: No replay passes anything over, so that no later process has to look at the window again.
    whole: bool = False

    @property
    def closed(self) -> bool:
        """The window was planned and read whole by one process: nothing of it has to be looked at again."""
        return self.prev == self.t and not self.joined

    def to_dict(self) -> dict[str, Any]:
        """The JSON that Spark keeps. Spark compares it as text, so the order of keys never varies."""
        text: dict[str, Any] = {
            "v": VERSION,
            "t": self.t,
            "prev": self.prev,
            "known": _encode(self.known),
            "behind": {str(start): _encode(self.behind[start]) for start in sorted(self.behind)},
        }
        if self.joined:
            starts = sorted(self.joined, key=lambda start: -1 if start is None else start)
            text["joined"] = {_start_text(start): _encode(self.joined[start]) for start in starts}
        if self.shard is not None:
            text["shard"] = self.shard
        if self.whole:
            text["whole"] = True
        return text

    @staticmethod
    def parse(text: Mapping[str, Any]) -> Offset:
        """Reads an offset of a checkpoint; `{}` is the beginning.

        :raises ParleyError: PARLEY_OFFSET_INVALID for anything else that this release did not write
        """
        if not text:
            return Offset()
        if "deltaLinks" in text or "cursor" in text:
            raise ParleyError(
                "PARLEY_OFFSET_FOREIGN",
                "The checkpoint was written by the original connector; its offsets say nothing about windows of time.",
                "Start the query with a new checkpoint; keep the target table. The Spark page of the documentation says what "
                "becomes of rows that are there: docs/spark.md#coming-from-the-original-connector.",
                {"keys": sorted(text)},
            )
        try:
            if text["v"] != VERSION:
                raise ValueError(f"version {text['v']}")
            return Offset(
                t=_instant(text["t"]),
                prev=_instant(text["prev"]),
                known=_decode(text["known"]),
                joined={_parse_start(start): _decode(hashes) for start, hashes in text.get("joined", {}).items()},
                behind={_instant(int(start)): _decode(hashes) for start, hashes in text["behind"].items()},
                shard=text.get("shard"),
                whole=text.get("whole") is True,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ParleyError(
                "PARLEY_OFFSET_INVALID",
                f"The checkpoint holds an offset that this release cannot read ({error}).",
                "Use the release that wrote the checkpoint or a later one, or start with a new checkpoint.",
            ) from error


class Window(NamedTuple):
    """[since, until) of one partition, in ms; `since` None: from the beginning. The feed adds its lookback."""

    partition_id: str
    since: int | None
    until: int


def to_probe(start: Offset, discovered: Iterable[str], ask_all: bool) -> list[str]:
    """Partitions that have to be asked whether they answer before the next window is fixed.

    Known ones were read by this process's own tasks, which fail on a refusal; after a replay, which passes over
    refusals, that is not known of any.
    """
    settled = _settled(start)
    return [one for one in discovered if ask_all or partition_hash(one) not in settled]


def unmentioned(start: Offset, discovered: Iterable[str]) -> list[str]:
    """Partitions that no window has read and none has passed over: they are new."""
    mentioned = _mentioned(start)
    return [one for one in discovered if partition_hash(one) not in mentioned]


def next_offset(
    start: Offset,
    ceiling: int,
    discovered: Iterable[str],
    refused: Iterable[str],
    first_plan: bool,
    whole: bool = False,
) -> Offset | None:
    """The offset that ends the next window, or None when there is nothing to read.

    :param discovered: ids of the partitions that the API lists now
    :param refused: those of them that do not answer
    :param first_plan: the first plan of a process reads the window before again, unless it was closed or is whole: a
        replay may have passed over refusals in it
    :param whole: what the new offset says of itself
    """
    first_plan = first_plan and not start.whole
    t = max(start.t, ceiling)
    since = start.prev if first_plan else start.t
    moves = _Moves(since)
    listed = {partition_hash(one) for one in discovered}
    answering = listed - {partition_hash(one) for one in refused}
    for one in start.known:
        moves.keep(one) if one in answering else moves.leave(one, since)
    for begin, hashes in start.joined.items():
        for one in hashes:
            if first_plan:
                moves.join(one, begin) if one in answering else moves.leave(one, begin)
            else:
                moves.keep(one) if one in answering else moves.leave(one, since)
    for begin, hashes in start.behind.items():
        for one in hashes:
            moves.join(one, begin) if one in answering else moves.leave(one, begin)
    for one in answering - _mentioned(start):
        moves.join(one, None)
    if not moves.joined and (t == start.t or not moves.known):
        return None
    end = Offset(t, since, frozenset(moves.known), _freeze(moves.joined), _freeze(moves.behind), start.shard, whole)
    return None if end == start else end


def closing_offset(start: Offset) -> Offset | None:
    """The offset after a window whose tasks all went well, so that the next process does not read it again."""
    if start.closed or start.whole:
        return None
    return start._replace(prev=start.t, known=start.known.union(*start.joined.values()), joined={})


def plan(end: Offset, discovered: Iterable[str]) -> list[Window]:
    """What the window that ends at `end` reads, in the order of `discovered`. Needs no other offset."""
    starts = _starts(end)
    windows = [(one, partition_hash(one)) for one in discovered]
    return [Window(one, starts[digest], end.t) for one, digest in windows if digest in starts]


def count_unlisted(end: Offset, discovered: Iterable[str]) -> int:
    """How many partitions of the window that ends at `end` nobody lists now."""
    return len(_starts(end).keys() - {partition_hash(one) for one in discovered})


def check_size(text: str) -> bool:
    """True when the offset's text is above 75 % of what a checkpoint takes.

    :raises ParleyError: above all of it
    """
    size = len(text.encode())
    if size > MAX_OFFSET_BYTES:
        raise ParleyError(
            "PARLEY_OFFSET_TOO_LARGE",
            f"The stream's offset would take {size} bytes; {MAX_OFFSET_BYTES} are allowed.",
            "Read the table by several streams, each with the option shard: i/n and a checkpoint of its own.",
            {"bytes": size},
        )
    return size > MAX_OFFSET_BYTES * 3 // 4


class _Moves:
    """Where every partition goes in the next offset; each appears once."""

    def __init__(self, since: int):
        self.since = since
        self.known: set[bytes] = set()
        self.joined: dict[int | None, set[bytes]] = {}
        self.behind: dict[int | None, set[bytes]] = {}

    def keep(self, one: bytes) -> None:
        self.known.add(one)

    def join(self, one: bytes, begin: int | None) -> None:
        # One that goes on where the window begins anyway needs no start of its own.
        if begin == self.since:
            self.known.add(one)
        else:
            self.joined.setdefault(begin, set()).add(one)

    def leave(self, one: bytes, begin: int | None) -> None:
        # What was never read is forgotten: it is new again when it answers.
        if begin is not None:
            self.behind.setdefault(begin, set()).add(one)


def _starts(end: Offset) -> dict[bytes, int | None]:
    starts: dict[bytes, int | None] = {one: begin for begin, hashes in end.joined.items() for one in hashes}
    if end.prev < end.t:
        starts.update(dict.fromkeys(end.known, end.prev))
    return starts


def _settled(offset: Offset) -> Hashes:
    return offset.known.union(*offset.joined.values())


def _mentioned(offset: Offset) -> Hashes:
    return _settled(offset).union(*offset.behind.values())


def _freeze(groups: Mapping[Any, set[bytes]]) -> dict[Any, Hashes]:
    return {begin: frozenset(hashes) for begin, hashes in groups.items()}


def _encode(hashes: Hashes) -> str:
    return base64.b64encode(b"".join(sorted(hashes))).decode()


def _decode(text: str) -> Hashes:
    joined = base64.b64decode(text, validate=True)
    if len(joined) % HASH_BYTES:
        raise ValueError("hashes are cut")
    return frozenset(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))


def _start_text(start: int | None) -> str:
    return BEGINNING if start is None else str(start)


def _parse_start(text: str) -> int | None:
    return None if text == BEGINNING else _instant(int(text))


def _instant(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a time")
    return value
