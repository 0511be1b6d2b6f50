"""How many tasks there are, and what each keeps of the limits."""

import pytest
from parley_spark.program import Program
from parley_spark.table import Table
from parley_spark.tasks import MAX_TASKS, deal


def table(**options):
    return Table(Program.pack("rooms", b""), {"tableName": "events", **options})


@pytest.mark.parametrize(
    ("options", "windows", "tasks"),
    [
        ({}, 0, 0),
        ({}, 3, 3),
        ({}, 100, 4),
        ({}, 129, 8),
        ({"concurrent_tasks": "2"}, 100, 4),
        ({"concurrent_tasks": "16"}, 100, 16),
        ({}, 3200, 100),
        ({}, 100_000, MAX_TASKS),
        ({"max_tasks": "16"}, 100, 16),
        ({"max_tasks": "1"}, 100, 1),
    ],
)
def test_tasks_follow_from_how_many_run_at_once(options, windows, tasks):
    dealt = deal(list(range(windows)), "fail", table(**options).max_tasks(windows))
    assert len(dealt) == tasks
    assert sorted(one for task in dealt for one in task.windows) == list(range(windows))
    assert {task.tasks for task in dealt} <= {tasks}
