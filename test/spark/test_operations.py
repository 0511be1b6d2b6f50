"""The operations of ingestion agents, in real Spark and with real children: shapes, answers, and errors that are rows."""

import json
import subprocess

import pytest
from pyspark.errors import AnalysisException, PythonException, StreamingQueryException

from conftest import ROOT
from session import load_generated

META = ("_meta", "struct<status:string,code:string,message:string>", True)
OK = ("ok", None, None)


@pytest.fixture
def ask(spark, rooms):
    rooms.say("a", "1", 100, "hi")
    rooms.show(1000, "ab")
    connection = {name: value for name, value in rooms.options.items() if name != "tableName"}

    def read(operation, **options):
        given = {**connection, "operation": operation, **options}
        return (
            spark.read.format("rooms").options(**{name: one for name, one in given.items() if one is not None}).load()
        )

    return read


@pytest.fixture(scope="module")
def teams(spark, generated, node, tmp_path_factory):
    """Teams beside the rooms, in the same session."""
    file = tmp_path_factory.mktemp("teams") / "_generated_microsoft_teams_python_source.py"
    script = ROOT / "pipeline" / "bundle" / "bundle_file.ts"
    subprocess.run(
        [node, str(script), "sources/microsoft_teams/index.ts", "microsoftTeams", str(file)], cwd=ROOT, check=True
    )
    load_generated(file).register_lakeflow_source(spark)
    yield lambda **options: spark.read.format("microsoft_teams").options(**options).load()
    generated.register_lakeflow_source(spark)


def shape(frame):
    return [(one.name, one.dataType.simpleString(), one.nullable) for one in frame.schema.fields]


def rows(frame):
    return [(*tuple(row)[:-1], tuple(row[-1])) for row in frame.collect()]


def only_meta(frame):
    """`_meta` of an answer that is nothing else."""
    (row,) = rows(frame)
    assert set(row[:-1]) <= {None}
    return row[-1]


@pytest.mark.parametrize(
    ("operation", "names"),
    [
        ("list_objects", ["name", "type", "full_path"]),
        ("get_object_metadata", ["key", "value"]),
        ("validate_connection", []),
        ("list_operations", ["name", "description", "kind", "result_schema_json", "parameters_json"]),
    ],
)
def test_columns_are_those_of_the_interface(ask, operation, names):
    frame = ask(operation)
    assert shape(frame) == [*[(name, "string", True) for name in names], META]
    assert [one.nullable for one in frame.schema["_meta"].dataType.fields] == [False, True, True]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["events", "rooms"]),
        ({"search": "^r"}, ["rooms"]),
        ({"SEARCH": "o{2}"}, ["rooms"]),
        ({"search": "x"}, []),
        ({"search": "", "path": ""}, ["events", "rooms"]),
        ({"path": "events"}, []),
    ],
)
def test_objects_are_tables_at_the_root(ask, options, names):
    assert rows(ask("list_objects", **options)) == [(name, "table", name, OK) for name in names]


def test_metadata_of_a_table_by_key(ask):
    assert rows(ask("get_object_metadata", name="events")) == [
        ("primary_key", '["room", "id"]', OK),
        ("cursor_column", "at", OK),
        ("ingestion_type", "cdc", OK),
        ("windowed", "true", OK),
        ("description", "What was said in rooms.", OK),
    ]
    assert rows(ask("get_object_metadata", name="rooms"))[1] == ("cursor_column", None, OK)


def test_one_key_in_any_case(ask):
    assert rows(ask("get_object_metadata", NAME="rooms", metadataKey="INGESTION_type")) == [
        ("ingestion_type", "snapshot", OK)
    ]
    assert rows(ask("get_object_metadata", name="rooms", metadataKey="none")) == []


