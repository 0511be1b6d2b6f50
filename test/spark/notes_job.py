"""A job over notes, as the tests of the SQL want it, and the facts that come with rows."""

from __future__ import annotations

from typing import Any

from parley_spark.target import Job

FACTS = (
    "_parley struct<kind: string, partition: string, hash: string, order: bigint, generation: bigint, fills: boolean>"
)


def notes_job(scd_type: str, sequence_by: str, hashed: list[str], **more: Any) -> Job:
    """:param more: volatile, soft_delete"""
    usual = {"destination": {}, "cluster_by": [], "options": {}, "volatile": {}, "soft_delete": None}
    keys = {"primary_keys": ["id"], "table_keys": ["id"]}
    told = {
        "source_table": "notes",
        "scd_type": scd_type,
        "sequence_by": sequence_by,
        "windowed": True,
        "hashed": hashed,
    }
    return Job(**{**usual, **keys, **told, **more})
