import { names, sameKey } from './sql.ts'
import { CONTENT_HASH, END_AT, STAGING, START_AT, stagedSequence, type Target } from './target.ts'

/**
 * `foldRows` and `decideScd2` of pipeline/sync for all keys of a unit at once: a query of what is to be written, as
 * (keys, _at, _end, _decision, _order). `end`: only the end of the version at _at moves; else the staged row _order becomes
 * the version from _at to _end. Deciding row by row and all at once come to the same because no row ever moves or removes
 * a neighbour, but for the end of the one before; test/unit/duckdb/apply_model.test.ts compares the two.
 */
export function decideScd2Sql(target: Target): string {
  const keys = names(target.keys)
  const same = (a: string, b: string) => sameKey(target.keys, a, b)
  const inOrder = `PARTITION BY ${keys} ORDER BY _at NULLS FIRST, _is_new`
  return `
    WITH rows_folded AS (
      SELECT ${keys}, ${stagedSequence(target)} AS _at, ${CONTENT_HASH} AS _hash, ${STAGING.order} FROM ${target.staging}
      QUALIFY row_number() OVER (PARTITION BY ${keys}, ${stagedSequence(target)} ORDER BY ${STAGING.order} DESC) = 1
    ),
    held AS (
      SELECT ${names(target.keys, 't.')}, t.${START_AT} AS _at, t.${END_AT} AS _end, t.${CONTENT_HASH} AS _hash
      FROM ${target.table} AS t SEMI JOIN rows_folded AS s ON ${same('t', 's')}
    ),
    held_keys AS (SELECT ${keys}, bool_or(_end IS NULL) AS _is_open, max(_end) AS _ended FROM held GROUP BY ${keys}),
    rows_ranked AS (
      SELECT s.*, coalesce(k._is_open, false) AS _is_open, k._ended,
        row_number() OVER (PARTITION BY ${names(target.keys, 's.')} ORDER BY s._at NULLS FIRST) AS _rank
      FROM rows_folded AS s LEFT JOIN held_keys AS k ON ${same('k', 's')}
    ),
    -- What every other row meets: the versions held (the open one as a row without a sequence leaves it), and the
    -- version that a key without an open one gets from its first row.
    base AS (
      SELECT ${names(target.keys, 'v.')}, v._at, v._end, v._hash AS _was, coalesce(n._hash, v._hash) AS _hash, n.${STAGING.order}, true AS _is_held, 0 AS _is_new
      FROM held AS v LEFT JOIN rows_ranked AS n ON n._at IS NULL AND v._end IS NULL AND ${same('v', 'n')}
      UNION ALL
      SELECT ${keys}, greatest(_at, _ended), NULL, NULL, _hash, ${STAGING.order}, false, 0 FROM rows_ranked WHERE NOT _is_open AND _rank = 1
    ),
    line AS (
      FROM base UNION ALL
      SELECT ${keys}, _at, NULL, NULL, _hash, ${STAGING.order}, false, 1
      FROM rows_ranked WHERE _at IS NOT NULL AND (_is_open OR _rank > 1)
    ),
    seen AS (
      SELECT *,
        last_value(CASE WHEN _is_new = 0 THEN {'at': _at, 'till': _end} END IGNORE NULLS) OVER (${inOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS _before,
        first_value(CASE WHEN _is_new = 0 THEN _hash END IGNORE NULLS) OVER (${inOrder} ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS _next_hash,
        CASE WHEN lead(_is_new) OVER (${inOrder}) = 1 AND lead(_at) OVER (${inOrder}) = _at
          THEN {'hash': lead(_hash) OVER (${inOrder}), 'row': lead(${STAGING.order}) OVER (${inOrder})} END AS _replacing
      FROM line
    ),
    -- Rows at the time of a version have become its content; of the others, those that the next version says too are done.
    placed AS (
      SELECT ${keys}, _at, _is_held, _is_new, _was, coalesce(_replacing.hash, _hash) AS _hash, coalesce(_replacing."row", ${STAGING.order}) AS ${STAGING.order},
        CASE WHEN _is_new = 0 THEN _end WHEN _before.till > _at THEN _before.till END AS _till, _end AS _was_end
      FROM seen
      WHERE _is_new = 0 OR ((_before IS NULL OR _before.at IS DISTINCT FROM _at) AND _next_hash IS DISTINCT FROM _hash)
    ),
    versions AS (
      FROM placed
      QUALIFY _is_new = 0 OR NOT coalesce(lag(_hash) OVER (${inOrder}) = _hash AND coalesce(lag(_till) OVER (${inOrder}) > _at, true), false)
    ),
    ended AS (SELECT *, least(_till, lead(_at) OVER (${inOrder})) AS _end FROM versions)
    SELECT ${keys}, _at, _end, ${STAGING.order}, CASE
      WHEN _is_held AND _hash IS DISTINCT FROM _was THEN 'replace'
      WHEN _is_held THEN 'end'
      WHEN _is_new = 1 THEN 'update'
      ELSE 'insert' END AS _decision
    FROM ended WHERE NOT _is_held OR _hash IS DISTINCT FROM _was OR _end IS DISTINCT FROM _was_end`
}
