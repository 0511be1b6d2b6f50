"""Spark sends the class, its instances and readers to processes that cannot import this package."""

import subprocess
import sys

import parley_spark
from parley_spark.offset import Offset
from parley_spark.program import Program
from parley_spark.source import source_class
from parley_spark.stream_reader import WindowStreamReader
from parley_spark.table import Table
from parley_spark.tasks import deal
from pyspark import cloudpickle

ELSEWHERE = """
import pickle, sys
try:
    import parley_spark
    sys.exit("parley_spark can be imported here: the test proves nothing")
except ImportError:
    pass
source, instance, reader, tasks = pickle.load(sys.stdin.buffer)
assert source.name() == "rooms" and source({"tableName": "t"}).table.name == "t"
assert instance.table.options == {"tablename": "events", "a": "b"}
assert reader.initialOffset() == {"v": 1, "t": 0, "prev": 0, "known": "", "behind": {}}
assert [task.windows for task in tasks] == [[1, 3], [2]]
print("ok")
"""


def test_everything_that_travels_arrives_where_the_package_is_not():
    cloudpickle.register_pickle_by_value(parley_spark)
    program = Program.pack("rooms", b"code")
    source = source_class(program, "rooms")
    options = {"tableName": "events", "a": "b"}
    reader = WindowStreamReader(Table(program, options))
    reader.planner.made.add(str(Offset().to_dict()))
    sent = cloudpickle.dumps((source, source(options), reader, deal([1, 2, 3], "fail", 2)))
    answer = run_elsewhere(sent)
    assert answer.stdout.decode().strip() == "ok", answer.stderr.decode()


def run_elsewhere(sent):
    return subprocess.run([sys.executable, "-I", "-c", ELSEWHERE], input=sent, capture_output=True, check=False)
