"""What `ingest` declares inside a Databricks pipeline. The declarations are written down here; their arguments have to fit Spark's own
functions of that name, and what a view reads is read by real Spark. What Databricks makes of them is not run by us."""

import inspect

import pytest
from parley_spark.child import ask
from parley_spark.errors import ParleyError
from parley_spark.ingest_pipeline import Declarations, declare_pipeline, is_pipeline
from parley_spark.target import Job
from pyspark import pipelines as real


class Declared:
    """Writes down what is declared, as Spark's module takes it."""

    def __init__(self):
        self.tables, self.views, self.flows = [], {}, []

    def create_streaming_table(self, **arguments):
        inspect.signature(real.create_streaming_table).bind(**arguments)
        self.tables.append(arguments)

    def temporary_view(self, **arguments):
        inspect.signature(real.temporary_view).bind(**arguments)
        return lambda read: self.views.setdefault(arguments["name"], read)

    def append_flow(self, **arguments):
        inspect.signature(real.append_flow).bind(**arguments)
        return lambda read: self.flows.append(("append", arguments["target"]))

    def create_auto_cdc_flow(self, **arguments):
        inspect.signature(real.create_auto_cdc_flow).bind(**arguments)
        self.flows.append(("cdc", arguments["target"], arguments["source"], arguments["stored_as_scd_type"]))

    # Of Databricks alone.
    def create_auto_cdc_from_snapshot_flow(self, *, target, source, keys, stored_as_scd_type):
        self.flows.append(("snapshot", target, source, stored_as_scd_type))


@pytest.fixture
def jobs(program):
    def parse(*tables):
        objects = [{"table": {"source_table": name, **more}} for name, more in tables]
        spec = ask(program, {}, {"op": "spec", "spec": {"connection_name": "c", "objects": objects}})
        return [Job.of(one) for one in spec["tables"]]

    return parse


@pytest.fixture
def declare(spark, jobs):
    def run(*tables):
        declared = Declared()
        declare_pipeline(spark, "c", jobs(*tables), declared)
        return declared

    return run


def kept(scd_type):
    return {"table_configuration": {"scd_type": scd_type}}


def test_each_kind_of_table_has_a_flow(declare):
    declared = declare(
        ("events", kept("SCD_TYPE_1")),
        ("rooms", {**kept("SCD_TYPE_2"), "destination_schema": "s"}),
        ("events", {**kept("APPEND_ONLY"), "destination_catalog": "c", "destination_schema": "s"}),
    )
    assert [one["name"] for one in declared.tables] == ["`events`", "`s`.`rooms`", "`c`.`s`.`events`"]
    assert declared.flows == [
        ("cdc", "`events`", "parley_0_events", 1),
        ("snapshot", "`s`.`rooms`", "parley_1_rooms", 2),
        ("append", "`c`.`s`.`events`"),
    ]


def test_one_table_with_two_destinations_is_read_twice_and_kept_as_each_says(declare, rooms):
    rooms.show(1000, "a")
    declared = declare(
        ("events", {"destination_table": "one"}),
        ("events", {"destination_table": "two", **kept("APPEND_ONLY")}),
        ("rooms", {}),
    )
    assert [one[0] for one in declared.flows] == ["cdc", "append", "snapshot"]
    frames = {name: read() for name, read in declared.views.items()}
    assert [(name, frame.isStreaming) for name, frame in frames.items()] == [
        ("parley_0_events", True),
        ("parley_1_events", True),
        ("parley_2_rooms", False),
    ]


def test_a_listed_table_cannot_be_appended(declare):
    with pytest.raises(ParleyError, match=r"\[PARLEY_STREAM_UNSUPPORTED\] Table rooms"):
        declare(("rooms", kept("APPEND_ONLY")))


def test_streams_of_a_pipeline_share_the_limits_unless_the_spec_says_how(spark, jobs):
    own = {"table_configuration": {"concurrent_streams": 3, "shard": "0/2", "lookback_ms": "5"}}
    plain, told = jobs(("events", {}), ("events", {"destination_table": "two", **own}))
    declarations = Declarations(spark, "c", Declared(), streams=2)
    assert declarations.options_of(plain) == {
        "concurrent_streams": "2",
        "databricks.connection": "c",
        "tableName": "events",
    }
    assert declarations.options_of(told) == {
        "concurrent_streams": "3",
        "shard": "0/2",
        "lookback_ms": "5",
        "databricks.connection": "c",
        "tableName": "events",
    }


def test_a_pipeline_is_known_by_its_setting(spark):
    assert not is_pipeline(spark)
    spark.conf.set("pipelines.id", "p")
    try:
        assert is_pipeline(spark)
    finally:
        spark.conf.unset("pipelines.id")
