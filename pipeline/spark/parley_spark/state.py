"""What `ingest` remembers beside checkpoints, in Delta tables of the schema `parley`: keys begin with the connection's name."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pyspark.sql import SparkSession

from .make_table import make_table
from .sql import literal
from .views import views

SCHEMA = "parley"
JOBS = f"{SCHEMA}.jobs"
COVERAGE = f"{SCHEMA}.coverage"
SEEN = f"{SCHEMA}.snapshot_seen"
COVERAGE_COLUMNS = (
    "`partition` STRING, params STRING, state STRING, code STRING, message STRING, remedy STRING, "
    "missing_since TIMESTAMP, generation BIGINT, run_id STRING"
)
OWNER = "connection STRING NOT NULL, job STRING NOT NULL"


class Line(NamedTuple):
    """What is known of a partition; see coverage in the documentation."""

    partition: str
    #: The partition as JSON, as its feed made it.
    params: str
    #: ok, refused, or gone.
    state: str
    code: str | None = None
    message: str | None = None
    remedy: str | None = None
    #: When a look first found it absent.
    missing_since: datetime.datetime | None = None
    #: Of a snapshot: the last walk that saw all of it.
    generation: int | None = None
    run_id: str = ""


def open_state(spark: SparkSession) -> None:
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    make_table(spark, f"CREATE TABLE IF NOT EXISTS {COVERAGE} ({OWNER}, {COVERAGE_COLUMNS}) USING delta")
    claims = "job STRING NOT NULL, claim STRING NOT NULL, created_at TIMESTAMP NOT NULL"
    make_table(spark, f"CREATE TABLE IF NOT EXISTS {JOBS} ({claims}) USING delta")
    seen = "`partition` STRING NOT NULL, key STRING NOT NULL, generation BIGINT NOT NULL"
    make_table(spark, f"CREATE TABLE IF NOT EXISTS {SEEN} ({OWNER}, {seen}) USING delta")


def of_job(connection: str, job: str, prefix: str = "") -> str:
    """The condition for a job's lines. :param prefix: of the columns, such as `t.`"""
    return f"{prefix}connection = {literal(connection)} AND {prefix}job = {literal(job)}"


def load_claim(spark: SparkSession, job: str) -> dict[str, Any] | None:
    """What a table is filled with and how; None where it was not made by us."""
    # No property of the table: Spark shows those redacted where a column's name looks like a secret's.
    held = spark.table(JOBS).where(f"job = {literal(job)}").orderBy("created_at", ascending=False).first()
    return None if held is None else json.loads(held.claim)


def save_claim(spark: SparkSession, job: str, claim: dict[str, Any]) -> None:
    """Of a table that is made now: what is known of an earlier one of that name is forgotten."""
    if load_claim(spark, job) is not None:
        for state in (COVERAGE, SEEN):
            spark.sql(f"DELETE FROM {state} WHERE job = {literal(job)}")
    values = f"{literal(job)}, {literal(json.dumps(claim))}, current_timestamp()"
    spark.sql(f"INSERT INTO {JOBS} (job, claim, created_at) VALUES ({values})")


def load_coverage(spark: SparkSession, connection: str, job: str) -> dict[str, Line]:
    rows = spark.table(COVERAGE).where(of_job(connection, job)).drop("connection", "job").collect()
    return {row.partition: Line(**row.asDict()) for row in rows}


def save_coverage(spark: SparkSession, connection: str, job: str, lines: list[Line]) -> None:
    """Replaces the lines of these partitions; nothing where they say what is held."""
    held = load_coverage(spark, connection, job) if lines else {}
    changed = [line for line in lines if held.get(line.partition) != line]
    if not changed:
        return
    rows = spark.createDataFrame([tuple(line) for line in changed], COVERAGE_COLUMNS)
    with views(spark, lines=rows) as told:
        columns = ", ".join(f"`{one}`" for one in Line._fields)
        values = ", ".join(f"n.`{one}`" for one in Line._fields)
        spark.sql(
            f"MERGE INTO {COVERAGE} AS t USING {told.lines} AS n "
            f"ON {of_job(connection, job, 't.')} AND t.`partition` = n.`partition` "
            f"WHEN MATCHED THEN UPDATE SET {', '.join(f't.`{one}` = n.`{one}`' for one in Line._fields)} "
            f"WHEN NOT MATCHED THEN INSERT (connection, job, {columns}) "
            f"VALUES ({literal(connection)}, {literal(job)}, {values})"
        )


def begin_partitions(
    spark: SparkSession, connection: str, job: str, held: Mapping[str, Line], partitions: Iterable[dict[str, Any]]
) -> None:
    """Partitions are known before a row of theirs is stored: of a run that dies the next one knows whose rows may be there."""
    lines = []
    for one in partitions:
        before = held.get(one["id"])
        # One that had gone, or was on its way, is there again.
        if before is None or before.missing_since is not None:
            lines.append(Line(one["id"], params_of(one), "ok", generation=before.generation if before else None))
    save_coverage(spark, connection, job, lines)


def params_of(partition: dict[str, Any]) -> str:
    """Without what its list told only now."""
    return json.dumps({key: value for key, value in partition.items() if not key.startswith("_")}, sort_keys=True)
