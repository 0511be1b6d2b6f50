"""Options that the Python side reads by itself; all others go to the source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import OptionError


def plain_options(options: Mapping[str, str]) -> dict[str, str]:
    """Spark's own dictionary lower-cases its keys, a stream's plain one has what it was given: lower case, always."""
    return {str(key).lower(): str(value) for key, value in dict(options).items()}


def read_count(options: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of at least 1. :raises OptionError: PARLEY_OPTION_INVALID"""
    text = options.get(name)
    if is_unset(text):
        return default
    if text.strip().isdecimal() and int(text) >= 1:
        return int(text)
    raise OptionError(
        "PARLEY_OPTION_INVALID",
        f"Option {name} is {text!r}; it takes a whole number of at least 1.",
        f"Set {name} to a number, or leave it out for {default}.",
    )


def read_names(options: Mapping[str, str], name: str) -> list[str] | None:
    """A JSON list of texts, or None without the option. :raises OptionError: PARLEY_OPTION_INVALID"""
    value = _read_json(options, name, 'a JSON list of texts, such as ["messages"]')
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise _wrong(name, options[name.lower()], 'a JSON list of texts, such as ["messages"]')


def read_configs(options: Mapping[str, str], name: str) -> dict[str, dict[str, Any]]:
    """A JSON object of objects; empty without the option. :raises OptionError: PARLEY_OPTION_INVALID"""
    wanted = 'a JSON object of objects, such as {"messages": {"lookback_seconds": "300"}}'
    value = _read_json(options, name, wanted)
    if value is None:
        return {}
    if isinstance(value, dict) and all(isinstance(one, dict) for one in value.values()):
        return value
    raise _wrong(name, options[name.lower()], wanted)


def is_unset(text: str | None) -> bool:
    """Specs write Python's `None` for what was left out."""
    return text is None or text in ("", "None")


def _read_json(options: Mapping[str, str], name: str, wanted: str) -> Any:
    text = options.get(name.lower())
    if is_unset(text):
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise _wrong(name, text, wanted) from None


def _wrong(name: str, text: str, wanted: str) -> OptionError:
    return OptionError(
        "PARLEY_OPTION_INVALID", f"Option {name} is {text[:200]!r}; it takes {wanted}.", "Correct it or leave it out."
    )
