"""The data source inside real Spark, over the fixture source: what Spark does with offsets, plans and batches."""

import datetime
import json
import time

import pytest
from parley_spark.offset import partition_hash
from pyspark.errors import AnalysisException, StreamingQueryException

UTC = datetime.timezone.utc


class Stream:
    """One query's checkpoint and sink; each `run` is a query of its own, with a planning process of its own."""

    def __init__(self, spark, rooms):
        self.spark, self.rooms = spark, rooms
        self.checkpoint, self.sink = rooms.folder / "checkpoint", rooms.folder / "sink"

    def start(self, available_now=True, **options):
        frame = self.spark.readStream.format("rooms").options(**{**self.rooms.options, **options}).load()
        trigger = {"availableNow": True} if available_now else {"processingTime": "100 milliseconds"}
        writer = frame.writeStream.trigger(**trigger).option("checkpointLocation", str(self.checkpoint))
        # A plain append: Spark's own file sinks would pass over a replayed batch without reading it.
        return writer.foreachBatch(lambda batch, _: batch.write.mode("append").parquet(str(self.sink))).start()

    def run(self, **options) -> list[int]:
        """Rows of each batch."""
        query = self.start(**options)
        query.awaitTermination()
        # Spark also reports when it found nothing to do.
        moved = [
            one for one in query.recentProgress if one["sources"][0]["startOffset"] != one["sources"][0]["endOffset"]
        ]
        return [one["numInputRows"] for one in moved]

    def offsets(self) -> list[dict]:
        logs = sorted((self.checkpoint / "offsets").glob("[0-9]*"), key=lambda one: int(one.name))
        return [json.loads(one.read_text().splitlines()[-1]) for one in logs]

    def last(self, log: str) -> int:
        return max(int(one.name) for one in (self.checkpoint / log).glob("[0-9]*"))

    def forget(self, offset: int, commit: int) -> None:
        """As a kill leaves it: batches from these on are not in the logs."""
        for log, first in (("offsets", offset), ("commits", commit)):
            for batch in range(first, self.last(log) + 1):
                (self.checkpoint / log / str(batch)).unlink()
                (self.checkpoint / log / f".{batch}.crc").unlink(missing_ok=True)

    def rows(self) -> list[tuple[str, str]]:
        return sorted((row.room, row.id) for row in self.spark.read.parquet(str(self.sink)).collect())


@pytest.fixture
def stream(spark, rooms):
    return Stream(spark, rooms)


def test_batch_reads_nested_rows_and_times_as_they_are(spark, rooms):
    rooms.say("a", "1", 1_700_000_000_123, "hi")
    rooms.say("b", "2", 5, "")
    rooms.show(1_800_000_000_000, "ab")
    frame = spark.read.format("rooms").options(**rooms.options).load()
    assert frame.schema["at"].metadata == {"comment": "Last change."}
    assert not frame.schema["id"].nullable
    assert frame.schema["marks"].dataType.simpleString() == "array<struct<name:string,at:timestamp>>"
    first, second = frame.selectExpr("*", "unix_micros(at) AS micros").orderBy("id").collect()
    assert (first.micros, first.text, first.body.length) == (1_700_000_000_123_000, "hi", 2)
    assert [mark.name for mark in first.marks] == ["m0", "m1"]
    assert (second.micros, second.marks, second._rescued_data) == (5000, [], None)


def test_batch_reads_a_table_without_windows_and_an_empty_world(spark, rooms):
    rooms.show(10, "ab")
    options = {**rooms.options, "tableName": "rooms"}
    assert {row.room for row in spark.read.format("rooms").options(**options).load().collect()} == {"a", "b"}
    rooms.show(10, "")
    assert spark.read.format("rooms").options(**options).load().count() == 0


def test_a_refusal_fails_a_batch_with_its_code(spark, rooms):
    rooms.show(10, "ab", refused="b")
    with pytest.raises(Exception, match=r"\[PARLEY_ROOM_CLOSED\] b: b is closed"):
        spark.read.format("rooms").options(**rooms.options).load().collect()


def test_errors_of_analysis_carry_their_code(spark, rooms):
    rooms.show(10, "a")
    with pytest.raises(AnalysisException, match=r"\[PARLEY_TABLE_UNKNOWN\]"):
        spark.read.format("rooms").options(**{**rooms.options, "tableName": "none"}).load()
    with pytest.raises(AnalysisException, match=r"\[PARLEY_OPTION_MISSING\] Option tableName"):
        spark.read.format("rooms").load()


def test_a_table_without_windows_has_no_stream(stream, rooms):
    rooms.show(10, "a")
    with pytest.raises(StreamingQueryException, match=r"\[PARLEY_STREAM_UNSUPPORTED\]"):
        stream.run(tableName="rooms")


