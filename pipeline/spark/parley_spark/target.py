"""The Delta table that a job fills."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType, TimestampType

from .errors import ParleyError
from .make_table import make_table
from .sql import literal, quote
from .state import load_claim, save_claim

CONTENT_HASH = "_content_hash"
# When a version begins and ends, in SCD_TYPE_2: of the type of the sequence.
START_AT = "__START_AT"
END_AT = "__END_AT"


class Job(NamedTuple):
    """One table of a spec, as the child describes it."""

    source_table: str
    destination: dict[str, str | None]
    scd_type: str
    primary_keys: list[str]
    #: Those that the API knows rows by.
    table_keys: list[str]
    sequence_by: str | None
    cluster_by: list[str]
    options: dict[str, str]
    windowed: bool
    hashed: list[str]
    volatile: dict[str, Any]
    soft_delete: dict[str, str] | None

    @staticmethod
    def of(told: dict[str, Any]) -> Job:
        fields = {field: told[field] for field in Job._fields if field != "source_table"}
        return Job(source_table=told["name"], **fields)


class Target(NamedTuple):
    #: Quoted, with its schema.
    table: str
    #: Of this table alone, not of one that had its name before.
    id: str
    job: Job
    #: Columns that rows bring, in order.
    columns: StructType
    #: Those of them that `_content_hash` covers: what the table was made with.
    hashed: list[str]

    @property
    def names(self) -> list[str]:
        return self.columns.names

    @property
    def written(self) -> list[str]:
        return [*self.columns.names, CONTENT_HASH]


def open_target(spark: SparkSession, table: str, job: Job, columns: StructType) -> Target:
    """Makes the table, or adds the columns it lacks at the end; remembers how it is filled, and that it stays so.

    :param table: quoted, with its schema
    :raises ParleyError: PARLEY_JOB_CHANGED, PARLEY_TARGET_INCOMPATIBLE
    """
    wanted = [*columns, StructField(CONTENT_HASH, StringType()), *_history(job, columns)]
    claim = {
        "source_table": job.source_table,
        "scd_type": job.scd_type,
        "primary_keys": job.primary_keys,
        "sequence_by": job.sequence_by if job.scd_type == "SCD_TYPE_2" else None,
        "hashed": job.hashed,
    }
    if not spark.catalog.tableExists(table):
        definitions = ", ".join(_definition(field) for field in wanted)
        clustered = f" CLUSTER BY ({', '.join(map(quote, job.cluster_by))})" if job.cluster_by else ""
        # With a name for its checkpoint that no table before had: one that was dropped is filled from the beginning.
        made = {**claim, "id": uuid.uuid4().hex}
        save_claim(spark, table, made)
        make_table(spark, f"CREATE TABLE {table} ({definitions}) USING delta{clustered}")
        return Target(table, made["id"], job, columns, job.hashed)
    held = load_claim(spark, table)
    if held is None:
        raise ParleyError(
            "PARLEY_TARGET_INCOMPATIBLE",
            f"Table {table} is there, and Parley did not make it.",
            "Give another destination_table; rows of another connector are not taken over.",
        )
    if any(held[one] != claim[one] for one in claim if one != "hashed"):
        raise ParleyError(
            "PARLEY_JOB_CHANGED",
            f"Table {table} holds {_kept_as(held)}; the spec says {_kept_as(claim)}.",
            "Give it another destination_table, or drop the table to fill it anew.",
        )
    existing = {field.name.lower(): field for field in spark.table(table).schema}
    for field in wanted:
        found = existing.get(field.name.lower())
        if found is None:
            spark.sql(f"ALTER TABLE {table} ADD COLUMNS ({quote(field.name)} {field.dataType.simpleString()})")
        elif found.dataType.simpleString() != field.dataType.simpleString():
            raise _incompatible(table, field.name, found.dataType.simpleString(), field.dataType.simpleString())
    lost = [one for one in held["hashed"] if one not in columns.names]
    if lost:
        # Without it every row would have another hash, and so a version that never was.
        raise _incompatible(table, lost[0], "part of its rows' hash", "no such column")
    return Target(table, held["id"], job, columns, held["hashed"])


def _history(job: Job, columns: StructType) -> list[StructField]:
    if job.scd_type != "SCD_TYPE_2":
        return []
    kind = TimestampType() if job.sequence_by is None else columns[job.sequence_by].dataType
    return [StructField(START_AT, kind), StructField(END_AT, kind)]


def _definition(field: StructField) -> str:
    comment = (field.metadata or {}).get("comment")
    said = f" COMMENT {literal(comment)}" if comment else ""
    return f"{quote(field.name)} {field.dataType.simpleString()}{'' if field.nullable else ' NOT NULL'}{said}"


def _kept_as(claim: dict[str, Any]) -> str:
    order = f" in the order of {claim['sequence_by']}" if claim["sequence_by"] else ""
    return f"{claim['source_table']} by {', '.join(claim['primary_keys'])} as {claim['scd_type']}{order}"


def _incompatible(table: str, column: str, found: str, wanted: str) -> ParleyError:
    return ParleyError(
        "PARLEY_TARGET_INCOMPATIBLE",
        f"Column {column} of {table} is {found}; {wanted} is wanted.",
        "Give another destination_table, or drop the table to fill it anew.",
    )
