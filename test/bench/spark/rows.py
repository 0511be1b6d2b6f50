"""Reads the same rows in four ways, in turn, and throws them away: `{folder, bundle, options, rounds}` on stdin."""

from __future__ import annotations

import datetime
import json
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "spark"))

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.types import ArrayType, DataType, IntegerType, StructType, TimestampType
from session import load_generated, make_session


class TupleReader(DataSourceReader):
    """The rows of one page, so many pages in each partition."""

    def __init__(self, options: dict[str, str], schema: StructType):
        self.options = options
        self.schema = schema

    def partitions(self) -> list[InputPartition]:
        return [InputPartition(index) for index in range(int(self.options["partitions"]))]

    def pages(self) -> Iterator[list[tuple]]:
        raise NotImplementedError

    def read(self, partition: InputPartition) -> Iterator[tuple]:
        for page in self.pages():
            yield from page


class ReadyReader(TupleReader):
    """Costs nothing but handing over: no connector can be faster with tuples."""

    def pages(self) -> Iterator[list[tuple]]:
        page = pickle.loads(Path(self.options["rows_file"]).read_bytes())
        for _ in range(int(self.options["pages"])):
            yield page


class BatchesReader(TupleReader):
    """The same for Arrow: what handing over alone costs."""

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        with pa.ipc.open_file(self.options["batches_file"]) as file:
            page = [file.get_batch(index) for index in range(file.num_record_batches)]
        for _ in range(int(self.options["pages"])):
            yield from page


class ParsedReader(TupleReader):
    """As a connector in Python does it: JSON, then a value for each column by its type."""

    def pages(self) -> Iterator[list[tuple]]:
        text = Path(self.options["page_file"]).read_text(encoding="utf8")
        converters = [(field.name, converter_of(field.dataType)) for field in self.schema]
        for _ in range(int(self.options["pages"])):
            yield [tuple(convert(row.get(name)) for name, convert in converters) for row in rows_of(text)]


def rows_of(text: str) -> Iterator[dict[str, Any]]:
    for row in json.loads(text)["value"]:
        told = row["channelIdentity"]
        yield {**row, "team_id": told["teamId"], "channel_id": told["channelId"]}


def converter_of(kind: DataType) -> Callable[[Any], Any]:
    if isinstance(kind, StructType):
        fields = [(field.name, converter_of(field.dataType)) for field in kind]
        return lambda value: None if value is None else {name: convert(value.get(name)) for name, convert in fields}
    if isinstance(kind, ArrayType):
        one = converter_of(kind.elementType)
        return lambda value: None if value is None else [one(item) for item in value]
    if isinstance(kind, TimestampType):
        return lambda value: None if value is None else datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(kind, IntegerType):
        return lambda value: value
    return lambda value: as_text(value) if isinstance(value, (dict, list)) else value


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def source_of(format_name: str, reader: type[TupleReader], columns: StructType) -> type[DataSource]:
    class PageSource(DataSource):
        @classmethod
        def name(cls) -> str:
            return format_name

        def schema(self) -> StructType:
            return columns

        def reader(self, schema: StructType) -> DataSourceReader:
            return reader({key.lower(): value for key, value in dict(self.options).items()}, schema)

    return PageSource


def measure(spark: SparkSession, options: dict[str, str], rounds: int) -> dict[str, Any]:
    ways = {"generated": "bulk", "parsed": "parsed", "batches": "batches", "tuples": "tuples"}
    load = lambda way, **more: spark.read.format(ways[way]).options(**{**options, **more}, tableName="messages").load()
    few = {"partitions": "1", "pages": "2"}
    read = {way: digest(load(way, **few)) for way in ways}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds):
        for way in list(ways) if turn % 2 == 0 else list(ways)[::-1]:
            began = time.monotonic()
            load(way).write.format("noop").mode("overwrite").save()
            seconds[way].append(time.monotonic() - began)
    return {"read": read, "seconds": seconds}


def keep(page: DataFrame, folder: Path) -> dict[str, str]:
    """The rows of a page as tuples and as Arrow, in files that tasks read before they begin."""
    rows_file, batches_file = folder / "rows.pickle", folder / "rows.arrow"
    rows_file.write_bytes(pickle.dumps([tuple(row) for row in page.collect()]))
    table = page.toArrow().combine_chunks()
    with pa.ipc.new_file(batches_file, table.schema) as file:
        file.write_table(table)
    return {"rows_file": str(rows_file), "batches_file": str(batches_file)}


def digest(rows: DataFrame) -> list[int]:
    hashes = rows.selectExpr("count(*) AS rows", "sum(CAST(xxhash64(to_json(struct(*))) AS DECIMAL(38, 0))) AS hash")
    return [int(value) for value in hashes.first()]


def main() -> None:
    setup = json.load(sys.stdin)
    folder, options = Path(setup["folder"]), setup["options"]
    spark = make_session(folder)
    load_generated(Path(setup["bundle"])).register_lakeflow_source(spark)
    one_page = {**options, "partitions": "1", "pages": "1", "tableName": "messages"}
    page = spark.read.format("bulk").options(**one_page).load()
    options.update(keep(page, folder))
    for name, reader in {"tuples": ReadyReader, "batches": BatchesReader, "parsed": ParsedReader}.items():
        spark.dataSource.register(source_of(name, reader, page.schema))
    print(json.dumps(measure(spark, options, setup["rounds"])))
    spark.stop()


if __name__ == "__main__":
    main()
