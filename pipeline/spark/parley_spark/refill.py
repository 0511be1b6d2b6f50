"""Columns that a row's hash does not cover, filled in place where a page brings what held rows may lack."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from .sql import first_of, quote, quote_all, same_key
from .target import CONTENT_HASH, END_AT, START_AT, Target
from .views import views


def refill(spark: SparkSession, target: Target, rows: DataFrame) -> None:
    """Rows that are held as they were read get, in place, what their hash does not cover. No version begins or ends; what is
    volatile and was not shown this time, stays.

    :param rows: of `Staged`
    """
    filling = rows.where("_fills")
    filled = _filled(target)
    if not filled or filling.isEmpty():
        return
    with views(spark, rows=filling) as staged:
        spark.sql(_statement(target, staged.rows, filled))


def _filled(target: Target) -> list[str]:
    job = target.job
    whole = [one for one in target.hashed if one not in job.volatile]
    # Since when a row is as it is does not change by reading it again.
    covered = {*whole, *job.primary_keys, job.sequence_by}
    return [one for one in target.names if one not in covered]


def _statement(target: Target, rows: str, filled: list[str]) -> str:
    job = target.job
    identity = [*job.primary_keys, CONTENT_HASH]
    becomes = {
        one: _kept(job.volatile.get(one, False), target.columns[one].dataType, f"s.{quote(one)}", f"t.{quote(one)}")
        for one in filled
    }
    narrow = f"SELECT {quote_all([*identity, *filled])}, _at, _order FROM {rows}"
    latest = first_of(narrow, quote_all(identity), "_at DESC NULLS LAST, _order DESC")
    version = f"AND (t.{END_AT} IS NULL OR t.{START_AT} <=> s._at)" if job.scd_type == "SCD_TYPE_2" else ""
    differs = " OR ".join(f"NOT t.{quote(one)} <=> {becomes[one]}" for one in filled)
    assigned = ", ".join(f"t.{quote(one)} = {becomes[one]}" for one in filled)
    return f"""
    MERGE INTO {target.table} AS t USING ({latest}) AS s ON {same_key(identity, "t", "s")} {version}
    WHEN MATCHED AND ({differs}) THEN UPDATE SET {assigned}"""


def _kept(volatile: Any, kind: Any, now: str, held: str) -> str:
    """What a column becomes: as it was read now, but for volatile parts that are absent now."""
    if volatile is True:
        return f"coalesce({now}, {held})"
    if not isinstance(volatile, dict) or not isinstance(kind, StructType):
        return now
    parts = []
    for field in kind:
        inner = (f"{now}.{quote(field.name)}", f"{held}.{quote(field.name)}")
        parts.append(f"'{field.name}', {_kept(volatile.get(field.name, False), field.dataType, *inner)}")
    return f"CASE WHEN {now} IS NULL OR {held} IS NULL THEN coalesce({now}, {held}) ELSE named_struct({', '.join(parts)}) END"
