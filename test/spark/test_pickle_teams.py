"""The generated file of Teams, imported as a notebook imports it: its readers work where nobody can import it."""

import importlib
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from pyspark import cloudpickle
from pyspark.sql.streaming.datasource import ReadAllAvailable

from conftest import ROOT, ask_simulator

MODULE = "_generated_microsoft_teams_python_source"

# Unpickles each part by itself, as Spark sends readers and partitions, and reads with it.
ELSEWHERE = """
import importlib.util, json, pickle, sys

for name in sys.argv[1:]:
    assert importlib.util.find_spec(name) is None, f"{name} can be imported here: the test proves nothing"

def lines(rows):
    for one in rows:
        yield from one.to_pylist() if hasattr(one, "to_pylist") else [list(one)]

def drained(reader):
    at, rows = reader.initialOffset(), []
    while True:
        batches, end = reader.read(at)
        rows += lines(batches)
        if end == at:
            return rows
        at = end

answers = {}
for name, (source, reader, partitions) in pickle.load(sys.stdin.buffer).items():
    reader, partitions = pickle.loads(reader), [pickle.loads(one) for one in partitions]
    rows = drained(reader) if name == "simple" else [row for one in partitions for row in lines(reader.read(one))]
    schema = pickle.loads(source).schema()
    answers[name] = {"columns": schema.names, "rows": rows, "partitions": len(partitions)}
json.dump(answers, sys.stdout, default=str)
"""


@pytest.fixture
def source(node, tmp_path, monkeypatch):
    """The class that the generated file registers."""
    script = str(ROOT / "pipeline" / "bundle" / "bundle_file.ts")
    arguments = ["sources/microsoft_teams/index.ts", "microsoftTeams", str(tmp_path / f"{MODULE}.py")]
    subprocess.run([node, script, *arguments], cwd=ROOT, check=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    registered = []
    session = SimpleNamespace(dataSource=SimpleNamespace(register=registered.append))
    importlib.import_module(MODULE).register_lakeflow_source(session)
    assert [one.name() for one in registered] == ["lakeflow_connect", "microsoft_teams"]
    yield registered[0]
    sys.modules.pop(MODULE)


def test_readers_and_their_partitions_read_where_the_file_is_not(source, simulator):
    read = lambda table, **more: source({**simulator, "tableName": table, **more})
    sent = {"batch": batch(read("messages")), "stream": stream(read("messages"))}
    sent["simple"] = parts(read("messages"), lambda one: (one.simpleStreamReader(one.schema()), []))
    named = {"tableNameList": '["messages"]'}
    for table in ("_community_table_metadata", "_community_tables", "_community_namespaces", "_parley_coverage"):
        sent[table] = batch(read(table, **(named if table.endswith(("metadata", "coverage")) else {})))
    sent["operation"] = batch(source({**simulator, "operation": "validate_connection"}))
    answers = elsewhere(sent)
    rows = [json.loads(line) for line in ask_simulator(simulator, "truth").splitlines()]
    roots = {(row["team_id"], row["channel_id"], row["id"]) for row in rows if row["json"]["replyToId"] is None}
    assert len(roots) > 10
    for way in ("batch", "stream", "simple"):
        held = [(row["team_id"], row["channel_id"], row["id"]) for row in answers[way]["rows"]]
        assert sorted(held) == sorted(roots), way
    assert (answers["batch"]["partitions"], answers["stream"]["partitions"]) == (1, 1)
    keys = ["team_id", "channel_id", "id"]
    assert answers["_community_table_metadata"]["rows"] == [["messages", keys, "lastModifiedDateTime", "cdc"]]
    assert [[], "messages"] in answers["_community_tables"]["rows"]
    assert answers["_community_namespaces"]["rows"] == []
    assert answers["operation"]["rows"] == [[["ok", None, None]]]
    ((table, _, state, *_),) = answers["_parley_coverage"]["rows"]
    assert (table, state) == ("messages", "ok")


def batch(instance):
    return parts(instance, lambda one: with_partitions(one.reader(one.schema())))


def with_partitions(reader):
    return reader, reader.partitions()


def stream(instance):
    def planned(one):
        reader = one.streamReader(one.schema())
        reader.prepareForTriggerAvailableNow()
        start = reader.initialOffset()
        return reader, reader.partitions(start, reader.latestOffset(start, ReadAllAvailable()))

    return parts(instance, planned)


def parts(instance, plan):
    """Pickled after use, when there is something in them."""
    reader, partitions = plan(instance)
    return cloudpickle.dumps(instance), cloudpickle.dumps(reader), [cloudpickle.dumps(one) for one in partitions]


def elsewhere(sent):
    command = [sys.executable, "-I", "-c", ELSEWHERE, MODULE, "parley_spark", "conftest"]
    answer = subprocess.run(command, input=cloudpickle.dumps(sent), capture_output=True, cwd="/", check=False)
    assert answer.returncode == 0, answer.stderr.decode()
    return json.loads(answer.stdout)
