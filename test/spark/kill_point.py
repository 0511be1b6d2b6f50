"""Where a driver ends by SIGKILL: at a statement that it gives to Spark, at a file that appears, or after a time."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pyspark.sql import SparkSession


def die_at(spark: SparkSession, folder: Path, point: dict) -> None:
    """:param point: `statements`, patterns of SQL that come one after the other, with `when`: die before or after the
    last of them; or `file`, a pattern of files in the folder, of which there is a new one; or `seconds`
    """
    if "statements" in point:
        die_at_statement(spark, point["statements"], point["when"])
    elif "file" in point:
        in_background(die_at_file, spark, folder, point["file"], set(folder.glob(point["file"])))
    else:
        in_background(die_after, spark, point["seconds"])


def die(spark: SparkSession) -> None:
    """No goodbye: first the JVM, then this process."""
    os.kill(spark.sparkContext._gateway.proc.pid, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_statement(spark: SparkSession, patterns: list[str], when: str) -> None:
    # Of the class: batches of a stream bring a session of their own.
    sessions, left = type(spark), list(patterns)
    run = sessions.sql

    def watched(session: SparkSession, statement: str, *args, **kwargs):
        if left and re.search(left[0], " ".join(statement.split())):
            left.pop(0)
            if not left and when == "before":
                die(spark)
        last = not left
        answer = run(session, statement, *args, **kwargs)
        if last:
            die(spark)
        return answer

    sessions.sql = watched


def die_at_file(spark: SparkSession, folder: Path, pattern: str, before: set[Path]) -> None:
    while not set(folder.glob(pattern)) - before:
        time.sleep(0.002)
    die(spark)


def die_after(spark: SparkSession, seconds: float) -> None:
    time.sleep(seconds)
    die(spark)


def in_background(work: Callable[..., None], *args) -> None:
    threading.Thread(target=work, args=args, daemon=True).start()
