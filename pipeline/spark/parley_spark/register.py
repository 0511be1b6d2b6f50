"""Registers a bundle as a data source of a Spark session."""

from __future__ import annotations

import os
import sys

from pyspark import cloudpickle
from pyspark.sql import SparkSession

from .source import source_class


def register(spark: SparkSession, bundle_path: str | os.PathLike[str], *names: str) -> None:
    """Registers the bundle as `lakeflow_connect` and under the given names.

    :param bundle_path: a file that every executor can read under this path
    """
    # Workers cannot import this package: its code travels with the class, as in the generated file.
    cloudpickle.register_pickle_by_value(sys.modules[__package__])
    for name in ("lakeflow_connect", *names):
        spark.dataSource.register(source_class(os.fspath(bundle_path), name))
