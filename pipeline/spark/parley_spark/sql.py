"""Texts of Spark SQL."""

from __future__ import annotations

from collections.abc import Iterable


def quote(identifier: str) -> str:
    """Every name is quoted, so that `from` and `user` are columns like others."""
    return "`" + identifier.replace("`", "``") + "`"


def quote_all(identifiers: Iterable[str], prefix: str = "") -> str:
    return ", ".join(prefix + quote(one) for one in identifiers)


def literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def same_key(keys: Iterable[str], a: str, b: str) -> str:
    return " AND ".join(f"{a}.{quote(key)} <=> {b}.{quote(key)}" for key in keys)


def key_text(keys: Iterable[str], prefix: str = "") -> str:
    """The key as JSON text, for tables that hold keys of every shape."""
    return f"to_json(array({quote_all(keys, prefix)}))"


def first_of(query: str, per: str, order: str) -> str:
    """The first row of each group: Spark before 4.2 has no QUALIFY."""
    return (
        f"SELECT * EXCEPT (_place) FROM (SELECT *, row_number() OVER (PARTITION BY {per} ORDER BY {order}) AS _place "
        f"FROM ({query})) WHERE _place = 1"
    )
