"""No time of a partition is ever skipped, whatever is refused, hidden or killed on the way."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offset_model import Crash, Process, SimpleProcess, Spark, World

PARTITIONS = ["a", "b", "c", "d"]
POINTS = ["start", "planned", "logged", "stored", "committed"]


def change(world: World, chance: random.Random) -> None:
    """Partitions come, go, refuse and answer again, at any point of a run."""
    for partition in PARTITIONS:
        roll = chance.random()
        if roll < 0.15:
            world.refused ^= {partition}
        elif roll < 0.3:
            world.listed ^= {partition}


def settle(spark: Spark, world: World) -> None:
    """Everything answers again; a few runs must bring all that was left out."""
    world.listed, world.refused = set(PARTITIONS), set()
    for _ in range(3):
        world.now += 10
        assert spark.run()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32),
    runs=st.integers(1, 12),
    crash=st.sampled_from([0.0, 0.1, 0.3]),
    processes=st.sampled_from([[Process], [SimpleProcess], [Process, SimpleProcess]]),
)
def test_no_time_is_skipped(seed, runs, crash, processes):
    """Whichever release of Spark opens the checkpoint."""
    chance = random.Random(seed)
    world = World()
    world.listed = set(PARTITIONS[:2])
    spark = Spark(world, processes[0])

    def step(_point):
        change(world, chance)
        if chance.random() < crash:
            raise Crash

    for _ in range(runs):
        world.now += chance.randint(0, 20)
        spark.process = chance.choice(processes)
        spark.run(step)
    settle(spark, world)
    assert {one: world.missing(one, world.now) for one in PARTITIONS} == {one: [] for one in PARTITIONS}


@pytest.mark.parametrize("point", POINTS)
def test_a_partition_that_joined_survives_a_replay_that_passed_it_over(point):
    """The window that first holds `b` is killed, replayed while `b` refuses, and that process dies too."""
    world = World()
    world.listed = {"a"}
    spark = Spark(world)
    assert spark.run()
    world.listed = {"a", "b"}
    world.now = 200
    assert not spark.run(crash_at("logged"))
    world.refused = {"b"}
    spark.run(crash_at(point))
    world.refused = set()
    world.now = 300
    settle(spark, world)
    assert world.missing("b", world.now) == []


def test_a_quiet_run_reads_only_its_own_window_and_one_closing_batch():
    world = World()
    world.listed = {"a", "b"}
    spark = Spark(world)
    assert spark.run()
    world.delivered.clear()
    world.now = 200
    assert spark.run()
    assert dict(world.delivered) == {"a": [(100, 200)], "b": [(100, 200)]}
    batches = len(spark.offsets)
    assert spark.run()
    assert len(spark.offsets) == batches


def test_a_simple_stream_reads_nothing_again_either():
    world = World()
    world.listed = {"a", "b"}
    spark = Spark(world, SimpleProcess)
    for now in (100, 200, 300):
        world.now = now
        world.delivered.clear()
        assert spark.run()
        assert dict(world.delivered) == {one: [(now - 100, now)] for one in ("a", "b")}


def test_a_simple_stream_goes_on_without_what_refuses():
    world = World()
    world.listed = {"a", "b"}
    spark = Spark(world, SimpleProcess)
    assert spark.run()
    world.refused, world.now = {"b"}, 200
    assert spark.run()
    assert world.missing("a", 200) == []
    world.refused, world.now = set(), 300
    assert spark.run()
    assert world.missing("b", 300) == []


def test_a_refusal_costs_one_failed_run_and_the_others_go_on():
    world = World()
    world.listed = {"a", "b"}
    spark = Spark(world)
    assert spark.run()
    world.refused, world.now = {"b"}, 200
    assert not spark.run()
    world.now = 300
    assert spark.run()
    assert world.missing("a", 300) == []
    world.now = 400
    assert spark.run()
    assert world.missing("a", 400) == []
    assert world.missing("b", 400) == [(100, 400)]
    world.refused, world.now = set(), 500
    assert spark.run()
    assert world.missing("b", 500) == []


def crash_at(point):
    def step(here):
        if here == point:
            raise Crash

    return step
