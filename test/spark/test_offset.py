"""The offset's text, its size, and single steps; the model proves what they add up to."""

import json

import pytest
from parley_spark.errors import ParleyError
from parley_spark.offset import (
    MAX_OFFSET_BYTES,
    Offset,
    Window,
    check_size,
    closing_offset,
    next_offset,
    partition_hash,
    plan,
    to_probe,
)


def hashes(*ids):
    return frozenset(partition_hash(one) for one in ids)


START = Offset(t=200, prev=200, known=hashes("a", "b"), behind={50: hashes("c")})


def test_text_is_stable_and_comes_back():
    offset = Offset(
        9, 7, hashes("b", "a"), {None: hashes("n"), 3: hashes("j")}, {5: hashes("y"), 4: hashes("x")}, "1/4"
    )
    text = json.dumps(offset.to_dict())
    assert Offset.parse(json.loads(text)) == offset
    assert json.dumps(Offset.parse(json.loads(text)).to_dict()) == text
    assert list(offset.to_dict()) == ["v", "t", "prev", "known", "behind", "joined", "shard"]
    assert list(offset.to_dict()["behind"]) == ["4", "5"]


def test_a_closed_offset_holds_the_five_names_of_the_design():
    assert list(START.to_dict()) == ["v", "t", "prev", "known", "behind"]


@pytest.mark.parametrize("text", [{"deltaLinks": {"t/c": "link"}}, {"cursor": "2026-01-01T00:00:00Z"}])
def test_an_offset_of_the_original_connector_is_refused_with_the_way_to_come_over(text):
    with pytest.raises(ParleyError, match=r"new checkpoint.*docs/spark\.md") as caught:
        Offset.parse(text)
    assert caught.value.code == "PARLEY_OFFSET_FOREIGN"


@pytest.mark.parametrize(
    "text",
    [
        {"v": 2, "t": 1, "prev": 1, "known": "", "behind": {}},
        {"v": 1, "t": "1", "prev": 1, "known": "", "behind": {}},
        {"v": 1, "t": 1, "prev": 1, "known": "AAAA", "behind": {}},
        {"v": 1, "t": 1, "prev": 1, "known": "", "behind": {"soon": ""}},
        {"v": 1, "t": 1, "prev": 1, "known": "", "behind": []},
    ],
)
def test_other_offsets_are_refused_with_a_code(text):
    with pytest.raises(ParleyError) as caught:
        Offset.parse(text)
    assert caught.value.code == "PARLEY_OFFSET_INVALID"


# start, discovered, refused, first plan -> what the next window reads
CASES = {
    "known partitions go on at t": (START, "ab", "", False, {"a": 200, "b": 200}),
    "the first plan of a process goes on at prev": (
        Offset(200, 150, hashes("a")), "a", "", True, {"a": 150},
    ),
    "a new one begins at the beginning": (START, "abn", "", False, {"a": 200, "b": 200, "n": None}),
    "one that was behind goes on at its own start": (START, "abc", "", False, {"a": 200, "b": 200, "c": 50}),
    "one that still refuses stays behind": (START, "abc", "c", False, {"a": 200, "b": 200}),
    "one that refuses now falls behind": (START, "ab", "b", False, {"a": 200}),
    "one that is no longer listed is not read": (START, "a", "", False, {"a": 200}),
    "one that joined is read from its start again after a kill": (
        Offset(200, 150, hashes("a"), {None: hashes("n"), 20: hashes("j")}), "anj", "", True,
        {"a": 150, "n": None, "j": 20},
    ),
    "one that joined is like the others in the process that read it": (
        Offset(200, 150, hashes("a"), {None: hashes("n")}), "an", "", False, {"a": 200, "n": 200},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("start", "listed", "refused", "first", "reads"), CASES.values(), ids=CASES.keys())
def test_next_window(start, listed, refused, first, reads):
    end = next_offset(start, 300, list(listed), list(refused), first)
    assert {one.partition_id: one.since for one in plan(end, sorted(listed))} == reads
    assert all(one.until == 300 for one in plan(end, listed))


def test_a_hash_is_in_one_state_only():
    end = next_offset(START, 300, ["a", "b", "c"], ["b"], False)
    assert end.known == hashes("a")
    assert end.joined == {50: hashes("c")}
    assert end.behind == {200: hashes("b")}


def test_a_replay_reads_the_same_windows_from_its_text_alone():
    end = next_offset(START, 300, ["a", "b", "c", "n"], [], False)
    again = Offset.parse(json.loads(json.dumps(end.to_dict())))
    assert plan(again, ["n", "c", "b", "a"]) == list(reversed(plan(end, ["a", "b", "c", "n"])))


@pytest.mark.parametrize(
    ("ceiling", "listed", "refused"),
    [(200, "ab", ""), (100, "ab", ""), (300, "", ""), (300, "abc", "abc"), (200, "abc", "c")],
)
def test_nothing_to_read_is_no_offset(ceiling, listed, refused):
    assert next_offset(START, ceiling, list(listed), list(refused), False) is None


def test_closing_reads_nothing_and_ends_there():
    end = next_offset(START, 300, ["a", "b", "c"], [], False)
    closing = closing_offset(end)
    assert closing.to_dict() == Offset(300, 300, hashes("a", "b", "c")).to_dict()
    assert plan(closing, ["a", "b", "c"]) == []
    assert closing_offset(closing) is None


def test_a_new_partition_while_time_stands_still_is_read_alone():
    end = next_offset(START, 200, ["a", "b", "n"], [], False)
    assert plan(end, ["a", "b", "n"]) == [Window("n", None, 200)]
    assert closing_offset(end).known == hashes("a", "b", "n")


def test_only_new_and_left_out_ones_are_probed_unless_a_replay_passed_over_refusals():
    assert to_probe(START, ["a", "b", "c", "n"], ask_all=False) == ["c", "n"]
    assert to_probe(START, ["a", "b", "c", "n"], ask_all=True) == ["a", "b", "c", "n"]


@pytest.mark.parametrize(("bytes_", "warns"), [(1000, False), (MAX_OFFSET_BYTES * 3 // 4 + 1, True)])
def test_size_is_told_before_it_is_too_late(bytes_, warns):
    assert check_size("x" * bytes_) is warns


def test_too_large_names_shard():
    with pytest.raises(ParleyError, match=r"PARLEY_OFFSET_TOO_LARGE.*shard: i/n"):
        check_size("x" * (MAX_OFFSET_BYTES + 1))


def test_four_thousand_teams_fit():
    offset = Offset(1795357048000, 1795357048000, hashes(*(str(i) for i in range(4000))))
    assert len(json.dumps(offset.to_dict())) < MAX_OFFSET_BYTES * 3 // 4
