"""Small record batches as fewer large ones. An API's pages hold some fifty rows; a batch costs Spark as much as hundreds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

MERGED_ROWS = 5_000
MERGED_BYTES = 8 * 1024 * 1024


def merge_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in the same order. The first batch goes on at once, for a reader that wants a few rows only; each
    later one may be as large as all before it, up to MERGED_ROWS or MERGED_BYTES and the last page."""
    waiting: list[pa.RecordBatch] = []
    rows = size = passed = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= min(passed, MERGED_ROWS) or size >= MERGED_BYTES:
            yield from merged(waiting)
            waiting, passed, rows, size = [], passed + rows, 0, 0
    yield from merged(waiting)


def merged(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    if len(batches) <= 1:
        return batches
    return pa.Table.from_batches(batches).combine_chunks().to_batches()
