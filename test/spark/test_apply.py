"""The SQL that rows are applied with, against `decide` itself: random units, ties, rows without a time, replays."""

import datetime
import json
import subprocess

import pytest
from parley_spark.apply import apply_rows
from parley_spark.staged import Staged
from parley_spark.state import open_state
from parley_spark.target import END_AT, START_AT, open_target
from pyspark.sql.types import StringType, StructField, StructType, TimestampType

from conftest import HERE, ROOT
from notes_job import FACTS, notes_job

COLUMNS = StructType(
    [StructField("id", StringType(), False), StructField("changed", TimestampType()), StructField("text", StringType())]
)
STAGED = f"id string NOT NULL, changed timestamp, text string, {FACTS}"


@pytest.fixture(scope="session")
def scenarios(node):
    script = HERE / "apply_scenarios.ts"
    made = subprocess.run([node, str(script), "7", "1"], cwd=ROOT, check=True, capture_output=True)
    return json.loads(made.stdout)


def job(scd_type):
    return notes_job(scd_type, "changed", ["id", "changed", "text"])


def staged(spark, target, unit):
    rows = []
    for order, row in enumerate(unit):
        at = (
            None if row["sequence"] is None else datetime.datetime.fromtimestamp(row["sequence"], datetime.timezone.utc)
        )
        facts = ("row", "p", f"{'null' if at is None else row['sequence']} {row['content']}", order, None, False)
        rows.append((row["id"], at, row["content"], facts))
    return Staged(target, spark.createDataFrame(rows, STAGED))


def held(spark, target):
    history = target.job.scd_type == "SCD_TYPE_2"
    columns = ["id", "_content_hash", *([START_AT, END_AT] if history else [])]
    seconds = lambda value: int(value.timestamp()) if isinstance(value, datetime.datetime) else value
    rows = spark.table(target.table).select(*columns).collect()
    return sorted(([seconds(value) for value in row] for row in rows), key=json.dumps)


@pytest.mark.parametrize("scd_type", ["SCD_TYPE_1", "SCD_TYPE_2", "APPEND_ONLY"])
def test_ends_where_decide_ends(spark, scenarios, scd_type):
    open_state(spark)
    spark.sql("CREATE SCHEMA IF NOT EXISTS applied")
    for index, scenario in enumerate(scenarios):
        target = open_target(spark, f"applied.{scd_type}_{index}", job(scd_type), COLUMNS)
        for at, (unit, expected) in enumerate(zip(scenario["units"], scenario["expected"][scd_type], strict=True)):
            before = held(spark, target)
            changes = apply_rows(spark, target, staged(spark, target, unit).rows)
            after = held(spark, target)
            assert after == sorted(expected, key=json.dumps), f"unit {at} of scenario {index}"
            assert (changes.inserted + changes.updated > 0) == (before != after)
