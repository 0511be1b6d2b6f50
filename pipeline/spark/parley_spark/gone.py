"""Partitions that their complete list no longer shows: on their way to be gone, in two runs that find them absent."""

from __future__ import annotations

import datetime
import json

from .state import Line
from .table import Table, View

NOT_FOUND = "PARLEY_PARTITION_NOT_FOUND"
REMEDY = "Nothing, if it was deleted: the next run looks once more, and then leaves it alone."


def missing_lines(table: Table, view: View, held: dict[str, Line], run_id: str) -> list[Line]:
    """The new lines of what the list lacks; none where the list is not complete, for then its lack proves nothing."""
    if not view.complete:
        return []
    missing = [line for id, line in held.items() if id not in view.partitions and line.state != "gone"]
    partitions = [json.loads(line.params) for line in missing]
    again = [line.partition for line in missing if line.missing_since is not None]
    sightings = table.look(partitions, again)
    now = datetime.datetime.fromtimestamp(view.until / 1000, datetime.timezone.utc)
    return [_after_look(line, sightings[line.partition], now, run_id) for line in missing]


def _after_look(line: Line, sighting: str, now: datetime.datetime, run_id: str) -> Line:
    if sighting == "absent":
        told = (NOT_FOUND, f"{line.partition} is in no list any more, and was not found.", REMEDY)
        # One look proves nothing: lists and lookups lag in both directions.
        second = line.missing_since is not None and line.run_id != run_id
        state, since = ("gone" if second else "refused"), line.missing_since or now
    else:
        message = f"{line.partition} is in no list any more, and answers {sighting} when it is asked for."
        told = ("PARLEY_PARTITION_UNLISTED", message, "Look whether the application still has its rights there.")
        state, since = "refused", None
    code, message, remedy = told
    return line._replace(state=state, code=code, message=message, remedy=remedy, missing_since=since, run_id=run_id)
