"""Temporary views under names that nobody else has, gone when they are not needed any more."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from pyspark.sql import DataFrame, SparkSession


@contextmanager
def views(spark: SparkSession, **frames: DataFrame) -> Iterator[SimpleNamespace]:
    """The views' names by what they are called here."""
    made = SimpleNamespace(**{one: f"parley_{one}_{uuid.uuid4().hex}" for one in frames})
    try:
        for one, frame in frames.items():
            frame.createOrReplaceTempView(getattr(made, one))
        yield made
    finally:
        for view in vars(made).values():
            spark.catalog.dropTempView(view)
