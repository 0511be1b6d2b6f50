"""Starts children and tasks that read nothing, and pickles readers: `{folder, cores, bundles, options, partitions, rounds}` on stdin."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "spark"))

from pyspark import cloudpickle
from pyspark.sql import SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.types import StructType
from session import load_generated, make_session

STARTS = 10


class NothingReader(DataSourceReader):
    def __init__(self, tasks: int):
        self.tasks = tasks

    def partitions(self) -> list[InputPartition]:
        return [InputPartition(index) for index in range(self.tasks)]

    def read(self, partition: InputPartition) -> Iterator[tuple]:
        return iter(())


class NothingSource(DataSource):
    """Tasks of Python alone."""

    @classmethod
    def name(cls) -> str:
        return "nothing"

    def schema(self) -> str:
        return "id string"

    def reader(self, schema: StructType) -> DataSourceReader:
        return NothingReader(int(dict(self.options)["max_tasks"]))


def source_class(module: ModuleType) -> type[DataSource]:
    """What the file registers under its source's own name, last."""
    registered: list[type[DataSource]] = []
    module.register_lakeflow_source(SimpleNamespace(dataSource=SimpleNamespace(register=registered.append)))
    return registered[-1]


def pickled(source: type[DataSource]) -> dict[str, int]:
    made = source({"tableName": "messages"})
    parts = {
        "class": source,
        "batch reader": made.reader(StructType()),
        "stream reader": made.streamReader(StructType()),
    }
    return {name: len(cloudpickle.dumps(part)) for name, part in parts.items()}


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def read_nothing(spark: SparkSession, setup: dict[str, Any]) -> dict[str, dict[str, list[float]]]:
    formats = {"node": "microsoft_teams", "python": "nothing"}
    read = {kind: {"one": [], "many": []} for kind in formats}
    for _ in range(setup["rounds"]):
        for kind, name in formats.items():
            for tasks, count in {"one": 1, "many": setup["partitions"]}.items():
                options = {**setup["options"], "tableName": "messages", "max_tasks": str(count)}
                rows = spark.read.format(name).options(**options).load()
                read[kind][tasks].append(seconds_of(rows.write.format("noop").mode("overwrite").save))
    return read


def main() -> None:
    setup = json.load(sys.stdin)
    modules = {name: load_generated(Path(path)) for name, path in setup["bundles"].items()}
    sources = {name: source_class(module) for name, module in modules.items()}
    spark = make_session(Path(setup["folder"]), setup["cores"])
    spark.dataSource.register(NothingSource)
    start = {}
    for name, module in modules.items():
        module.register_lakeflow_source(spark)
        start[name] = [seconds_of(sources[name]({"tableName": "messages"}).schema) for _ in range(STARTS)]
    answer = {
        "start": start,
        "pickled": {name: pickled(source) for name, source in sources.items()},
        "read": read_nothing(spark, setup),
    }
    print(json.dumps(answer))
    spark.stop()


if __name__ == "__main__":
    main()
