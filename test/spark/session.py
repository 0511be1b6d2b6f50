"""One local Spark with Delta, on loopback only."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

from pyspark.sql import SparkSession

VENV = Path(sys.prefix)


def make_session(
    folder: Path, cores: int = 2, attempts: int = 1, tells_all: bool = False, catalog: str | None = None
) -> SparkSession:
    """:param folder: warehouse and temporary files
    :param attempts: how often a task may fail before its job does; a local Spark tries once, a cluster four times
    :param tells_all: keeps the log of events, with every plan and every property, and logs as clusters do
    :param catalog: `hive`: what tables there are outlives the process
    """
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    jars = ",".join(str(jar) for jar in sorted((VENV / "jars").glob("*.jar")))
    settings = {
        "spark.jars": jars,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        # Short queries on two cores: the second compiler costs more than it brings.
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dderby.system.home={folder / 'derby'}",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.shuffle.partitions": "1",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.sql.streaming.stopTimeout": "60000",
    }
    if tells_all:
        told = {"spark.eventLog.enabled": "true", "spark.eventLog.dir": str(folder), "spark.eventLog.compress": "false"}
        settings.update(told)
    if catalog is not None:
        settings["spark.sql.catalogImplementation"] = catalog
    builder = SparkSession.builder.master(f"local[{cores},{attempts}]").appName("parley")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("INFO" if tells_all else "ERROR")
    return session


def load_generated(path: Path) -> ModuleType:
    """A generated file as a module under its own name, which nobody else can import."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
