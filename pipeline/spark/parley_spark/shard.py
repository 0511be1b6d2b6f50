"""Reads one of n shares of the partitions, for tenants whose offset would not fit into one stream."""

from __future__ import annotations

import re
from typing import Any

from .errors import OptionError, ParleyError
from .offset import Offset, partition_hash
from .options import is_unset


def parse_shard(text: str | None) -> str | None:
    """`i/n` with 0 <= i < n, or None without the option.

    :raises ParleyError: PARLEY_OPTION_INVALID
    """
    if is_unset(text):
        return None
    match = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", text)
    if match is None or not int(match[1]) < int(match[2]):
        raise OptionError(
            "PARLEY_OPTION_INVALID",
            f"Option shard is {text!r}; it takes i/n with i from 0 to n-1, such as 0/4.",
            "Start n streams with shard 0/n to n-1/n, each with a checkpoint of its own.",
        )
    return f"{int(match[1])}/{int(match[2])}"


def of_shard(partitions: list[dict[str, Any]], shard: str | None) -> list[dict[str, Any]]:
    if shard is None:
        return partitions
    index, count = (int(part) for part in shard.split("/"))
    return [one for one in partitions if int.from_bytes(partition_hash(one["id"])) % count == index]


def check_shard(offset: Offset, shard: str | None) -> None:
    """:raises ParleyError: the checkpoint is of another share: partitions would be read twice or never"""
    # An offset of the beginning has read nothing yet.
    if offset.t == 0 or offset.shard == shard:
        return
    raise ParleyError(
        "PARLEY_SHARD_CHANGED",
        f"The checkpoint was written with shard {offset.shard or 'unset'}, the option says {shard or 'unset'}.",
        "Set the option back, or start all shards with new checkpoints: a MERGE on the keys makes the second read harmless.",
    )
