"""Batch reads of one table, one after the other, in one session: `{folder, cores, bundle, source, options, reads}` on stdin.

Answers for each of `reads`, which are options beside the others, its seconds, its rows and a hash over the keys of all rows.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "spark"))

from session import load_generated, make_session

KEYS = "team_id, channel_id, id, lastModifiedDateTime"


def main() -> None:
    setup = json.load(sys.stdin)
    spark = make_session(Path(setup["folder"]), setup["cores"])
    load_generated(Path(setup["bundle"])).register_lakeflow_source(spark)
    answers = []
    for more in setup["reads"]:
        options = {**setup["options"], **more, "tableName": "messages"}
        began = time.monotonic()
        rows = spark.read.format(setup["source"]).options(**options).load()
        hashes = f"sum(CAST(xxhash64({KEYS}) AS DECIMAL(38, 0)))"
        told = rows.selectExpr("count(*) AS rows", f"CAST({hashes} AS STRING) AS digest").first()
        answers.append({"seconds": time.monotonic() - began, **told.asDict()})
    print(json.dumps(answers))
    spark.stop()


if __name__ == "__main__":
    main()
