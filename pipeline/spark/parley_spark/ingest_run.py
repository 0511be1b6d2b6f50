"""What all tables of one `ingest` share."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from .apply import Changes
from .program import Program
from .table import Table
from .target import Job


class IngestRun(NamedTuple):
    spark: SparkSession
    program: Program
    connection: str
    #: Options of the connection and of every read.
    options: dict[str, str]
    checkpoints: str
    run_id: str

    @staticmethod
    def begin(
        spark: SparkSession, program: Program, connection: str, options: dict[str, str], checkpoints: str
    ) -> IngestRun:
        return IngestRun(spark, program, connection, options, checkpoints, str(uuid.uuid4()))

    def parallel(self) -> dict[str, str]:
        """As many tasks as the session runs at once: each keeps that share of the limits. Nobody knows where there is no context."""
        try:
            return {"concurrent_tasks": str(self.spark.sparkContext.defaultParallelism)}
        except PySparkException:
            return {}

    def options_of(self, job: Job, **more: str) -> dict[str, str]:
        return {**self.parallel(), **self.options, **job.options, **more, "tableName": job.source_table}

    def table(self, job: Job) -> Table:
        return Table(self.program, self.options_of(job))


class Outcome(NamedTuple):
    """What came of one table."""

    changes: Changes
    #: Code, message and remedy by partition.
    refused: dict[str, dict[str, Any]]
    batches: int = 0
