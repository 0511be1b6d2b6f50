"""Applies staged rows to a Delta table: each way decides first, and then writes in one commit, so that a kill leaves
the table as it was or as it should be. A batch that is applied again changes nothing."""

from __future__ import annotations

from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession

from .decide_scd2 import scd2_decisions
from .sql import first_of, quote, quote_all, same_key
from .staged import folded
from .target import CONTENT_HASH, END_AT, START_AT, Target
from .views import views


class Changes(NamedTuple):
    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def plus(self, other: Changes) -> Changes:
        return Changes(*(a + b for a, b in zip(self, other, strict=True)))


def apply_rows(spark: SparkSession, target: Target, rows: DataFrame) -> Changes:
    """:param rows: of `Staged`"""
    decide, write = WAYS[target.job.scd_type]
    with views(spark, rows=rows) as staged:
        decisions = spark.sql(decide(target, staged.rows)).localCheckpoint(eager=True)
        counts = {row._decision: row["count"] for row in decisions.groupBy("_decision").count().collect()}
        if not counts:
            return Changes()
        with views(spark, decisions=decisions) as decided:
            # The row in a column of its own: its names and those of the decision must not meet.
            changes = (
                f"SELECT d.*, struct({quote_all(target.written, 's.')}) AS _brought FROM {decided.decisions} AS d "
                f"LEFT JOIN {staged.rows} AS s ON d._row = s._row"
            )
            spark.sql(write(target, changes))
    inserted = counts.get("insert", 0)
    return Changes(inserted, counts.get("update", 0) + counts.get("replace", 0))


def _scd1(target: Target, rows: str) -> str:
    keys, sequence = target.job.primary_keys, target.job.sequence_by
    held = quote_all(dict.fromkeys([*keys, *([sequence] if sequence else []), CONTENT_HASH]))
    # A held row without a sequence is older than any other: the same is written either way.
    cases = (
        f"WHEN s._at < t.{quote(sequence)} THEN 'late' WHEN s._at > t.{quote(sequence)} THEN 'update'"
        if sequence
        else ""
    )
    latest = first_of(folded(target, rows), quote_all(keys), "_at DESC NULLS LAST, _hash DESC")
    return f"""
    SELECT * FROM (
      SELECT {quote_all(keys, "s.")}, s._row, CASE
        WHEN t._held IS NULL THEN 'insert'
        WHEN t.{CONTENT_HASH} = s._hash THEN 'same'
        {cases}
        ELSE 'replace' END AS _decision
      FROM ({latest}) AS s
      LEFT JOIN (SELECT {held}, true AS _held FROM {target.table}) AS t ON {same_key(keys, "t", "s")}
    ) WHERE _decision NOT IN ('same', 'late')"""


def _write_scd1(target: Target, changes: str) -> str:
    return f"""
    MERGE INTO {target.table} AS t USING ({changes}) AS c
    ON c._decision <> 'insert' AND {same_key(target.job.primary_keys, "t", "c")}
    WHEN MATCHED THEN UPDATE SET {_assigned(target)}
    WHEN NOT MATCHED THEN INSERT ({quote_all(target.written)}) VALUES ({_values(target)})"""


def _write_scd2(target: Target, changes: str) -> str:
    return f"""
    MERGE INTO {target.table} AS t USING ({changes}) AS c
    ON c._decision IN ('end', 'replace') AND {same_key(target.job.primary_keys, "t", "c")} AND t.{START_AT} <=> c._at
    WHEN MATCHED AND c._decision = 'end' THEN UPDATE SET t.{END_AT} = c._end
    WHEN MATCHED THEN UPDATE SET {_assigned(target)}, t.{END_AT} = c._end
    WHEN NOT MATCHED THEN INSERT ({quote_all(target.written)}, {START_AT}, {END_AT})
      VALUES ({_values(target)}, c._at, c._end)"""


def _scd2(target: Target, rows: str) -> str:
    # As a view of its own the fold would be planned for each of its uses anyway.
    return scd2_decisions(target, f"({folded(target, rows)})")


def _append(target: Target, rows: str) -> str:
    """One row of each key and content, the first that was read."""
    identity = [*target.job.primary_keys, CONTENT_HASH]
    first = first_of(f"SELECT * FROM {rows}", quote_all(identity), "_at NULLS FIRST, _partition, _order")
    return f"""
    SELECT s._row, 'insert' AS _decision FROM ({first}) AS s
    LEFT ANTI JOIN {target.table} AS t ON {same_key(identity, "t", "s")}"""


def _write_append(target: Target, changes: str) -> str:
    brought = ", ".join(f"_brought.{quote(one)}" for one in target.written)
    return f"INSERT INTO {target.table} ({quote_all(target.written)}) SELECT {brought} FROM ({changes})"


def _assigned(target: Target) -> str:
    return ", ".join(f"t.{quote(one)} = c._brought.{quote(one)}" for one in target.written)


def _values(target: Target) -> str:
    return ", ".join(f"c._brought.{quote(one)}" for one in target.written)


# How to decide and how to write.
WAYS = {
    "SCD_TYPE_1": (_scd1, _write_scd1),
    "SCD_TYPE_2": (_scd2, _write_scd2),
    "APPEND_ONLY": (_append, _write_append),
}
