"""What to say when the API refuses a part of a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import ParleyError
from .log import log
from .run_report import REFUSED, write_report

Refusals = Mapping[str, Mapping[str, Any]]


def warn_refused(refused: Refusals, report: str | None = None) -> None:
    """:param report: a file to which they are written as well, for who waits for the query"""
    for one, refusal in refused.items():
        log.warning("parley %s", json.dumps({"type": "partition_refused", "partition": one, **refusal}))
    write_report(report, REFUSED, ({"partition": one, **refusal} for one, refusal in refused.items()))


def refused_error(table: str, refused: Refusals) -> ParleyError:
    """A list that lacks what lies below these would look whole to whoever deletes what it lacks."""
    first, refusal = next(iter(refused.items()))
    more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
    return ParleyError(
        str(refusal["code"]),
        f"Table {table}: {first}{more}: {refusal['message']}",
        str(refusal.get("remedy", "")),
        {"refused": {one: dict(told) for one, told in refused.items()}},
    )


def all_refused_error(table: str, refused: Refusals) -> ParleyError:
    return ParleyError(
        "PARLEY_PARTITIONS_REFUSED",
        f"The API refused all {len(refused)} partitions of {table}.",
        str(next(iter(refused.values())).get("remedy") or "Grant the missing permission."),
        {"codes": sorted({str(one["code"]) for one in refused.values()})},
    )
