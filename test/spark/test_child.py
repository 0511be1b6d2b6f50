"""The Python end of the child protocol: errors with their codes, streams that are whole or fail, no orphans."""

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from parley_spark.child import ask, ask_schema, stream_batches
from parley_spark.errors import ParleyError
from parley_spark.program import Program

WINDOWS = [{"partition": {"id": "a"}, "since": None, "until": 100}]
READ = {"op": "read", "table": "events", "windows": WINDOWS, "refused": "fail"}


def lower(options):
    return {key.lower(): value for key, value in options.items()}


def test_batches_come_as_they_were_written(program, rooms):
    rooms.say("a", "1", 7, "hi")
    rooms.show(100, "a")
    (batch,) = stream_batches(program, lower(rooms.options), READ)
    assert batch.schema.equals(ask_schema(program, {}, "events"), check_metadata=True)
    (row,) = batch.to_pylist()
    assert (row["room"], row["id"], row["body"]) == ("a", "1", {"kind": "text", "length": 2})
    assert [mark["name"] for mark in row["marks"]] == ["m0", "m1"]
    assert row["at"].timestamp() == 0.007


def test_a_coded_error_keeps_its_code_remedy_and_details(program, rooms):
    rooms.show(100, "a", refused="a")
    with pytest.raises(ParleyError) as caught:
        list(stream_batches(program, lower(rooms.options), READ))
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.code, error.remedy) == ("PARLEY_ROOM_CLOSED", "Open the room.")
    assert error.details == {"partition": "a", "status": 403}
    assert str(error).startswith("[PARLEY_ROOM_CLOSED] ")


@pytest.mark.parametrize(
    "script",
    [
        "process.stdout.write('half', () => process.kill(process.pid, 'SIGKILL'))",
        "process.exitCode = 9",
        "process.kill(process.pid, 'SIGKILL')",
        "syntax error",
    ],
)
def test_a_child_that_dies_is_an_error_even_when_it_says_nothing(script):
    dead = Program.pack("dead", script.encode())
    for call in (lambda: ask(dead, {}, {"op": "tables"}), lambda: list(stream_batches(dead, {}, READ))):
        with pytest.raises(ParleyError) as caught:
            call()
        assert caught.value.code == "PARLEY_CHILD_DIED"


@pytest.fixture
def ignores_children():
    """Inherited by every process that one starts who does so: the system then tells 0 of whatever ends."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGCHLD, before)


@pytest.mark.parametrize("end", ["process.kill(process.pid, 'SIGKILL')", "process.exit(1)"])
def test_a_child_that_dies_is_an_error_where_nobody_is_told_how_it_ended(ignores_children, end):
    died = Program.pack("died", f"process.stdout.write('{{}}', () => {end})".encode())
    with pytest.raises(ParleyError, match="PARLEY_CHILD_DIED"):
        ask(died, {}, {"op": "tables"})


def test_a_coded_error_counts_where_nobody_is_told_how_the_child_ended(ignores_children, program, rooms):
    rooms.show(100, "a", refused="a")
    with pytest.raises(ParleyError, match="PARLEY_ROOM_CLOSED"):
        list(stream_batches(program, lower(rooms.options), READ))


def test_rows_come_where_nobody_is_told_how_the_child_ended(ignores_children, program, rooms):
    rooms.say("a", "1", 7, "hi")
    rooms.show(100, "a")
    assert sum(batch.num_rows for batch in stream_batches(program, lower(rooms.options), READ)) == 1


def test_a_whole_looking_stream_with_a_bad_end_is_an_error(bundle, rooms):
    """Arrow takes a stream without its end mark for a whole one; the exit code must not."""
    rooms.say("a", "1", 7, "hi")
    rooms.show(100, "a")
    cut = f"""
        import {{ spawn }} from 'node:child_process'
        const child = spawn(process.execPath, [{bundle!r}], {{ stdio: ['inherit', 'pipe', 'inherit'] }})
        const parts = []
        child.stdout.on('data', (part) => parts.push(part))
        child.on('close', () => {{
          process.stdout.write(Buffer.concat(parts).subarray(0, -8))
          process.exitCode = 1
        }})
        """
    rows = []
    with pytest.raises(ParleyError, match="PARLEY_CHILD_DIED"):
        rows.extend(stream_batches(Program.pack("cut", cut.encode()), lower(rooms.options), READ))
    assert len(rows) == 1


def test_a_reader_that_stops_early_leaves_no_process(program, rooms):
    for i in range(30_000):
        rooms.say("a", str(i), 7, "z" * 50)
    rooms.show(100, "a")
    others = set(children_of(os.getpid()))
    batches = stream_batches(program, lower(rooms.options), READ)
    next(batches)
    (child,) = set(children_of(os.getpid())) - others
    batches.close()
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find the child of a killed process")
def test_a_child_ends_when_python_is_killed(bundle, rooms):
    for i in range(30_000):
        rooms.say("a", str(i), 7, "z" * 50)
    rooms.show(100, "a")
    script = f"""
        import sys, time
        sys.path.insert(0, {str(Path(sys.modules["parley_spark"].__file__).parents[1])!r})
        from pathlib import Path
        from parley_spark.child import stream_batches
        from parley_spark.program import Program
        program = Program.pack("rooms", Path({bundle!r}).read_bytes())
        batches = stream_batches(program, {lower(rooms.options)!r}, {READ!r})
        next(batches)
        print("reading", flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True) as python:
        assert python.stdout.readline().strip() == "reading"
        (child,) = children_of(python.pid)
        python.send_signal(signal.SIGKILL)
        python.wait()
    deadline = time.monotonic() + 20
    while running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(child)


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
