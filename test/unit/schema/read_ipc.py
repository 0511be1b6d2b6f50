"""Reads Arrow IPC streams from stdin, each after its length in four bytes, and answers each with a line of JSON."""

import datetime
import json
import struct
import sys

import pyarrow as pa

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)


def plain(type_, value):
    """A value as JSON, with 64-bit integers and times (in microseconds) as text."""
    if value is None:
        return None
    if pa.types.is_timestamp(type_):
        return str((value - EPOCH) // MICROSECOND)
    if pa.types.is_int64(type_):
        return str(value)
    if pa.types.is_list(type_):
        return [plain(type_.value_type, item) for item in value]
    if pa.types.is_struct(type_):
        return {field.name: plain(field.type, value[field.name]) for field in type_}
    return value


def read(data):
    with pa.ipc.open_stream(data) as reader:
        schema = reader.schema
        batches = list(reader)
    rows = []
    for batch in batches:
        batch.validate(full=True)
        columns = [(field, batch.column(i).to_pylist()) for i, field in enumerate(schema)]
        for row in range(batch.num_rows):
            rows.append({field.name: plain(field.type, values[row]) for field, values in columns})
    return {
        "schema": [[field.name, str(field.type), field.nullable] for field in schema],
        "comments": [(field.metadata or {}).get(b"comment", b"").decode() for field in schema],
        "rows": rows,
    }


while header := sys.stdin.buffer.read(4):
    (length,) = struct.unpack("<I", header)
    print(json.dumps(read(sys.stdin.buffer.read(length))), flush=True)
