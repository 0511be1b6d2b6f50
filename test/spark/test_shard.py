"""Shards cut the partitions into shares that never overlap, and a checkpoint keeps its own."""

import pytest
from parley_spark.errors import ParleyError
from parley_spark.offset import Offset
from parley_spark.shard import check_shard, of_shard, parse_shard


def test_shares_hold_every_partition_once():
    partitions = [{"id": str(i)} for i in range(100)]
    shares = [of_shard(partitions, f"{i}/3") for i in range(3)]
    assert sorted(one["id"] for share in shares for one in share) == sorted(one["id"] for one in partitions)
    assert all(shares)


def test_without_the_option_all_are_read():
    assert parse_shard(None) is None
    assert of_shard([{"id": "a"}], None) == [{"id": "a"}]


@pytest.mark.parametrize("text", ["1", "3/3", "a/b", "-1/2", "0/0"])
def test_other_texts_are_refused(text):
    with pytest.raises(ParleyError) as caught:
        parse_shard(text)
    assert caught.value.code == "PARLEY_OPTION_INVALID"


def test_a_checkpoint_keeps_its_shard():
    check_shard(Offset(), "0/2")
    check_shard(Offset(t=5, prev=5, shard="0/2"), parse_shard(" 0/2 "))
    for held, given in [("0/2", "1/2"), ("0/2", None), (None, "0/2"), ("0/2", "0/4")]:
        with pytest.raises(ParleyError) as caught:
            check_shard(Offset(t=5, prev=5, shard=held), given)
        assert caught.value.code == "PARLEY_SHARD_CHANGED"
