"""Node.js processes under real Spark: one that dies in the middle of its task, and whether any outlives its query."""

import json
from pathlib import Path

import pytest

from conftest import GENERATED, Rooms
from driver_process import DriverProcess, kill, wait_until
from waiting_world import WaitingWorld

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
ATTEMPTS = 4


@pytest.fixture(scope="module")
def start(made, tmp_path_factory):
    """Starts a driver that tries each task four times, with a sink that keeps whatever it is given."""

    def make() -> DriverProcess:
        folder = tmp_path_factory.mktemp("driver")
        setup = {"folder": str(folder), "bundle": str(made / GENERATED), "options": {}, "keys": [], "cursor": ""}
        return DriverProcess({**setup, "attempts": ATTEMPTS})

    return make


@pytest.fixture(scope="module")
def driver(start):
    """One for all tests that leave it alive."""
    process = start()
    yield process
    process.close()
    assert process.nodes() == []


@pytest.fixture
def world(rooms):
    return WaitingWorld(rooms, rooms.folder.name)


def rows(driver, name):
    return sorted(json.loads(Path(driver.ask("dump", name=name, columns=["room", "id"])["file"]).read_text()))


def none_left(driver):
    wait_until(lambda: driver.nodes() == [], "Node processes are left", seconds=30)


def test_a_stream_reads_again_what_a_killed_child_had_begun(driver, world):
    world.close("read")
    driver.ask("start", **world.stream)
    first, other = world.wait_for("a"), world.wait_for("b")
    assert {first, other} <= set(driver.nodes())
    kill(first)
    second = world.wait_for("a", (first,))
    world.open()
    answer = driver.ask("wait", name=world.name)
    assert answer["error"] is None
    assert rows(driver, world.name) == world.TRUTH
    # The task of the other room was not touched.
    assert (set(world.came("a")), world.came("b")) == ({first, second}, [other])
    none_left(driver)


def test_a_batch_read_reads_again_what_a_killed_child_had_begun(driver, world):
    world.close("read")
    driver.tell("read", **world.batch)
    first = world.wait_for("a")
    kill(first)
    world.wait_for("a", (first,))
    world.open()
    answer = driver.answer()
    assert (answer["error"], sorted(answer["rows"])) == (None, world.TRUTH)
    none_left(driver)


def test_a_child_that_dies_in_every_attempt_fails_the_query_and_the_next_run_loses_nothing(driver, world):
    world.close("read")
    driver.ask("start", **world.stream)
    killed = ()
    for _ in range(ATTEMPTS):
        killed = (*killed, world.wait_for("a", killed))
        kill(killed[-1])
    failed = driver.ask("wait", name=world.name)
    assert "[PARLEY_CHILD_DIED] The Node.js process ended with code -9" in failed["error"]
    none_left(driver)
    world.open()
    assert driver.ask("run", **world.stream)["error"] is None
    assert rows(driver, world.name) == world.TRUTH


@pytest.mark.parametrize("at", ["read", "plan"])
def test_a_query_that_is_stopped_leaves_no_child(driver, world, at):
    world.close(at)
    driver.ask("start", **world.stream)
    waiting = world.wait_for("a" if at == "read" else "plan")
    assert waiting in driver.nodes()
    driver.ask("stop")
    none_left(driver)
    world.open()
    assert driver.ask("run", **world.stream)["error"] is None
    assert rows(driver, world.name) == world.TRUTH


def test_a_batch_read_that_is_cancelled_leaves_no_child(driver, world):
    world.close("read")
    driver.tell("read", **world.batch, cancel=str(world.rooms.folder / "cancel"))
    assert world.wait_for("b") in driver.nodes()
    (world.rooms.folder / "cancel").touch()
    assert "cancelled" in driver.answer()["error"]
    none_left(driver)


def test_a_batch_read_that_wants_no_more_rows_leaves_no_child(driver, world):
    for i in range(40_000):
        world.rooms.say("a", str(100 + i), 500, "z" * 50)
    world.rooms.show(1000, "a")
    assert driver.ask("read", **world.batch, limit=1)["rows"] == [["a", "0"]]
    none_left(driver)


def test_a_task_that_fails_by_a_refusal_leaves_no_child(driver, world):
    world.rooms.show(1000, "ab", refused="b")
    assert "[PARLEY_ROOM_CLOSED] b: b is closed" in driver.ask("read", **world.batch)["error"]
    none_left(driver)


@pytest.mark.parametrize("victim", ["driver", "jvm"])
def test_a_driver_that_is_killed_leaves_no_child(start, rooms, tmp_path, victim):
    process = start()
    elsewhere = tmp_path / "planning"
    elsewhere.mkdir()
    reading, planning = WaitingWorld(rooms, "reading"), WaitingWorld(Rooms(elsewhere), "planning")
    for world, at in ((reading, "read"), (planning, "plan")):
        world.close(at)
        process.ask("start", **world.stream)
    waiting = {reading.wait_for("a"), reading.wait_for("b"), planning.wait_for("plan")}
    assert waiting <= set(process.nodes())
    kill(process.process.pid if victim == "driver" else process.jvm())
    none_left(process)
    process.process.stdin.close()
    process.process.wait(timeout=60)
    wait_until(lambda: process.others() == [], "processes of Spark are left", seconds=60)
