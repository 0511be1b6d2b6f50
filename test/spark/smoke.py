"""The generated file on another Spark: `smoke.py GENERATED FOLDER OPTIONS LATER` reads a batch, a stream twice and once more in the
later world, and what describes the source, and writes what came as one line of JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

from session import load_generated


def make_session(folder: Path) -> SparkSession:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -Dderby.system.home={folder / 'derby'}",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
    }
    builder = SparkSession.builder.master("local[2]").appName("parley")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def main(generated: str, folder: str, options: str, later: str) -> None:
    root, given = Path(folder), json.loads(options)
    spark = make_session(root)
    load_generated(Path(generated)).register_lakeflow_source(spark)
    read = lambda table: spark.read.format("rooms").options(**given, tableName=table).load()

    def stream() -> list[str]:
        frame = spark.readStream.format("lakeflow_connect").options(**given, tableName="events").load()
        writer = frame.writeStream.trigger(availableNow=True).option("checkpointLocation", str(root / "checkpoint"))
        query = writer.foreachBatch(lambda batch, _: batch.write.mode("append").parquet(str(root / "sink"))).start()
        query.awaitTermination()
        return sorted(row.id for row in spark.read.parquet(str(root / "sink")).collect())

    stream()
    again = stream()
    batch = read("events").collect()
    Path(given["world_file"]).write_text(later)
    told = {
        "version": pyspark.__version__,
        "batch": sorted(row.id for row in batch),
        "marks": max(len(row.marks) for row in batch),
        "stream": again,
        "later": stream(),
        "tables": [row.tableName for row in read("_community_tables").collect()],
        "connection": spark.read.format("rooms")
        .options(**given, operation="validate_connection")
        .load()
        .first()[0]
        .status,
    }
    print(json.dumps(told), flush=True)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
