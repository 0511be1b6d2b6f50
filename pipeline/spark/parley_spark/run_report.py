"""What the process that plans a stream tells whoever waits for the query: lines of JSON in a file on the machine of both."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from .log import log

PLANNED = "planned"
REFUSED = "refused"


def write_report(path: str | None, kind: str, told: Iterable[Any]) -> None:
    """:param path: None: nobody waits"""
    lines = [json.dumps({kind: one}) + "\n" for one in told]
    if path is None or not lines:
        return
    try:
        with open(path, "a", encoding="utf8") as report:
            report.writelines(lines)
    except OSError as error:
        # What is lost so is no reason to end a query.
        log.warning("parley the report cannot be written: %s", error)


def read_refused(path: str) -> dict[str, dict[str, Any]]:
    """Refusals by partition."""
    return {one.pop("partition"): one for one in _read_report(path, REFUSED)}


def read_planned(path: str) -> list[dict[str, Any]]:
    """Partitions whose windows were read, or are about to be."""
    return _read_report(path, PLANNED)


def _read_report(path: str, kind: str) -> list[dict[str, Any]]:
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf8") as report:
        return [line[kind] for line in map(json.loads, report) if kind in line]