def test_each_window_once_then_an_empty_closing_batch_then_silence(stream, rooms):
    rooms.say("a", "1", 100)
    rooms.say("b", "1", 200)
    rooms.show(1000, "ab")
    assert stream.run() == [2, 0]
    full, closing = stream.offsets()
    assert (full["prev"], full["t"], len(full["joined"])) == (0, 1000, 1)
    # Only the process that planned the batch closes it: the reader lived on from one micro-batch to the next.
    assert (closing["prev"], closing["t"], "joined" in closing) == (1000, 1000, False)
    assert stream.run() == []
    rooms.say("a", "2", 1500)
    rooms.show(2000, "ab")
    assert stream.run() == [1, 0]
    assert stream.offsets()[2]["prev"] == 1000
    assert stream.rows() == [("a", "1"), ("a", "2"), ("b", "1")]


def test_a_plan_without_partitions_starts_no_child(stream, rooms, node):
    calls = rooms.folder / "calls"
    counting = rooms.folder / "node"
    counting.write_text(f'#!/bin/sh\n[ "$1" = --version ] || echo "$$" >> {calls}\nexec {node} "$@"\n')
    counting.chmod(0o755)
    rooms.show(1000, "ab")
    stream.run()
    rooms.show(2000, "ab")
    assert stream.run(node_path=str(counting)) == [0, 0]
    # Schema, plan, and a read for each room; none for the closing batch.
    assert len(calls.read_text().split()) == 4


def test_a_refusal_fails_one_run_is_passed_over_by_the_replay_and_caught_up(stream, rooms):
    rooms.say("a", "1", 100)
    rooms.say("b", "1", 200)
    rooms.show(1000, "ab")
    stream.run()
    rooms.say("a", "2", 1500)
    rooms.say("b", "2", 1500)
    rooms.show(2000, "ab", refused="b")
    with pytest.raises(StreamingQueryException, match=r"\[PARLEY_ROOM_CLOSED\]"):
        stream.run()
    rooms.say("a", "3", 2500)
    rooms.show(3000, "ab", refused="b")
    # The replay, the window before read again together with the new one, and the closing.
    assert stream.run() == [1, 2, 0]
    assert list(stream.offsets()[-1]["behind"]) == ["1000"]
    rooms.show(4000, "ab")
    assert stream.run() == [1, 0]
    assert stream.offsets()[-1]["behind"] == {}
    assert set(stream.rows()) == {("a", "1"), ("a", "2"), ("a", "3"), ("b", "1"), ("b", "2")}
    assert stream.rows().count(("b", "2")) == 1


def test_a_replay_reads_the_window_of_its_text_whatever_came_later(stream, rooms):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    stream.run()
    rooms.say("a", "2", 1500)
    rooms.show(2000, "a")
    stream.run()
    stream.forget(stream.last("offsets"), stream.last("offsets") - 1)
    rooms.say("a", "3", 1600)
    rooms.say("a", "4", 2500)
    rooms.show(3000, "a")
    # [1000, 2000) by the replay, [1000, 3000) after it: nothing else tells what a replay may have passed over.
    assert stream.run() == [2, 3, 0]


def test_one_that_joined_and_refused_in_the_replay_is_not_lost_by_another_kill(stream, rooms):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    stream.run()
    rooms.say("b", "1", 200)
    rooms.show(2000, "ab")
    stream.run()
    joined = stream.last("offsets") - 1
    assert "joined" in stream.offsets()[joined]
    # Killed before the commit; the replay passes over b; killed again before anything else was planned.
    stream.forget(joined + 1, joined)
    rooms.show(3000, "ab", refused="b")
    stream.run()
    stream.forget(joined + 1, joined + 1)
    rooms.show(4000, "ab")
    rows = stream.rows()
    stream.run()
    assert stream.rows() == [*rows, ("b", "1")]


def test_all_partitions_refused_fails(stream, rooms):
    rooms.show(1000, "ab", refused="ab")
    with pytest.raises(StreamingQueryException, match=r"\[PARLEY_PARTITIONS_REFUSED\].*Open the room"):
        stream.run()


def test_a_foreign_checkpoint_and_a_changed_shard_are_refused(stream, rooms):
    rooms.show(1000, "abcd")
    stream.run(shard="0/2")
    share = [one for one in "abcd" if int.from_bytes(partition_hash(one), "big") % 2 == 0]
    rooms.show(2000, "abcd")
    with pytest.raises(StreamingQueryException, match=r"\[PARLEY_SHARD_CHANGED\]"):
        stream.run()
    assert len(stream.offsets()[0]["joined"]["begin"]) == 4 * -(-8 * len(share) // 3)


def test_another_trigger_polls_again_and_reads_what_is_new(stream, rooms):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    query = stream.start(available_now=False, min_poll_seconds="1")
    try:
        wait_for(lambda: len(stream.offsets()) == 2, query)
        rooms.say("a", "2", 1500)
        rooms.show(2000, "a")
        wait_for(lambda: len(stream.offsets()) == 4, query)
    finally:
        query.stop()
    assert stream.rows() == [("a", "1"), ("a", "2")]


def wait_for(condition, query, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert query.isActive and time.monotonic() < deadline, query.exception()
        time.sleep(0.1)
