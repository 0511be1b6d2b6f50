"""Teams as a pipeline: messages and replies are appended as they are read, channels are listed whole by every run."""

import json
import sys
from pathlib import Path

from pyspark import pipelines
from pyspark.sql import DataFrame, SparkSession

PROJECT = Path(__file__).resolve().parents[1]
# Not in this folder, whose files are all definitions.
sys.path.append(str(PROJECT))

from _generated_microsoft_teams_python_source import register_lakeflow_source

spark = SparkSession.active()
register_lakeflow_source(spark)
connection = json.loads((PROJECT / "connection.json").read_text())
streams = ["messages", "message_replies"]


def read_into(table: str) -> None:
    pipelines.create_streaming_table(name=f"{table}_read")

    @pipelines.append_flow(name=f"{table}_flow", target=f"{table}_read")
    def flow() -> DataFrame:
        # All flows of a run go at once, and share what the API allows.
        share = {"concurrent_streams": str(len(streams))}
        return spark.readStream.format("microsoft_teams").options(**connection, **share, tableName=table).load()


for table in streams:
    read_into(table)


@pipelines.materialized_view
def channels() -> DataFrame:
    return spark.read.format("microsoft_teams").options(**connection, tableName="channels").load()
