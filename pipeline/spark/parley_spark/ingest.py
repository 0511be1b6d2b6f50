"""A pipeline spec, ingested: inside a Databricks pipeline as its declarations, elsewhere by Spark and Delta."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from .child import ask
from .errors import ParleyError
from .ingest_connection import connection_options, json_list
from .ingest_pipeline import declare_pipeline, is_pipeline
from .ingest_run import IngestRun, Outcome
from .ingest_snapshot import ingest_snapshot
from .ingest_stream import ingest_stream
from .log import log
from .program import Program
from .source import register_source
from .sql import quote
from .staged import FACTS
from .state import open_state
from .target import Job, open_target

CODED = re.compile(r"\[(PARLEY_[A-Z_]+)\] ([^\n]*)")


def ingest_spec(
    spark: SparkSession,
    program: Program,
    pipeline_spec: Mapping[str, Any],
    connection: Mapping[str, Any] | str | None = None,
    checkpoint_location: str | None = None,
) -> dict[str, Any]:
    """:raises ParleyError: PARLEY_SPEC_INVALID; PARLEY_INGEST_FAILED when a table failed, with the summary in its details"""
    spec = ask(program, {}, {"op": "spec", "spec": dict(pipeline_spec)})
    for notice in spec["notices"]:
        log.warning("parley %s", notice)
    register_source(spark, program)
    jobs = [Job.of(one) for one in spec["tables"]]
    if is_pipeline(spark):
        return declare_pipeline(spark, spec["connection_name"], jobs)
    options = connection_options(program.name, spec["connection_name"], connection)
    checkpoints = checkpoint_location or default_checkpoints(spark)
    open_state(spark)
    run = IngestRun.begin(spark, program, spec["connection_name"], options, checkpoints)
    tables = [ingest_table(run, job) for job in jobs]
    summary = {"run_id": run.run_id, "status": worst_of(one["status"] for one in tables), "tables": tables}
    failed = [one for one in tables if one["status"] == "failed"]
    if failed:
        reasons = "; ".join(f"{one['table']}: {one['error']['message']}" for one in failed)
        raise ParleyError(
            "PARLEY_INGEST_FAILED",
            f"{len(failed)} of {len(tables)} tables failed. {reasons}",
            "Look at the error of each in the details; what was stored stays, and the next run goes on from there.",
            summary,
        )
    return summary


def ingest_table(run: IngestRun, job: Job) -> dict[str, Any]:
    """What came of it; an error of one table is no reason not to read the others."""
    table = destination_of(run.spark, run.program.name, job)
    told = {"table": job.source_table, "destination": table.replace("`", "")}
    try:
        outcome = read_into(run, job, table)
    # Whatever it was: the other tables are read all the same, and the summary tells of it.
    except Exception as error:  # noqa: BLE001
        log.error("parley %s: %s", told["destination"], error)
        return {**told, "status": "failed", "error": describe(error)}
    changes = outcome.changes
    refused = [
        {"partition": one, **{field: refusal.get(field) for field in ("code", "message", "remedy")}}
        for one, refusal in sorted(outcome.refused.items())
    ]
    counts = {"inserted": changes.inserted, "updated": changes.updated, "deleted": changes.deleted}
    return {**told, "status": "partial" if refused else "ok", **counts, "batches": outcome.batches, "refused": refused}


def read_into(run: IngestRun, job: Job, table: str) -> Outcome:
    columns = run.spark.read.format(run.program.name).options(**run.options_of(job)).load().schema
    target = open_target(run.spark, table, job, StructType([one for one in columns if one.name != FACTS]))
    with_facts = run.options_of(job, parley_hashed=json_list(target.hashed))
    if job.windowed:
        return ingest_stream(run, job, target, with_facts)
    return ingest_snapshot(run, job, target, {**with_facts, "parley_refusals": "tell"})


def destination_of(spark: SparkSession, source: str, job: Job) -> str:
    """The quoted name. A catalog that this session does not have is one of Databricks, and does nothing here."""
    catalog, schema, table = (job.destination[one] for one in ("catalog", "schema", "table"))
    schema = schema or source
    parts = [schema, table]
    if catalog is not None and spark.conf.get(f"spark.sql.catalog.{catalog}", None) is not None:
        parts.insert(0, catalog)
    elif catalog is not None:
        log.warning("parley there is no catalog %s in this session; %s goes to its current one", catalog, table)
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS {'.'.join(quote(one) for one in parts[:-1])}")
    return ".".join(quote(one) for one in parts)


def default_checkpoints(spark: SparkSession) -> str:
    return f"{spark.conf.get('spark.sql.warehouse.dir').rstrip('/')}/_parley_checkpoints"


def describe(error: Exception) -> dict[str, str]:
    """Spark shows what happened in its workers as text only."""
    if isinstance(error, ParleyError):
        return {"code": error.code, "message": error.message, "remedy": error.remedy}
    found = CODED.search(str(error))
    if found is None:
        return {"code": "PARLEY_SPARK_FAILED", "message": str(error).split("\n", 1)[0], "remedy": "See Spark's log."}
    return {"code": found[1], "message": found[2], "remedy": ""}


def worst_of(states) -> str:
    """`failed` only where all are: what was read of the others is stored."""
    found = set(states)
    if found == {"failed"}:
        return "failed"
    return "ok" if found <= {"ok"} else "partial"
