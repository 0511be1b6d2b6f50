"""The stream of Spark 4.0 and 4.1 over the same windows: driven as Spark's planning process drives it."""

import copy
import json

import pytest
from parley_spark.errors import ParleyError
from parley_spark.simple_reader import SimpleWindowReader
from parley_spark.table import Table


@pytest.fixture
def open_reader(program, rooms):
    def make(**options):
        return SimpleWindowReader(Table(program, {**rooms.options, **options}))

    return make


def drain(reader, start):
    """As an AvailableNow query does: reads until nothing comes. Ids of each batch, and the last offset."""
    batches = []
    for _ in range(20):
        rows, end = reader.read(start)
        ids = names(copy.copy(rows))
        assert names(rows) == ids
        if json.dumps(end) == json.dumps(start):
            assert ids == [], "rows without progress end a query"
            return batches, start
        batches.append(ids)
        # Every offset goes through a checkpoint as text.
        start = json.loads(json.dumps(end))
    raise AssertionError("it never ends")


def names(batches):
    return [f"{row['room']}{row['id']}" for batch in batches for row in batch.to_pylist()]


def test_reads_every_window_once_and_ends(open_reader, rooms):
    rooms.say("a", "1", 100)
    rooms.say("b", "1", 200)
    rooms.show(1000, "ab")
    reader = open_reader()
    batches, at = drain(reader, reader.initialOffset())
    assert batches == [["a1", "b1"]]
    rooms.say("a", "2", 1500)
    rooms.show(2000, "ab")
    assert drain(open_reader(), at)[0] == [["a2"]]


def test_takes_so_many_new_partitions_at_once_and_passes_over_those_that_refuse(open_reader, rooms):
    for room in "abcdef":
        rooms.say(room, "1", 100)
    rooms.show(1000, "abcdef", refused="abc")
    reader = open_reader(new_partitions_per_batch="2")
    batches, at = drain(reader, reader.initialOffset())
    assert [one for one in batches if one] == [["d1"], ["e1", "f1"]]
    rooms.show(2000, "abcdef")
    caught_up, _ = drain(open_reader(new_partitions_per_batch="2"), at)
    assert [one for one in caught_up if one] == [["a1", "b1"], ["c1"]]


def test_a_replay_reads_the_same_window_again(open_reader, rooms):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    reader = open_reader()
    start = reader.initialOffset()
    _, end = reader.read(start)
    rooms.say("a", "2", 150)
    rooms.say("a", "3", 1500)
    rooms.show(2000, "a")
    assert names(open_reader().readBetweenOffsets(start, json.loads(json.dumps(end)))) == ["a1", "a2"]


def run_once(reader, start):
    """One run with the trigger AvailableNow on Spark 4.0, which asks once: ids, and the offset as the checkpoint has it."""
    rows, end = reader.read(start)
    return names(rows), json.loads(json.dumps(end))


def test_a_run_that_asks_once_reads_no_window_again(open_reader, rooms):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    _, at = run_once(open_reader(), open_reader().initialOffset())
    for number in (2, 3):
        rooms.say("a", str(number), number * 1000 - 500)
        rooms.show(number * 1000, "a")
        ids, at = run_once(open_reader(), at)
        assert ids == [f"a{number}"]


def test_goes_on_without_a_room_that_begins_to_refuse_and_catches_up(open_reader, rooms):
    rooms.show(1000, "ab")
    _, at = run_once(open_reader(), open_reader().initialOffset())
    rooms.say("a", "1", 1500)
    rooms.say("b", "1", 1500)
    rooms.show(2000, "ab", refused="b")
    ids, at = run_once(open_reader(), at)
    assert ids == ["a1"]
    rooms.show(3000, "ab")
    assert run_once(open_reader(), at)[0] == ["b1"]


@pytest.mark.parametrize(("listed", "refused"), [("ab", "b"), ("a", "")])
def test_a_replay_that_would_lack_a_room_is_refused(open_reader, rooms, listed, refused):
    rooms.say("a", "1", 100)
    rooms.show(1000, "ab")
    start = open_reader().initialOffset()
    _, end = run_once(open_reader(), start)
    rooms.show(2000, listed, refused=refused)
    with pytest.raises(ParleyError, match="PARLEY_REPLAY_INCOMPLETE"):
        open_reader().readBetweenOffsets(start, end)
    assert names(open_reader(replay="lenient").readBetweenOffsets(start, end)) == ["a1"]


def test_an_unknown_kind_of_replay_is_an_error(open_reader, rooms):
    rooms.show(1000, "a")
    start = open_reader().initialOffset()
    _, end = run_once(open_reader(), start)
    with pytest.raises(ParleyError, match="PARLEY_OPTION_INVALID"):
        open_reader(replay="maybe").readBetweenOffsets(start, end)


def test_all_refused_is_an_error(open_reader, rooms):
    rooms.show(1000, "abc", refused="abc")
    reader = open_reader(new_partitions_per_batch="1")
    with pytest.raises(ParleyError, match="PARLEY_PARTITIONS_REFUSED"):
        drain(reader, reader.initialOffset())
