"""`ingest` of the generated file into real Delta tables: what is stored, what is said, what a refusal costs."""

import threading

import pytest

from driver_process import wait_until


@pytest.fixture
def ingest(spark, generated, rooms, request, tmp_path):
    """Into a schema of its own."""
    schema = f"ingest_{abs(hash(request.node.name))}"

    def run(tables=("events", "rooms"), scd_type="SCD_TYPE_1", **options):
        objects = [
            {
                "table": {
                    "source_table": table,
                    "destination_schema": schema,
                    "table_configuration": {"scd_type": scd_type, **options},
                }
            }
            for table in tables
        ]
        spec = {"connection_name": schema, "objects": objects}
        connection = {name: value for name, value in rooms.options.items() if name != "tableName"}
        return generated.ingest(spark, spec, connection, str(tmp_path / "checkpoints"))

    run.schema = schema
    run.table = lambda name: spark.table(f"{schema}.{name}")
    return run


def counts(summary):
    return [(one["table"], one["status"], one["inserted"], one["updated"], one["deleted"]) for one in summary["tables"]]


def events(ingest):
    return sorted(f"{row.room}{row.id}" for row in ingest.table("events").collect())


def test_twice_then_after_changes(ingest, rooms):
    rooms.say("a", "1", 100)
    rooms.say("b", "1", 200)
    rooms.show(1000, "ab")
    summary = ingest()
    assert summary["status"] == "ok"
    assert counts(summary) == [("events", "ok", 2, 0, 0), ("rooms", "ok", 2, 0, 0)]
    rooms.show(2000, "ab")
    assert counts(ingest()) == [("events", "ok", 0, 0, 0), ("rooms", "ok", 0, 0, 0)]
    rooms.say("a", "2", 2500)
    rooms.say("c", "1", 2500)
    rooms.show(3000, "abc")
    assert counts(ingest()) == [("events", "ok", 2, 0, 0), ("rooms", "ok", 1, 0, 0)]
    assert events(ingest) == ["a1", "a2", "b1", "c1"]
    assert sorted(row.room for row in ingest.table("rooms").collect()) == ["a", "b", "c"]


def test_a_refused_partition_is_told_of_and_caught_up(ingest, rooms):
    rooms.say("a", "1", 100)
    rooms.say("b", "1", 200)
    rooms.show(1000, "ab", refused="b")
    summary = ingest(tables=["events"])
    assert summary["status"] == "partial"
    (table,) = summary["tables"]
    assert table["refused"] == [
        {"partition": "b", "code": "PARLEY_ROOM_CLOSED", "message": "b is closed.", "remedy": "Open the room."}
    ]
    assert events(ingest) == ["a1"]
    rooms.show(2000, "ab")
    assert counts(ingest(tables=["events"])) == [("events", "ok", 1, 0, 0)]
    assert events(ingest) == ["a1", "b1"]


def test_a_table_that_fails_stops_no_other_and_is_an_error_at_the_end(ingest, generated, rooms):
    rooms.show(1000, "ab", refused="ab")
    with pytest.raises(generated.ParleyError) as caught:
        ingest()
    error = caught.value
    assert error.code == "PARLEY_INGEST_FAILED" and "refused all 2 partitions" in str(error)
    failed, other = error.details["tables"]
    assert (failed["status"], failed["error"]["code"]) == ("failed", "PARLEY_PARTITIONS_REFUSED")
    assert (other["status"], other["inserted"]) == ("ok", 2)


def test_rows_of_a_vanished_partition_go_in_the_second_run_that_misses_it(ingest, rooms):
    rooms.show(1000, "abc")
    ingest(tables=["rooms"], scd_type="SCD_TYPE_2")
    rooms.show(2000, "ab", absent="c")
    summary = ingest(tables=["rooms"], scd_type="SCD_TYPE_2")
    assert summary["tables"][0]["refused"][0]["code"] == "PARLEY_PARTITION_NOT_FOUND"
    open_rows = lambda: sorted(row.room for row in ingest.table("rooms").where("__END_AT IS NULL").collect())
    assert open_rows() == ["a", "b", "c"]
    rooms.show(3000, "ab", absent="c")
    assert counts(ingest(tables=["rooms"], scd_type="SCD_TYPE_2")) == [("rooms", "ok", 0, 0, 1)]
    assert open_rows() == ["a", "b"]
    rooms.show(4000, "abc")
    assert counts(ingest(tables=["rooms"], scd_type="SCD_TYPE_2")) == [("rooms", "ok", 1, 0, 0)]
    assert open_rows() == ["a", "b", "c"]


def test_a_spec_that_is_wrong_is_refused_whole(ingest, generated, rooms, spark):
    rooms.show(1000, "a")
    with pytest.raises(generated.ParleyError, match=r"\[PARLEY_SPEC_INVALID\].*no table messages"):
        ingest(tables=["messages"])
    with pytest.raises(generated.ParleyError, match=r"\[PARLEY_SPEC_INVALID\]"):
        generated.ingest(spark, {"connection_name": "x", "objects": [], "more": 1})


def test_a_table_that_holds_something_else_is_left_alone(ingest, generated, rooms, spark):
    rooms.show(1000, "a")
    ingest(tables=["rooms"])
    with pytest.raises(generated.ParleyError) as caught:
        ingest(tables=["rooms"], scd_type="SCD_TYPE_2")
    assert caught.value.details["tables"][0]["error"]["code"] == "PARLEY_JOB_CHANGED"


def test_a_table_that_was_dropped_is_filled_anew(ingest, rooms, spark):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    ingest()
    for table in ("events", "rooms"):
        spark.sql(f"DROP TABLE {ingest.schema}.{table}")
    rooms.show(2000, "a")
    assert counts(ingest()) == [("events", "ok", 1, 0, 0), ("rooms", "ok", 1, 0, 0)]


def test_a_listed_table_that_is_refused_whole_fails_and_keeps_its_rows(ingest, generated, rooms):
    rooms.show(1000, "ab")
    ingest(tables=["rooms"])
    rooms.show(2000, "ab", hidden="a")
    assert counts(ingest(tables=["rooms"])) == [("rooms", "partial", 0, 0, 0)]
    rooms.show(3000, "ab", hidden="ab")
    with pytest.raises(generated.ParleyError) as caught:
        ingest(tables=["rooms"])
    assert caught.value.details["tables"][0]["error"]["code"] == "PARLEY_PARTITIONS_REFUSED"
    assert ingest.table("rooms").count() == 2


def test_a_partition_that_comes_between_the_look_and_the_read_waits_for_the_next_run(ingest, rooms, tmp_path):
    rooms.show(1000, "ab")
    ingest(tables=["rooms"])
    gate = tmp_path / "gate"
    gate.touch()
    rooms.show(2000, "ab", gate={"at": "plan", "file": str(gate)})

    def come():
        wait_until(lambda: any(tmp_path.glob("gate.plan.*")), "nobody looks")
        rooms.show(2000, "abc")
        gate.unlink()

    coming = threading.Thread(target=come)
    coming.start()
    assert counts(ingest(tables=["rooms"])) == [("rooms", "ok", 0, 0, 0)]
    coming.join()
    rooms.show(3000, "abc")
    assert counts(ingest(tables=["rooms"])) == [("rooms", "ok", 1, 0, 0)]
