"""One table that is read in windows of time, into its Delta table: an AvailableNow stream whose batches are applied."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from .apply import Changes, apply_rows
from .deletions import apply_deletions
from .gone import missing_lines
from .ingest_run import IngestRun, Outcome
from .refill import refill
from .run_report import read_planned, read_refused
from .staged import Staged
from .state import Line, begin_partitions, load_coverage, params_of, save_coverage
from .target import Job, Target

RANGES = "scope STRING, after STRING, up_to STRING, at BIGINT"
# Every id that a range of 64 bits can have.
LAST = str(2**64 - 1)


def ingest_stream(run: IngestRun, job: Job, target: Target, options: dict[str, str]) -> Outcome:
    """:param options: for the read, so that its rows come with facts"""
    changes: list[Changes] = []

    with tempfile.TemporaryDirectory(prefix="parley-") as folder:
        # The planning process runs on this machine, and nothing else comes back from it.
        report = os.path.join(folder, "report.ndjson")

        def store(batch: DataFrame, _: int) -> None:
            # Of a stream's session, which sees no views of the one that it was started in.
            spark = batch.sparkSession
            staged = Staged(target, batch)
            if staged.is_empty:
                changes.append(Changes())
                return
            if target.job.soft_delete is not None:
                _begin(spark, run, target, read_planned(report))
            changes.append(apply_batch(spark, target, staged))

        stream = run.spark.readStream.format(run.program.name).options(**options, parley_report=report).load()
        checkpoint = f"{run.checkpoints}/{target.table.replace('`', '')}/{target.id}"
        writer = stream.writeStream.trigger(availableNow=True).option("checkpointLocation", checkpoint)
        query = writer.foreachBatch(store).start()
        try:
            query.awaitTermination()
        finally:
            if query.isActive:
                query.stop()
        refused = read_refused(report)
    if target.job.soft_delete is not None:
        marked, missing = _mark_gone(run, job, target)
        changes.append(marked)
        refused.update(missing)
    total = Changes()
    for one in changes:
        total = total.plus(one)
    return Outcome(total, refused, len(changes))


def _begin(spark: SparkSession, run: IngestRun, target: Target, planned: list[dict[str, Any]]) -> None:
    held = load_coverage(spark, run.connection, target.table)
    begin_partitions(spark, run.connection, target.table, held, planned)


def apply_batch(spark: SparkSession, target: Target, staged: Staged) -> Changes:
    changes = apply_rows(spark, target, staged.rows)
    ranges = staged.marks.where("kind = 'scanned'").select("scope", "after", "up_to", "at")
    deleted = apply_deletions(spark, target, staged, ranges)
    refill(spark, target, staged.rows)
    return changes.plus(deleted)


def _mark_gone(run: IngestRun, job: Job, target: Target) -> tuple[Changes, dict[str, dict]]:
    """Rows of partitions that are gone are marked as deleted."""
    table = run.table(job)
    view = table.plan()
    held = load_coverage(run.spark, run.connection, target.table)
    missing = missing_lines(table, view, held, run.run_id)
    scope = target.job.soft_delete["scope"]
    ranges = [
        (json.loads(line.params)[scope], "0", LAST, int(line.missing_since.timestamp() * 1000))
        for line in missing
        if line.state == "gone" and scope in json.loads(line.params)
    ]
    changes = Changes()
    if ranges:
        nothing = Staged(target, empty_batch(run, job))
        changes = apply_deletions(run.spark, target, nothing, run.spark.createDataFrame(ranges, RANGES))
    listed = [Line(id, params_of(partition), "ok") for id, partition in view.partitions.items()]
    save_coverage(run.spark, run.connection, target.table, [*listed, *missing])
    return changes, {line.partition: line._asdict() for line in missing if line.state == "refused"}


def empty_batch(run: IngestRun, job: Job) -> DataFrame:
    options = run.options_of(job, parley_hashed="[]")
    return run.spark.createDataFrame([], run.spark.read.format(run.program.name).options(**options).load().schema)
