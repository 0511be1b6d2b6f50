"""Rows that the API no longer shows, of tables whose rows are marked then and not removed."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession

from .apply import Changes, apply_rows
from .sql import first_of, quote, quote_all, same_key
from .staged import Staged
from .target import END_AT, Target
from .views import views

# Content of a row that is marked as deleted: no row that is read has it, so one that comes back is a change.
DELETED = "deleted"


def apply_deletions(spark: SparkSession, target: Target, staged: Staged, ranges: DataFrame) -> Changes:
    """Marks what the table holds in ranges that pages showed whole, and the staged rows lack.

    :param ranges: scope, after, up_to (decimal texts) and at (ms since 1970): `FeedPage.scanned`
    """
    soft = target.job.soft_delete
    if soft is None or ranges.isEmpty():
        return Changes()
    with views(spark, rows=staged.rows, ranges=ranges) as seen:
        lost = spark.sql(_lost(target, soft, seen.rows, seen.ranges)).localCheckpoint(eager=True)
        if lost.isEmpty():
            return Changes()
        with views(spark, lost=lost) as found:
            marked = spark.sql(_marked(target, soft, found.lost)).localCheckpoint(eager=True)
    marks = apply_rows(spark, target, marked)
    return Changes(0, 0, marks.inserted + marks.updated)


def _lost(target: Target, soft: dict[str, str], rows: str, ranges: str) -> str:
    """Keys alone: usually there are none, and rows are wide. Ranges that overlap name a row once."""
    keys = target.job.primary_keys
    own = quote_all(dict.fromkeys([*keys, soft["scope"]]))
    place = f"try_cast({quote(soft['range'])} AS DECIMAL(20, 0))"
    return f"""
    SELECT {quote_all(keys, "t.")}, min(r.at) AS _lost_at
    FROM (SELECT {own}, {place} AS _place FROM ({_held(target, soft)})) AS t
    JOIN {ranges} AS r ON t.{quote(soft["scope"])} = r.scope
      AND t._place > CAST(r.after AS DECIMAL(20, 0)) AND t._place <= CAST(r.up_to AS DECIMAL(20, 0))
    LEFT ANTI JOIN {rows} AS s ON {same_key(keys, "t", "s")}
    GROUP BY {quote_all(keys, "t.")}"""


def _marked(target: Target, soft: dict[str, str], lost: str) -> str:
    """The rows as they are held, marked; from there on they are rows like others. The mark is later than the row."""
    keys, sequence = target.job.primary_keys, target.job.sequence_by
    at = "timestamp_millis(l._lost_at)"
    if sequence is not None:
        at = f"greatest({at}, t.{quote(sequence)} + INTERVAL 1 MILLISECOND)"
    moved = {soft["column"], sequence}
    columns = [f"{at} AS {quote(one)}" if one in moved else f"t.{quote(one)}" for one in target.names]
    return f"""
    SELECT {", ".join(columns)}, '{DELETED}' AS _content_hash, '' AS _partition, CAST(0 AS BIGINT) AS _order, false AS _fills,
      concat_ws(':', {quote_all(keys, "t.")}) AS _row, {at} AS _at
    FROM ({_held(target, soft)}) AS t JOIN {lost} AS l ON {same_key(keys, "t", "l")}"""


def _held(target: Target, soft: dict[str, str]) -> str:
    """The state that the table holds of each key, unless it is deleted already."""
    job, alive = target.job, f"{quote(soft['column'])} IS NULL"
    if job.scd_type == "APPEND_ONLY":
        order = f"{quote(job.sequence_by)} DESC NULLS LAST, _content_hash" if job.sequence_by else "_content_hash"
        latest = first_of(f"SELECT * FROM {target.table}", quote_all(job.primary_keys), order)
        return f"SELECT * FROM ({latest}) WHERE {alive}"
    is_open = f" AND {END_AT} IS NULL" if job.scd_type == "SCD_TYPE_2" else ""
    return f"SELECT * FROM {target.table} WHERE {alive}{is_open}"
