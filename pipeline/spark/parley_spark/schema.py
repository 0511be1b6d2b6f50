"""Arrow schema of a table to Spark's."""

from __future__ import annotations

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructField, StructType


def spark_schema(arrow: pa.Schema) -> StructType:
    """Types as Spark maps them (times are TIMESTAMP, always with UTC), descriptions as column comments."""
    typed = from_arrow_schema(arrow, prefer_timestamp_ntz=False)
    fields = []
    for field, source in zip(typed.fields, arrow, strict=True):
        comment = (source.metadata or {}).get(b"comment")
        metadata = {} if comment is None else {"comment": comment.decode()}
        fields.append(StructField(field.name, field.dataType, field.nullable, metadata))
    return StructType(fields)
