"""The Python package of a source, as `parley bundle` writes it: found by its name, with and without the framework."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = "databricks.labs.community_connector.sources.discord"

# In place of the framework: a base class that finds its kind, and that must not do any of the work.
FRAMEWORK = """
from pyspark.sql.datasource import DataSource

class LakeflowSource(DataSource):
    _lakeflow_connect_cls = None

    def __init__(self, options):
        raise AssertionError("the framework reads")

    def schema(self):
        raise AssertionError("the framework reads")

def find_data_source(package):
    found = [one for one in LakeflowSource.__subclasses__() if one.__module__ == package]
    assert len(found) == 1 and found[0]._lakeflow_connect_cls is not None
    return found[0]
"""

READ = """
import importlib, json, pickle, subprocess, sys
from pyspark import cloudpickle
from pyspark.sql.datasource import DataSource

package = importlib.import_module(sys.argv[1])
source = package.DiscordDataSource
assert issubclass(source, DataSource) and source.name() == "lakeflow_connect"
reader = source({"tableName": "_community_tables"})
rows = [list(row) for part in reader.reader(reader.schema()).partitions() for row in reader.reader(None).read(part)]
print(json.dumps(rows), flush=True)
try:
    from databricks.labs.community_connector import sparkpds
    assert sparkpds.find_data_source(sys.argv[1]) is source
    print("framework")
except ImportError:
    elsewhere = "import pickle, sys; print(pickle.load(sys.stdin.buffer).name())"
    subprocess.run([sys.executable, "-I", "-c", elsewhere], input=cloudpickle.dumps(source), check=True)
"""


@pytest.fixture(scope="module")
def folder(node, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("bundle")
    subprocess.run([node, str(ROOT / "scripts" / "merge_source.ts"), "discord", "--out", str(out)], check=True)
    return out


def read(*paths: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-c", READ, PACKAGE]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_it_reads_without_the_framework_and_travels_to_where_it_is_not_installed(folder):
    tables, name = read(folder / "src")
    assert '[[], "messages"]' in tables
    assert name == "lakeflow_connect"


def test_the_framework_finds_it_and_lets_it_read(folder, tmp_path):
    sparkpds = tmp_path / "databricks" / "labs" / "community_connector" / "sparkpds"
    sparkpds.mkdir(parents=True)
    (sparkpds / "__init__.py").write_text(FRAMEWORK)
    tables, found = read(folder / "src", tmp_path)
    assert '[[], "messages"]' in tables
    assert found == "framework"
