"""What the original connector got wrong on Spark, asked of this one: docs/original_connector.md names each."""

import subprocess

import pytest
from pyspark.errors import StreamingQueryException

from conftest import ROOT
from session import load_generated


def ids(frame):
    return sorted(f"{row.room}{row.id}" for row in frame.collect())


@pytest.fixture
def run(spark, rooms):
    """An AvailableNow query into Parquet; what was read of which frame."""

    def start(frame):
        sink = str(rooms.folder / "sink")
        writer = frame.writeStream.trigger(availableNow=True).option("checkpointLocation", str(rooms.folder / "c"))
        writer.foreachBatch(lambda batch, _: batch.write.mode("append").parquet(sink)).start().awaitTermination()
        return ids(spark.read.parquet(sink))

    return start


def test_options_of_a_stream_have_any_case(spark, rooms, run):
    for room in "abcd":
        rooms.say(room, "1", 100)
    rooms.show(1000, "abcd")
    stream = spark.readStream.format("rooms").options(**{**rooms.options, "Shard": "0/2", "MAX_TASKS": "1"}).load()
    batch = spark.read.format("rooms").options(**{**rooms.options, "ShArD": "0/2"}).load()
    # Shares of two: a share is neither everything nor nothing only where the option arrived.
    assert run(stream) == ids(batch)
    assert 0 < len(ids(batch)) < 4


def test_a_batch_reads_more_than_a_page_to_its_end(spark, rooms):
    for number in range(40):
        rooms.say("a", f"{number:02}", 100 + number)
    rooms.show(1000, "a")
    assert len(ids(spark.read.format("rooms").options(**rooms.options).load())) == 40


def test_a_plan_that_fails_is_an_error_and_no_other_plan(spark, rooms):
    rooms.show(1000, "a")
    frame = spark.read.format("rooms").options(**rooms.options).load()
    rooms.file.write_text("no world")
    with pytest.raises(Exception, match=r"\[PARLEY_BUG\]"):
        frame.collect()


def test_the_ceiling_is_that_of_the_start_and_not_of_the_plan(spark, rooms, run):
    rooms.say("a", "1", 100)
    rooms.say("a", "2", 1500)
    rooms.show(1000, "a")
    stream = spark.readStream.format("rooms").options(**rooms.options).load()
    rooms.show(2000, "a")
    assert run(stream) == ["a1", "a2"]


def test_a_flow_of_deletions_is_refused(spark, rooms, run):
    rooms.show(1000, "a")
    stream = spark.readStream.format("rooms").options(**rooms.options, isDeleteFlow="true").load()
    with pytest.raises(StreamingQueryException, match=r"\[PARLEY_STREAM_UNSUPPORTED\]"):
        run(stream)


def test_two_sources_live_in_one_session(spark, rooms, generated, node, tmp_path):
    other = tmp_path / "_generated_discord_python_source.py"
    script = ROOT / "pipeline" / "bundle" / "bundle_file.ts"
    command = [node, str(script), "sources/discord/index.ts", "discord", str(other)]
    subprocess.run(command, cwd=ROOT, check=True)
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    load_generated(other).register_lakeflow_source(spark)
    try:
        assert ids(spark.read.format("rooms").options(**rooms.options).load()) == ["a1"]
        tables = spark.read.format("discord").options(tableName="_community_tables").load().collect()
        assert "guilds" in [row.tableName for row in tables]
    finally:
        generated.register_lakeflow_source(spark)
