"""Rows of a snapshot that a whole listing lacks: which go, and how."""

from __future__ import annotations

from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession

from .sql import key_text, literal
from .state import SEEN, of_job
from .target import END_AT, START_AT, Target
from .views import views

NEVER = 2**62


class Lost(NamedTuple):
    """What a partition has not shown in generation `before` or a later one is lost, since `at` (ms since 1970; None: since
    it was last seen). Of these keys only, where there are any."""

    partition: str
    before: int
    at: int | None
    only: list[str] | None = None


LOST_COLUMNS = "`partition` STRING, before BIGINT, at BIGINT, only ARRAY<STRING>"


class SeenKeys:
    """The keys that each partition of a job has shown, with the generation that showed them last."""

    def __init__(self, spark: SparkSession, connection: str, job: str):
        self.spark = spark
        self.connection = connection
        self.job = job
        self.own_lines = of_job(connection, job, "s.")

    def note(self, target: Target, rows: DataFrame) -> None:
        """:param rows: of `Staged`"""
        shown = rows.selectExpr(
            "_partition", f"{key_text(target.job.primary_keys)} AS key", "_generation AS generation"
        ).distinct()
        self._merge(shown)

    def keep(self, partition: str, keys: list[str], generation: int) -> None:
        """Rows that a listing lacks and that are there all the same count as seen by it."""
        if keys:
            lines = [(partition, key, generation) for key in keys]
            self._merge(self.spark.createDataFrame(lines, "_partition STRING, key STRING, generation BIGINT"))

    def unseen(self, partition: str, generation: int) -> list[str]:
        held = (
            self.spark.table(SEEN)
            .alias("s")
            .where(self.own_lines)
            .where(f"`partition` = {literal(partition)} AND generation < {generation}")
        )
        return sorted(row.key for row in held.select("key").distinct().collect())

    def remove(self, target: Target, lost: list[Lost]) -> int:
        """Takes rows away that only these partitions have shown, and not lately. How many."""
        if not lost:
            return 0
        bounds = self.spark.createDataFrame([tuple(one) for one in lost], LOST_COLUMNS)
        with views(self.spark, bounds=bounds) as told:
            unseen = self.spark.sql(
                f"SELECT s.`partition`, s.key, coalesce(b.at, s.generation) AS at FROM {SEEN} AS s "
                f"JOIN {told.bounds} AS b ON s.`partition` = b.`partition` AND s.generation < b.before "
                f"AND (b.only IS NULL OR array_contains(b.only, s.key)) WHERE {self.own_lines}"
            ).localCheckpoint(eager=True)
        if unseen.isEmpty():
            return 0
        with views(self.spark, unseen=unseen) as told:
            # A row that was seen since, or that another partition still shows, stays.
            gone = self.spark.sql(
                f"SELECT key, timestamp_millis(max(at)) AS _lost_at FROM {told.unseen} WHERE key NOT IN ("
                f"SELECT s.key FROM {SEEN} AS s LEFT ANTI JOIN {told.unseen} AS u ON s.`partition` = u.`partition` AND s.key = u.key "
                f"WHERE {self.own_lines}) GROUP BY key"
            ).localCheckpoint(eager=True)
            vanished = take_away(self.spark, target, gone)
            # Last: a run that dies before finds the rows again that it has not taken away.
            self.spark.sql(
                f"MERGE INTO {SEEN} AS s USING {told.unseen} AS u "
                f"ON {self.own_lines} AND s.`partition` = u.`partition` AND s.key = u.key "
                "WHEN MATCHED THEN DELETE"
            )
        return vanished

    def _merge(self, shown: DataFrame) -> None:
        with views(self.spark, shown=shown) as told:
            self.spark.sql(
                f"MERGE INTO {SEEN} AS s USING (SELECT _partition, key, max(generation) AS generation FROM {told.shown} "
                f"GROUP BY _partition, key) AS n "
                f"ON {self.own_lines} AND s.`partition` = n._partition AND s.key = n.key "
                "WHEN MATCHED AND s.generation < n.generation THEN UPDATE SET s.generation = n.generation "
                "WHEN NOT MATCHED THEN INSERT (connection, job, `partition`, key, generation) "
                f"VALUES ({literal(self.connection)}, {literal(self.job)}, n._partition, n.key, n.generation)"
            )


def take_away(spark: SparkSession, target: Target, gone: DataFrame) -> int:
    """:param gone: key, _lost_at. How many rows went, or whose last version ended."""
    if target.job.scd_type == "APPEND_ONLY" or gone.isEmpty():
        return 0
    is_gone = f"{key_text(target.job.primary_keys, 't.')} = g.key"
    is_open = f" AND t.{END_AT} IS NULL" if target.job.scd_type == "SCD_TYPE_2" else ""
    with views(spark, gone=gone) as told:
        matching = f"FROM {target.table} AS t JOIN {told.gone} AS g ON {is_gone}{is_open}"
        count = spark.sql(f"SELECT count(*) AS rows {matching}").first().rows
        if count == 0:
            return 0
        end = f"UPDATE SET t.{END_AT} = greatest(g._lost_at, t.{START_AT} + INTERVAL 1 MILLISECOND)"
        what = end if is_open else "DELETE"
        spark.sql(
            f"MERGE INTO {target.table} AS t USING {told.gone} AS g ON {is_gone}{is_open} WHEN MATCHED THEN {what}"
        )
    return count
