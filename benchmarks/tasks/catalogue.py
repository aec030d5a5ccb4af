"""All tasks, and which of them are played."""

from __future__ import annotations

from benchmarks.tasks import changes, plc_tests, questions, repairs
from benchmarks.tasks.task import KINDS, Task

TASKS: dict[str, Task] = {
    task.id: task for task in (*questions.TASKS, *changes.TASKS, *repairs.TASKS, *plc_tests.TASKS)
}
"""Each task by its id."""
SHORT = tuple(next(task for task in TASKS.values() if task.kind == kind) for kind in KINDS)
"""The first task of each kind."""
