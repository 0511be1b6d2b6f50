"""Spark's classes for admission control, which Spark 4.0 and 4.1 do not have."""

from __future__ import annotations

try:
    from pyspark.sql.streaming.datasource import ReadAllAvailable, ReadLimit, SupportsTriggerAvailableNow

    HAS_PARTITIONED_STREAMS = True
except ImportError:
    HAS_PARTITIONED_STREAMS = False

    class ReadLimit:
        pass

    class ReadAllAvailable(ReadLimit):
        pass

    class SupportsTriggerAvailableNow:
        pass
