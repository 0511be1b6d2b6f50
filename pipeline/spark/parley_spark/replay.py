"""A replay that must pass nothing over: the window of a batch that was begun and not committed, read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import OptionError, ParleyError
from .offset import Offset, count_unlisted
from .table import Table

STRICT = "strict"
LENIENT = "lenient"


def is_lenient(table: Table) -> bool:
    """:raises OptionError: PARLEY_OPTION_INVALID"""
    said = table.options.get("replay", STRICT)
    if said not in (STRICT, LENIENT):
        raise OptionError(
            "PARLEY_OPTION_INVALID", f"Option replay is {said!r}.", f"Set it to {STRICT} (the default) or {LENIENT}."
        )
    return said == LENIENT


def check_replay(
    table: Table, end: Offset, listed: Mapping[str, Any], planned: list[dict[str, Any]], until: int
) -> None:
    """:raises ParleyError: PARLEY_REPLAY_INCOMPLETE when a partition of the window refuses or is not listed"""
    refused = table.probe(planned, until)
    unlisted = count_unlisted(end, listed)
    if not refused and not unlisted:
        return
    who = ", ".join(f"{one} ({told['code']})" for one, told in sorted(refused.items())[:5])
    raise ParleyError(
        "PARLEY_REPLAY_INCOMPLETE",
        f"A batch of {table.name} was begun and not committed, and cannot be read again whole: {len(refused)} of its "
        f"partitions refuse{': ' + who if who else ''}, {unlisted} are not listed.",
        "Start the query again when they answer. If they stay away, start it with the option replay set to lenient until "
        "it has ended once: their share of that batch is left out.",
        {"refused": {one: dict(told) for one, told in refused.items()}, "unlisted": unlisted},
    )
