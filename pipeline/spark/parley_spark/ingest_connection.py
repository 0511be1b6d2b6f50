"""Where the options of a connection come from, on a Spark that has no Unity Catalog to inject them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .errors import OptionError
from .options import plain_options


def connection_options(source: str, name: str, given: Mapping[str, Any] | str | None) -> dict[str, str]:
    """Environment variables PARLEY_<SOURCE>_<OPTION>, over them what was given, over both what Databricks injects by name.

    :param given: options, or a JSON file with them, or with sections of which the spec's connection_name picks one
    :raises OptionError: PARLEY_CONNECTION_INVALID
    """
    prefix = f"PARLEY_{source.upper()}_"
    options = {key.removeprefix(prefix).lower(): value for key, value in os.environ.items() if key.startswith(prefix)}
    if isinstance(given, str):
        given = read_json(given)
    section = dict(given or {})
    if isinstance(section.get(name), Mapping):
        section = dict(section[name])
    options.update(plain_options({key: as_text(value) for key, value in section.items() if value is not None}))
    return {**options, "databricks.connection": name}


def read_json(path: str) -> Mapping[str, Any]:
    try:
        with open(path, encoding="utf8") as file:
            found = json.load(file)
    except (OSError, ValueError) as error:
        raise wrong_file(path, str(error)) from error
    if isinstance(found, Mapping):
        return found
    raise wrong_file(path, "it is no JSON object")


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def json_list(values: list[str]) -> str:
    return json.dumps(values)


def wrong_file(path: str, why: str) -> OptionError:
    return OptionError(
        "PARLEY_CONNECTION_INVALID",
        f"The connection file {path} cannot be used: {why}",
        'Give a JSON object of options, such as {"tenant_id": "...", "client_id": "...", "client_secret": "..."}.',
    )