def test_operations_with_what_they_take_and_answer(ask):
    found = {row.name: row for row in ask("list_operations").collect()}
    assert list(found) == [
        "list_objects",
        "get_object_metadata",
        "validate_connection",
        "list_operations",
        "read_table",
    ]
    assert [one.kind for one in found.values()] == ["metadata"] * 4 + ["data"]
    first = json.loads(found["get_object_metadata"].parameters_json)[0]
    assert first == {
        "name": "name",
        "type": "string",
        "description": "The table.",
        "required": True,
        "default": None,
        "enum": None,
    }
    for name, row in found.items():
        answered = None if name == "read_table" else ask(name).schema.names[:-1]
        told = row.result_schema_json and [one["name"] for one in json.loads(row.result_schema_json)["fields"]]
        assert told == answered
        assert row.description.endswith(".")


@pytest.mark.parametrize("options", [{}, {"node_path": "/nowhere"}, {"world_file": None, "lookback_ms": "many"}])
def test_operations_are_listed_where_the_source_cannot_be_set_up(ask, options):
    assert {row._meta.status for row in ask("list_operations", **options).collect()} == {"ok"}


@pytest.mark.parametrize(
    ("operation", "options", "code", "said"),
    [
        ("list_objects", {"search": "("}, "bad_request", "[PARLEY_OPTION_INVALID] Option search is no regular"),
        ("list_objects", {"search": "a{99999999999}"}, "bad_request", "[PARLEY_OPTION_INVALID] Option search is no"),
        ("list_objects", {"search": "a" * 201}, "bad_request", "[PARLEY_OPTION_INVALID] Option search has 201"),
        ("list_objects", {"search": "(", "path": "x"}, "bad_request", "[PARLEY_OPTION_INVALID] Option search"),
        ("list_objects", {"node_path": "/nowhere"}, "internal_error", "[PARLEY_NODE_NOT_FOUND]"),
        ("get_object_metadata", {}, "bad_request", "[PARLEY_OPTION_MISSING] "),
        ("get_object_metadata", {"name": "none"}, "not_found", "[PARLEY_TABLE_UNKNOWN] "),
        ("validate_connection", {"world_file": None}, "bad_request", "[PARLEY_OPTION_MISSING] Option world_file"),
        ("validate_connection", {"world_file": "/nowhere"}, "internal_error", "[PARLEY_BUG] "),
    ],
)
def test_an_error_is_one_row_with_nothing_else(ask, operation, options, code, said):
    meta = only_meta(ask(operation, **options))
    assert meta[:2] == ("error", code)
    assert meta[2].startswith(said)


def test_an_error_says_what_to_do_and_nothing_of_secrets(ask):
    assert only_meta(ask("get_object_metadata", name="none"))[2].endswith("Use one of: events, rooms.")
    assert "k3y-that-must-not-show" not in only_meta(ask("validate_connection", world_file="/nowhere"))[2]


def test_a_connection_is_good_when_the_service_says_so(ask, rooms):
    assert only_meta(ask("validate_connection")) == OK
    rooms.show(1000, "ab", refused="b")
    assert only_meta(ask("validate_connection")) == OK


def test_what_cannot_be_read_is_told_of_a_connection_that_is_good(ask, rooms):
    rooms.show(1000, "ab", refused="ab")
    status, code, message = only_meta(ask("validate_connection"))
    assert (status, code) == ("ok", None)
    assert message == "[PARLEY_ROOM_CLOSED] events: enter is missing. a is closed."


def test_a_connection_that_can_find_nothing_is_not_good(ask, rooms):
    rooms.show(1000, "ab", hidden="ab")
    status, code, message = only_meta(ask("validate_connection"))
    assert (status, code) == ("error", "permission_denied")
    assert message.startswith("[PARLEY_ROOM_CLOSED] rooms: enter is missing.")


