"""Marks of deleted rows, and columns filled in place, in real Delta tables."""

import datetime

import pytest
from parley_spark.apply import apply_rows
from parley_spark.deletions import apply_deletions
from parley_spark.refill import refill
from parley_spark.staged import Staged
from parley_spark.state import open_state
from parley_spark.target import open_target
from pyspark.sql.types import StringType, StructField, StructType, TimestampType

from notes_job import FACTS, notes_job

COLUMNS = StructType(
    [
        StructField("id", StringType(), False),
        StructField("room", StringType(), False),
        StructField("seen", TimestampType()),
        StructField("text", StringType()),
        StructField("deleted", TimestampType()),
        StructField("url", StringType()),
    ]
)
STAGED = f"id string, room string, seen timestamp, text string, deleted timestamp, url string, {FACTS}"
RANGES = "scope string, after string, up_to string, at bigint"


def job(scd_type):
    soft_delete = {"column": "deleted", "scope": "room", "range": "id"}
    hashed = ["id", "room", "text", "deleted"]
    return notes_job(scd_type, "seen", hashed, volatile={"url": True}, soft_delete=soft_delete)


def at(second):
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc)


def read(spark, target, *rows, second=1, fills=False):
    """Rows as (id, text) or (id, text, url), of room r."""
    lines = []
    for order, (id, text, *url) in enumerate(rows):
        facts = ("row", "p", text, order, None, fills)
        lines.append((id, "r", at(second), text, None, url[0] if url else None, facts))
    return Staged(target, spark.createDataFrame(lines, STAGED))


def held(spark, target):
    rows = spark.sql(f"SELECT id, text, deleted, url FROM {target.table} ORDER BY id, seen").collect()
    return [(row.id, row.text, row.deleted and int(row.deleted.timestamp())) for row in rows]


@pytest.fixture
def opened(spark, request):
    open_state(spark)
    spark.sql("CREATE SCHEMA IF NOT EXISTS deletions")
    return lambda scd_type: open_target(
        spark, f"deletions.{request.node.name.replace('[', '_').strip(']')}", job(scd_type), COLUMNS
    )


@pytest.mark.parametrize("scd_type", ["SCD_TYPE_1", "SCD_TYPE_2", "APPEND_ONLY"])
def test_what_a_range_lacks_is_marked_once_and_can_come_back(spark, opened, scd_type):
    target = opened(scd_type)
    apply_rows(spark, target, read(spark, target, ("1", "a"), ("2", "b"), ("30", "c")).rows)
    ranges = spark.createDataFrame(
        [("r", "0", "10", 5_000), ("r", "1", "9", 6_000), ("other", "0", "99", 5_000)], RANGES
    )
    staged = read(spark, target, ("1", "a"), second=2)
    assert apply_deletions(spark, target, staged, ranges).deleted == 1
    assert apply_deletions(spark, target, staged, ranges).deleted == 0
    marked = [("2", "b", None), ("2", "b", 5)] if scd_type != "SCD_TYPE_1" else [("2", "b", 5)]
    assert held(spark, target) == [("1", "a", None), *marked, ("30", "c", None)]
    apply_rows(spark, target, read(spark, target, ("2", "b2"), second=7).rows)
    assert held(spark, target)[-2:] == [("2", "b2", None), ("30", "c", None)]


def test_what_the_hash_leaves_out_is_filled_where_a_page_says_so(spark, opened):
    target = opened("SCD_TYPE_1")
    apply_rows(spark, target, read(spark, target, ("1", "a", "u1"), ("2", "b", "u2")).rows)
    again = read(spark, target, ("1", "a", "new"), ("2", "other", "new"), fills=True).rows
    refill(spark, target, again.where("id = '1'").withColumn("_fills", again["_fills"] & False))
    urls = lambda: [row.url for row in spark.sql(f"SELECT url FROM {target.table} ORDER BY id").collect()]
    assert urls() == ["u1", "u2"]
    refill(spark, target, again)
    # Of the other row the content differs: that is another version, not a filling.
    assert urls() == ["new", "u2"]
    refill(spark, target, read(spark, target, ("1", "a"), fills=True).rows)
    assert urls() == ["new", "u2"]
