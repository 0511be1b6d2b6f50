"""Pages become larger batches on their way to Spark, with the same rows in the same order."""

import pyarrow as pa
import pytest
from parley_spark.merge_batches import MERGED_BYTES, MERGED_ROWS, merge_batches

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("marks", pa.list_(pa.field("item", pa.struct([("name", pa.string())])))),
    ]
)


def page(first: int, rows: int, text: str = "x") -> pa.RecordBatch:
    numbers = range(first, first + rows)
    lines = [
        {"id": f"{text}{one}", "at": one if one % 3 else None, "marks": [{"name": None}] * (one % 4)} for one in numbers
    ]
    return pa.RecordBatch.from_pylist(lines, SCHEMA)


@pytest.mark.parametrize("sizes", [[], [0], [7], [0, 0, 3], [50] * 400, [MERGED_ROWS * 2, 1, 1]])
def test_same_rows_in_the_same_order_and_schema(sizes):
    pages = [page(sum(sizes[:index]), rows) for index, rows in enumerate(sizes)]
    merged = list(merge_batches(iter(pages)))
    assert [row for one in merged for row in one.to_pylist()] == [row for one in pages for row in one.to_pylist()]
    assert all(one.schema.equals(SCHEMA, check_metadata=True) for one in merged)


def test_the_first_page_goes_on_at_once_and_few_batches_follow():
    taken = 0

    def pages():
        nonlocal taken
        for taken in range(1, 401):
            yield page(taken * 50, 50)

    merged = merge_batches(pages())
    assert next(merged).num_rows == 50 and taken == 1
    sizes = [one.num_rows for one in merged]
    assert sum(sizes) == 399 * 50
    assert len(sizes) < 15 and max(sizes) <= MERGED_ROWS + 50


def test_long_texts_are_bounded_by_their_bytes():
    pages = [page(index * 10, 10, "x" * 100_000) for index in range(100)]
    sizes = [one.nbytes for one in merge_batches(iter(pages))]
    assert max(sizes) <= MERGED_BYTES + pages[0].nbytes


def test_what_broke_off_is_not_handed_on():
    def pages():
        yield page(0, 50)
        yield page(50, 10)
        raise OSError("cut")

    merged = merge_batches(pages())
    assert next(merged).num_rows == 50
    with pytest.raises(OSError, match="cut"):
        next(merged)