def test_a_connection_of_teams_is_good_when_its_secret_is(teams, simulator):
    assert only_meta(teams(**simulator, operation="validate_connection")) == OK
    names = {row[0] for row in rows(teams(**simulator, operation="list_objects"))}
    assert {"teams", "channels", "messages"} <= names


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ({"client_secret": "wrong"}, "auth_failed", "[PARLEY_AUTH_INVALID_SECRET] "),
        ({"tenant_id": ""}, "bad_request", "[PARLEY_OPTION_MISSING] Option tenant_id"),
        # Nobody listens there: reserved, and never given to a program that asks for any.
        (
            {"graph_base_url": "http://127.0.0.1:1", "login_base_url": "http://127.0.0.1:1", "max_attempts": "1"},
            "connection_failed",
            "[PARLEY_",
        ),
    ],
)
def test_a_connection_of_teams_that_is_wrong_says_how(teams, simulator, options, code, said):
    meta = only_meta(teams(**{**simulator, **options, "operation": "validate_connection"}))
    assert meta[:2] == ("error", code)
    assert meta[2].startswith(said)
    # What the operations that describe the source say is no proof of anything.
    assert rows(teams(**{**simulator, **options, "operation": "list_objects"}))


def test_a_table_is_read_as_without_the_operation(ask, spark, rooms):
    frame = ask("read_table", tableName="events", catalogName="", schemaName="None", name="x", path="y")
    plain = spark.read.format("rooms").options(**rooms.options).load()
    assert shape(frame) == shape(plain)
    assert [row.id for row in frame.collect()] == ["1"]
    assert frame.collect() == plain.collect()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "PARLEY_OPTION_MISSING.* tableName"),
        ({"tableName": "none"}, "PARLEY_TABLE_UNKNOWN"),
        ({"tableName": "events", "schemaName": "s"}, "PARLEY_OPTION_INVALID.* schemaName.* no namespaces"),
        ({"tableName": "events", "CATALOGNAME": "c"}, "PARLEY_OPTION_INVALID.* catalogName.* no namespaces"),
    ],
)
def test_a_table_that_cannot_be_read_is_an_exception(ask, options, said):
    with pytest.raises(AnalysisException, match=said):
        ask("read_table", **options)


def test_a_read_that_fails_is_an_exception(ask, rooms):
    rooms.show(1000, "ab", refused="b")
    with pytest.raises(PythonException, match=r"\[PARLEY_ROOM_CLOSED\]"):
        ask("read_table", tableName="events").collect()


def test_an_operation_that_there_is_not_names_those_there_are(ask):
    with pytest.raises(AnalysisException, match=r"\[PARLEY_OPTION_INVALID\] Option operation is 'x'.*list_objects"):
        ask("x")


@pytest.mark.parametrize("operation", ["list_objects", "read_table"])
def test_operations_have_no_stream(ask, spark, rooms, operation):
    frame = spark.readStream.format("rooms").options(**rooms.options, operation=operation).load()
    writer = frame.writeStream.trigger(availableNow=True).option("checkpointLocation", str(rooms.folder / "c"))
    with pytest.raises(StreamingQueryException, match=r"\[PARLEY_STREAM_UNSUPPORTED\] Operation"):
        writer.format("noop").start().awaitTermination()


@pytest.mark.parametrize("unset", ["", "None"])
def test_without_an_operation_the_table_is_read(ask, unset):
    assert [row.id for row in ask(unset, tableName="events").collect()] == ["1"]


def test_words_to_an_operation_reach_no_source():
    from parley_spark.operations import read_options, source_options

    given = {"Operation": "x", "SEARCH": "s", "path": "p", "Name": "n", "metadatakey": "k", "api_key": "a"}
    assert source_options(given) == {"api_key": "a"}
    assert read_options({**given, "schemaName": "", "tableName": "t"}) == {"api_key": "a", "tablename": "t"}


def test_an_error_without_a_code_of_ours_says_what_it_is():
    from parley_spark.agent_codes import told_to_agent

    assert told_to_agent(ValueError("no")) == ("bad_request", "no")
    assert told_to_agent(KeyError("k")) == ("internal_error", "KeyError: 'k'")
