"""What rows do to the history of their keys: the query that `decide` of pipeline/sync is written as, for Spark SQL."""

from __future__ import annotations

from .sql import quote_all, same_key
from .target import CONTENT_HASH, END_AT, START_AT, Target


def scd2_decisions(target: Target, folded: str) -> str:
    """What is to be written, as (keys, _at, _end, _decision, _row). `end`: only the end of the version at _at moves;
    else the folded row _row becomes the version from _at to _end.

    :param folded: a view of one row for each key and sequence: keys, _at, _hash, _row
    """
    key_columns = target.job.primary_keys
    keys = quote_all(key_columns)
    order = f"PARTITION BY {keys} ORDER BY _at NULLS FIRST, _is_new"
    return f"""
    WITH held AS (
      SELECT {quote_all(key_columns, "t.")}, t.{START_AT} AS _at, t.{END_AT} AS _end, t.{CONTENT_HASH} AS _hash
      FROM {target.table} AS t LEFT SEMI JOIN {folded} AS s ON {same_key(key_columns, "t", "s")}
    ),
    held_keys AS (SELECT {keys}, bool_or(_end IS NULL) AS _is_open, max(_end) AS _ended FROM held GROUP BY {keys}),
    ranked AS (
      SELECT s.*, coalesce(k._is_open, false) AS _is_open, k._ended,
        row_number() OVER (PARTITION BY {quote_all(key_columns, "s.")} ORDER BY s._at NULLS FIRST) AS _rank
      FROM {folded} AS s LEFT JOIN held_keys AS k ON {same_key(key_columns, "k", "s")}
    ),
    -- What every other row meets: the versions held (the open one as a row without a sequence leaves it), and the
    -- version that a key without an open one gets from its first row.
    base AS (
      SELECT {quote_all(key_columns, "v.")}, v._at, v._end, v._hash AS _was, coalesce(n._hash, v._hash) AS _hash, n._row, true AS _is_held, 0 AS _is_new
      FROM held AS v LEFT JOIN ranked AS n ON n._at IS NULL AND v._end IS NULL AND {same_key(key_columns, "v", "n")}
      UNION ALL
      SELECT {keys}, greatest(_at, _ended), NULL, NULL, _hash, _row, false, 0 FROM ranked WHERE NOT _is_open AND _rank = 1
    ),
    line AS (
      SELECT * FROM base UNION ALL
      SELECT {keys}, _at, NULL, NULL, _hash, _row, false, 1 FROM ranked WHERE _at IS NOT NULL AND (_is_open OR _rank > 1)
    ),
    seen AS (
      SELECT *,
        last_value(CASE WHEN _is_new = 0 THEN named_struct('at', _at, 'till', _end) END, true)
          OVER ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS _before,
        first_value(CASE WHEN _is_new = 0 THEN _hash END, true)
          OVER ({order} ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS _next_hash,
        CASE WHEN lead(_is_new) OVER ({order}) = 1 AND lead(_at) OVER ({order}) = _at
          THEN named_struct('hash', lead(_hash) OVER ({order}), 'row', lead(_row) OVER ({order})) END AS _replacing
      FROM line
    ),
    -- Rows at the time of a version have become its content; of the others, those that the next version says too are done.
    placed AS (
      SELECT {keys}, _at, _is_held, _is_new, _was, coalesce(_replacing.hash, _hash) AS _hash, coalesce(_replacing.row, _row) AS _row,
        CASE WHEN _is_new = 0 THEN _end WHEN _before.till > _at THEN _before.till END AS _till, _end AS _was_end
      FROM seen
      WHERE _is_new = 0 OR ((_before IS NULL OR NOT _before.at <=> _at) AND NOT _next_hash <=> _hash)
    ),
    neighbours AS (
      SELECT *, lag(_hash) OVER ({order}) AS _last_hash, lag(_till) OVER ({order}) AS _last_till FROM placed
    ),
    versions AS (
      SELECT * FROM neighbours
      WHERE _is_new = 0 OR NOT coalesce(_last_hash = _hash AND coalesce(_last_till > _at, true), false)
    ),
    ended AS (SELECT *, least(_till, lead(_at) OVER ({order})) AS _ends FROM versions)
    SELECT {keys}, _at, _ends AS _end, _row, CASE
      WHEN _is_held AND NOT _hash <=> _was THEN 'replace'
      WHEN _is_held THEN 'end'
      WHEN _is_new = 1 THEN 'update'
      ELSE 'insert' END AS _decision
    FROM ended WHERE NOT _is_held OR NOT _hash <=> _was OR NOT _ends <=> _was_end"""
