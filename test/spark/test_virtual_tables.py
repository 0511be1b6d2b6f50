"""The tables that describe a source, as the original interface has them, in real Spark."""

import json

import pytest
from pyspark.errors import AnalysisException, PythonException


@pytest.fixture
def ask(spark, rooms):
    rooms.show(1000, "ab", refused="b")

    def read(table, **options):
        return spark.read.format("rooms").options(**{**rooms.options, "tableName": table, **options}).load()

    return read


def shape(frame):
    return [(one.name, one.dataType.simpleString(), one.nullable) for one in frame.schema.fields]


def test_metadata_in_the_order_of_asking(ask):
    frame = ask(
        "_community_table_metadata", tableNameList='["rooms", "events"]', tableConfigs='{"events": {"x": null}}'
    )
    assert shape(frame) == [
        ("tableName", "string", False),
        ("primary_keys", "array<string>", True),
        ("cursor_field", "string", True),
        ("ingestion_type", "string", True),
    ]
    assert [tuple(row) for row in frame.collect()] == [
        ("rooms", ["room"], None, "snapshot"),
        ("events", ["room", "id"], "at", "cdc"),
    ]


@pytest.mark.parametrize("names", [None, "[]"])
def test_metadata_of_no_tables_is_empty(ask, names):
    assert ask("_community_table_metadata", **({"tableNameList": names} if names else {})).collect() == []


def test_tables_are_sorted_and_have_no_namespace(ask):
    frame = ask("_community_tables")
    assert shape(frame) == [("namespace", "array<string>", False), ("tableName", "string", False)]
    assert [tuple(row) for row in frame.collect()] == [([], "events"), ([], "rooms")]


def test_there_are_no_namespaces(ask):
    frame = ask("_community_namespaces", namespacePrefix='["a"]')
    assert shape(frame) == [("namespace", "array<string>", False)]
    assert frame.collect() == []


def test_coverage_says_which_partitions_answer(ask):
    frame = ask("_parley_coverage", tableNameList='["events"]')
    lines = [row.asDict() for row in frame.collect()]
    assert [(one["tableName"], one["partition"], one["state"], one["code"]) for one in lines] == [
        ("events", "a", "ok", None),
        ("events", "b", "refused", "PARLEY_ROOM_CLOSED"),
    ]
    assert lines[1]["remedy"] == "Open the room."
    assert {one["until"].timestamp() for one in lines} == {1.0}


@pytest.mark.parametrize(
    ("table", "option", "value"),
    [
        ("_community_table_metadata", "tableNameList", "events"),
        ("_community_table_metadata", "tableNameList", '{"events": 1}'),
        ("_community_table_metadata", "tableNameList", "[1]"),
        ("_community_table_metadata", "tableConfigs", "[]"),
        ("_community_table_metadata", "tableConfigs", '{"events": 1}'),
        ("_community_tables", "namespace", "[]"),
        ("_community_tables", "namespace", "a"),
        ("_community_namespaces", "namespacePrefix", "1"),
    ],
)
def test_an_option_that_is_wrong_is_named(ask, table, option, value):
    more = {} if option == "tableNameList" else {"tableNameList": json.dumps(["events"])}
    with pytest.raises(PythonException, match=rf"\[PARLEY_OPTION_INVALID\] Option {option}"):
        ask(table, **more, **{option: value}).collect()


def test_a_table_of_the_interface_that_there_is_not_names_those_there_are(ask):
    with pytest.raises(
        AnalysisException, match=r"\[PARLEY_TABLE_UNKNOWN\] There is no table _community_x.*_community_tables"
    ):
        ask("_community_x")


def test_an_unknown_table_in_the_list_is_an_error(ask):
    with pytest.raises(PythonException, match=r"\[PARLEY_TABLE_UNKNOWN\]"):
        ask("_community_table_metadata", tableNameList='["none"]').collect()


def test_names_of_options_have_any_case_and_foreign_ones_beside_them(ask):
    foreign = {
        "databricks.connection": "c",
        "sourceName": "rooms",
        "access_token": "x",
        "externalOptionsAllowList": "a",
    }
    frame = ask("_community_table_metadata", TABLENAMELIST='["events"]', **foreign)
    assert frame.count() == 1
    assert ask("events", **foreign, LOOKBACK_MS="None", channel_id="room").schema[0].name == "room"
