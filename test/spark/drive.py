"""A Spark driver that a test tells what to do: one JSON command a line on stdin, one JSON answer a line on stdout.

`run` reads a table with a partitioned AvailableNow stream into a Delta table; `dump` writes what the table holds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession

from session import load_generated, make_session


class Driver:
    def __init__(self, spark: SparkSession, setup: dict):
        self.spark, self.folder = spark, Path(setup["folder"])
        self.options, self.keys, self.cursor = setup["options"], setup["keys"], setup["cursor"]
        self.generated = load_generated(Path(setup["bundle"]))
        self.generated.register_lakeflow_source(spark)

    def run(self, table: str, kill: str | None = None, **options: str) -> dict:
        """:param kill: die `before` or `after` the MERGE of the first batch, or when its commit is `committed`"""
        checkpoint = self.folder / f"{table}_checkpoint"
        if kill == "committed":
            threading.Thread(target=self._die_at_commit, args=(checkpoint,), daemon=True).start()

        def store(batch: DataFrame, _: int) -> None:
            if kill == "before":
                self._die()
            self._merge(batch, table)
            if kill == "after":
                self._die()

        stream = self.spark.readStream.format("lakeflow_connect").options(
            **{**self.options, **options}, tableName=table
        )
        query = (
            stream.load()
            .writeStream.trigger(availableNow=True)
            .option("checkpointLocation", str(checkpoint))
            .foreachBatch(store)
            .start()
        )
        error = None
        try:
            query.awaitTermination()
        except StreamingQueryException as failure:
            error = str(failure)
        batches = [[one["batchId"], one["numInputRows"]] for one in query.recentProgress if one["numInputRows"] >= 0]
        return {"error": error, "batches": batches, "offset": self._last_offset(checkpoint)}

    def ingest(self, spec: dict) -> dict:
        """The summary of the generated file's own `ingest`."""
        return self.generated.ingest(self.spark, spec, self.options, str(self.folder / "ingest_checkpoints"))

    def export(self, table: str, folder: str) -> dict:
        """A table as Parquet files, which other engines read."""
        self.spark.table(table).coalesce(1).write.mode("overwrite").parquet(folder)
        return {"rows": self.spark.read.parquet(folder).count()}

    def dump(self, table: str, columns: list[str]) -> dict:
        rows = self.spark.read.format("delta").load(str(self.folder / table)).selectExpr(*columns).collect()
        out = self.folder / f"{table}.json"
        out.write_text(json.dumps([list(row) for row in rows]))
        return {"file": str(out), "rows": len(rows)}

    def _merge(self, batch: DataFrame, table: str) -> None:
        """SCD type 1: of a key's rows in the batch the newest, and it replaces an older or equal one."""
        target, keys = str(self.folder / table), ", ".join(self.keys)
        batch.createOrReplaceTempView("batch")
        newest = batch.sparkSession.sql(
            f"SELECT * EXCEPT (place) FROM (SELECT *, row_number() OVER "
            f"(PARTITION BY {keys} ORDER BY {self.cursor} DESC, xxhash64(*)) AS place FROM batch) WHERE place = 1"
        ).persist()
        try:
            if newest.isEmpty():
                return
            if not (Path(target) / "_delta_log").exists():
                newest.write.format("delta").save(target)
                return
            newest.createOrReplaceTempView("newest")
            same_key = " AND ".join(f"t.{key} = s.{key}" for key in self.keys)
            batch.sparkSession.sql(
                f"MERGE INTO delta.`{target}` t USING newest s ON {same_key} "
                f"WHEN MATCHED AND s.{self.cursor} >= t.{self.cursor} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
            )
        finally:
            newest.unpersist()

    def _die_at_commit(self, checkpoint: Path) -> None:
        commits = checkpoint / "commits"
        before = set(os.listdir(commits)) if commits.exists() else set()
        while not any(name.isdecimal() for name in set(os.listdir(commits)) - before):
            time.sleep(0.002)
        self._die()

    def _die(self) -> None:
        """No goodbye: first the JVM, then this process."""
        os.kill(self.spark.sparkContext._gateway.proc.pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _last_offset(checkpoint: Path) -> dict | None:
        logs = sorted((int(one.name) for one in (checkpoint / "offsets").glob("[0-9]*")), reverse=True)
        return json.loads((checkpoint / "offsets" / str(logs[0])).read_text().splitlines()[-1]) if logs else None


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    driver = Driver(make_session(Path(setup["folder"])), setup)
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(driver, command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
