"""A Spark driver that a test tells what to do: one JSON command a line on stdin, one JSON answer a line on stdout.

`run` reads a table with a partitioned AvailableNow stream into a Delta table, `start` and `stop` leave time between;
`read` reads it at once; `dump` writes what the table holds.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException, StreamingQueryException
from pyspark.sql import DataFrame, SparkSession

from kill_point import die, die_at
from session import load_generated, make_session


class Driver:
    def __init__(self, spark: SparkSession, setup: dict):
        self.spark, self.folder = spark, Path(setup["folder"])
        self.options, self.keys, self.cursor = setup["options"], setup["keys"], setup["cursor"]
        self.generated = load_generated(Path(setup["bundle"]))
        self.generated.register_lakeflow_source(spark)

    def run(self, table: str, kill: str | None = None, name: str | None = None, **options: str) -> dict:
        """:param kill: die `before` or `after` the MERGE of the first batch, or when its commit is `committed`
        :param name: of sink and checkpoint; the table's otherwise
        """
        name = name or table
        if kill == "committed":
            die_at(self.spark, self._checkpoint(name), {"file": "commits/[0-9]*"})
        try:
            self.start(table, name, kill, **options)
        except PySparkException as failure:
            return {"error": str(failure), "batches": [], "offset": None}
        return self.wait(name)

    def start(self, table: str, name: str, kill: str | None = None, **options: str) -> dict:
        def store(batch: DataFrame, _: int) -> None:
            if kill == "before":
                die(self.spark)
            self._merge(batch, name)
            if kill == "after":
                die(self.spark)

        reader = self.spark.readStream.format("lakeflow_connect")
        stream = reader.options(**{**self.options, **options}, tableName=table).load()
        writer = stream.writeStream.trigger(availableNow=True).option("checkpointLocation", str(self._checkpoint(name)))
        self.query = writer.foreachBatch(store).start()
        return {}

    def stop(self) -> dict:
        self.query.stop()
        return {}

    def wait(self, name: str) -> dict:
        query, error = self.query, None
        try:
            query.awaitTermination()
        except StreamingQueryException as failure:
            error = str(failure)
        batches = [[one["batchId"], one["numInputRows"]] for one in query.recentProgress if one["numInputRows"] >= 0]
        return {"error": error, "batches": batches, "offset": self._last_offset(self._checkpoint(name))}

    def read(self, table: str, columns: list[str], limit: int = -1, cancel: str = "", **options: str) -> dict:
        """A batch read: of its rows or its exception what a user sees.

        :param cancel: a file; when it comes, all jobs are cancelled
        """
        if cancel:
            threading.Thread(target=self._cancel_at, args=(Path(cancel),), daemon=True).start()
        reader = self.spark.read.format("lakeflow_connect").options(**{**self.options, **options}, tableName=table)
        try:
            frame = reader.load().selectExpr(*columns)
            rows = frame.collect() if limit < 0 else frame.take(limit)
        except (PySparkException, Py4JJavaError) as failure:
            return {"error": str(failure), "rows": []}
        return {"error": None, "rows": [list(row) for row in rows]}

    def ingest(self, spec: dict, kill: dict | None = None) -> dict:
        """The summary of the generated file's own `ingest`, or the text of its exception.

        :param kill: die on the way, as kill_point.py says
        """
        if kill is not None:
            die_at(self.spark, self.folder, kill)
        try:
            return self.generated.ingest(self.spark, spec, self.options, str(self.folder / "ingest_checkpoints"))
        except self.generated.ParleyError as failure:
            return {"error": str(failure)}

    def export(self, table: str, folder: str) -> dict:
        """A table as Parquet files, which other engines read."""
        self.spark.table(table).coalesce(1).write.mode("overwrite").parquet(folder)
        return {"rows": self.spark.read.parquet(folder).count()}

    def dump(self, name: str, columns: list[str]) -> dict:
        rows = self.spark.read.format("delta").load(str(self.folder / name)).selectExpr(*columns).collect()
        out = self.folder / f"{name}.json"
        out.write_text(json.dumps([list(row) for row in rows]))
        return {"file": str(out), "rows": len(rows)}

    def _merge(self, batch: DataFrame, name: str) -> None:
        """SCD type 1: of a key's rows in the batch the newest, and it replaces an older or equal one."""
        target, keys = str(self.folder / name), ", ".join(self.keys)
        if not self.keys:
            # As it comes: whatever was read twice is there twice.
            batch.write.format("delta").mode("append").save(target)
            return
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

    def _cancel_at(self, mark: Path) -> None:
        while not mark.exists():
            time.sleep(0.01)
        self.spark.sparkContext.cancelAllJobs()

    def _checkpoint(self, name: str) -> Path:
        return self.folder / f"{name}_checkpoint"

    @staticmethod
    def _last_offset(checkpoint: Path) -> dict | None:
        logs = sorted((int(one.name) for one in (checkpoint / "offsets").glob("[0-9]*")), reverse=True)
        return json.loads((checkpoint / "offsets" / str(logs[0])).read_text().splitlines()[-1]) if logs else None


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    how = {name: setup[name] for name in ("attempts", "tells_all", "catalog") if name in setup}
    driver = Driver(make_session(Path(setup["folder"]), **how), setup)
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(driver, command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
