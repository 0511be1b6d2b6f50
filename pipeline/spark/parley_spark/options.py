"""Options that the Python side reads by itself; all others go to the source."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import ParleyError


def read_count(options: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of at least 1. :raises ParleyError: PARLEY_OPTION_INVALID"""
    text = options.get(name)
    if text is None:
        return default
    if text.strip().isdecimal() and int(text) >= 1:
        return int(text)
    raise ParleyError(
        "PARLEY_OPTION_INVALID",
        f"Option {name} is {text!r}; it takes a whole number of at least 1.",
        f"Set {name} to a number, or leave it out for {default}.",
    )
