"""A spec as the declarations of a Databricks pipeline. Not run by us: there is no Databricks where we test."""

from __future__ import annotations

import re
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col

from .errors import ParleyError
from .sql import quote
from .target import Job

# As Databricks names its own reads: the options of the connection are injected for this format.
INJECTED_FORMAT = "lakeflow_connect"


def is_pipeline(spark: SparkSession) -> bool:
    """Databricks sets the pipeline's id where the code of a pipeline runs."""
    return bool(spark.conf.get("pipelines.id", None))


def declare_pipeline(spark: SparkSession, connection: str, jobs: list[Job], pipelines: Any = None) -> dict[str, Any]:
    """:param pipelines: the module of declarations; default: the one that this runtime has

    :raises ParleyError: PARLEY_STREAM_UNSUPPORTED: a table without a stream cannot be appended to
    """
    streams = sum(job.windowed for job in jobs)
    declarations = Declarations(spark, connection, pipelines or pipelines_module(), streams)
    for index, job in enumerate(jobs):
        declarations.declare(job, index)
    tables = [{"table": job.source_table, "destination": unquoted(job), "status": "declared"} for job in jobs]
    return {"run_id": None, "status": "declared", "tables": tables}


def pipelines_module() -> Any:
    try:
        from pyspark import pipelines
    except ImportError:
        # Runtimes before the module had its place in Spark.
        import dlt as pipelines
    return pipelines


class Declarations:
    def __init__(self, spark: SparkSession, connection: str, pipelines: Any, streams: int):
        """:param streams: flows of the pipeline that read windows"""
        self.spark = spark
        self.connection = connection
        self.pipelines = pipelines
        self.streams = max(streams, 1)

    def declare(self, job: Job, index: int) -> None:
        if not job.windowed and job.scd_type == "APPEND_ONLY":
            raise ParleyError(
                "PARLEY_STREAM_UNSUPPORTED",
                f"Table {job.source_table} is listed whole every time: in a pipeline it cannot be APPEND_ONLY.",
                "Make it SCD_TYPE_1 or SCD_TYPE_2.",
            )
        target = quoted_destination(job)
        # The same table can be in a spec twice, and two destinations can have the same name in two schemas.
        view = f"parley_{index}_{re.sub(r'[^a-z0-9_]', '_', job.source_table.lower())}"
        self._view(view, job)
        self.pipelines.create_streaming_table(name=target, **({"cluster_by": job.cluster_by} if job.cluster_by else {}))
        scd_type = {"SCD_TYPE_1": 1, "SCD_TYPE_2": 2}.get(job.scd_type)
        if scd_type is None:
            self._append(view, target)
        elif job.windowed:
            self._declare(
                ("create_auto_cdc_flow", "apply_changes"),
                target=target,
                source=view,
                keys=job.primary_keys,
                sequence_by=col(quote(job.sequence_by)),
                stored_as_scd_type=scd_type,
            )
        else:
            self._declare(
                ("create_auto_cdc_from_snapshot_flow", "apply_changes_from_snapshot"),
                target=target,
                source=view,
                keys=job.primary_keys,
                stored_as_scd_type=scd_type,
            )

    def _view(self, name: str, job: Job) -> None:
        decorate = self._named(("temporary_view", "view"))

        @decorate(name=name)
        def rows() -> DataFrame:
            reader = self.spark.readStream if job.windowed else self.spark.read
            return reader.format(INJECTED_FORMAT).options(**self.options_of(job)).load()

    def options_of(self, job: Job) -> dict[str, str]:
        # All flows of an update go at once, and share what the API allows; a spec may know better.
        share = {"concurrent_streams": str(self.streams)}
        return {**share, **job.options, "databricks.connection": self.connection, "tableName": job.source_table}

    def _append(self, view: str, target: str) -> None:
        @self.pipelines.append_flow(name=f"{view}_append", target=target)
        def appended() -> DataFrame:
            return self.spark.readStream.table(view)

    def _declare(self, names: tuple[str, ...], **arguments: Any) -> None:
        self._named(names)(**arguments)

    def _named(self, names: tuple[str, ...]) -> Any:
        """The first of these that the runtime has: newer names come first."""
        for name in names:
            if hasattr(self.pipelines, name):
                return getattr(self.pipelines, name)
        raise ParleyError(
            "PARLEY_PIPELINE_UNSUPPORTED",
            f"This runtime has none of {', '.join(names)}.",
            "Use a Databricks pipeline of the channel CURRENT or PREVIEW.",
        )


def quoted_destination(job: Job) -> str:
    """With what the spec says of its place; the pipeline's own defaults are for the rest."""
    parts = [job.destination[one] for one in ("catalog", "schema", "table")]
    return ".".join(quote(one) for one in parts if one)


def unquoted(job: Job) -> str:
    return quoted_destination(job).replace("`", "")
