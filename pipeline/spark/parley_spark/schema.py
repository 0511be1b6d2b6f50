"""Arrow schema of a table to Spark's."""

from __future__ import annotations

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructField, StructType

from .streaming import HAS_PARTITIONED_STREAMS


def spark_schema(arrow: pa.Schema) -> StructType:
    """Types as Spark maps them (times are TIMESTAMP, always with UTC), descriptions as column comments: not where simple
    streams are all there is, for Spark 4.0 takes no batch of a stream whose schema differs from the declared one, and
    Arrow brings no comments along."""
    typed = from_arrow_schema(arrow, prefer_timestamp_ntz=False)
    fields = []
    for field, source in zip(typed.fields, arrow, strict=True):
        comment = (source.metadata or {}).get(b"comment")
        metadata = {} if comment is None or not HAS_PARTITIONED_STREAMS else {"comment": comment.decode()}
        fields.append(StructField(field.name, field.dataType, field.nullable, metadata))
    return StructType(fields)
