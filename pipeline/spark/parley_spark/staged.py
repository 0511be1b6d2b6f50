"""Rows that were read, with what applying them takes, in the blocks of the executors: read once, whatever is asked of them."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql.functions import expr

from .sql import quote, quote_all
from .target import CONTENT_HASH, Target

FACTS = "_parley"


class Staged:
    """`rows`: the columns of the target, `_at` their sequence, `_partition`, `_order`, `_row`, `_fills`; `marks`: what pages told beside rows."""

    def __init__(self, target: Target, read: DataFrame):
        # Read once: again would ask the API again, and could bring something else.
        held = read.localCheckpoint(eager=True)
        #: As the batch that closes a window always is.
        self.is_empty = held.isEmpty()
        facts = quote(FACTS)
        told = [f"{facts}.{one} AS _{one}" for one in ("partition", "order", "generation", "fills")]
        row = f"concat_ws(':', {facts}.partition, {facts}.order) AS _row"
        columns = [*(quote(one) for one in target.names), f"{facts}.hash AS {CONTENT_HASH}"]
        of_rows = held.where(f"{facts}.kind = 'row'")
        staged = of_rows.selectExpr(*columns, *told, row)
        self.rows = staged.withColumn("_at", expr(sequence_of(target)))
        self.marks = held.where(f"{facts}.kind <> 'row'").select(f"{facts}.*")


def sequence_of(target: Target) -> str:
    """The sequence of a staged row; of a snapshot's row its generation, which is ms since 1970."""
    if not target.job.windowed:
        return "timestamp_millis(_generation)"
    if target.job.sequence_by is None:
        return "CAST(NULL AS TIMESTAMP)"
    return quote(target.job.sequence_by)


def folded(target: Target, rows: str) -> str:
    """One row for each key and sequence: of a partition the one read last, of several partitions that of the greatest hash.

    :param rows: a view of staged rows
    """
    keys = quote_all(target.job.primary_keys)
    of_partition = f"PARTITION BY {keys}, _at, _partition ORDER BY _order DESC"
    of_all = f"PARTITION BY {keys}, _at ORDER BY _hash DESC"
    narrow = f"SELECT {keys}, _at, {CONTENT_HASH} AS _hash, _row, _partition, _order FROM {rows}"
    last = f"SELECT * FROM (SELECT *, row_number() OVER ({of_partition}) AS _last FROM ({narrow})) WHERE _last = 1"
    return f"SELECT {keys}, _at, _hash, _row FROM (SELECT *, row_number() OVER ({of_all}) AS _one FROM ({last})) WHERE _one = 1"
