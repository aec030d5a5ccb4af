"""The mutants of a small module, what becomes of them, and that the list of survivors names mutants that exist."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import ROOT
from tests.mutation.mutants import DROPPED, mutants
from tests.mutation.survivors import read_figures, read_modules, read_survivors

MODULE = '''
LIMIT = 3
UNREAD = 4

def room(queue: list[int], most: int = LIMIT) -> bool:
    """Return whether there is room."""
    if not queue:
        return True
    queue.sort()
    return len(queue) < LIMIT and queue[0] * 2 > most

class Timer:
    seconds = 5

    def stop(self) -> None:
        self.on = False
'''
EXPECTED = [
    ("", "constant", "LIMIT = 3", "LIMIT = 4"),
    ("", "constant", "LIMIT = 3", "LIMIT = 2"),
    ("room", "condition", "if not queue:", "if not not queue:"),
    ("room", "condition", "if not queue:", "if queue:"),
    ("room", "statement", "return True", DROPPED),
    ("room", "constant", "return True", "return False"),
    ("room", "statement", "queue.sort()", DROPPED),
    *(
        ("room", operator, "return len(queue) < LIMIT and queue[0] * 2 > most", f"return {mutated}")
        for operator, mutated in (
            ("logic", "len(queue) < LIMIT or queue[0] * 2 > most"),
            ("comparison", "len(queue) <= LIMIT and queue[0] * 2 > most"),
            ("arithmetic", "len(queue) < LIMIT and queue[0] // 2 > most"),
            ("constant", "len(queue) < LIMIT and queue[1] * 2 > most"),
            ("constant", "len(queue) < LIMIT and queue[-1] * 2 > most"),
            ("constant", "len(queue) < LIMIT and queue[0] * 3 > most"),
            ("constant", "len(queue) < LIMIT and queue[0] * 1 > most"),
            ("comparison", "len(queue) < LIMIT and queue[0] * 2 >= most"),
        )
    ),
    ("Timer.stop", "statement", "self.on = False", DROPPED),
    ("Timer.stop", "constant", "self.on = False", "self.on = True"),
]


def test_the_mutants_of_a_module(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(MODULE, encoding="utf-8")
    found = mutants(file)
    assert sorted(each.key for each in found) == sorted(EXPECTED)
    dropped = next(each for each in found if each.original == "queue.sort()")
    names: dict[str, object] = {}
    exec(dropped.compile(str(file)), names)  # noqa: S102 - the module of this test
    queue = [2, 1]
    assert callable(names["room"]) and names["room"](queue) and queue == [2, 1]


def test_each_row_of_the_list_is_a_mutant_of_its_module() -> None:
    rows, modules = read_survivors(), read_modules()
    exist = {(module, *each.key) for module in modules for each in mutants(ROOT / module)}
    assert [row for row in rows if row.key not in exist] == []
    assert len({row.key for row in rows}) == len(rows)
    assert all((ROOT / test).is_file() for tests in modules.values() for test in tests)


def test_the_list_is_no_longer_than_decision_17_says() -> None:
    """Each module has its figures there; a later row of a module replaces those before it."""
    figures = read_figures()
    assert [each for each in figures if each.mutants != each.killed + each.survivors] == []
    allowed = {each.module: each.survivors for each in figures}
    assert set(allowed) == set(read_modules())
    rows = Counter(row.module for row in read_survivors())
    more = {module: (count, allowed[module]) for module, count in rows.items() if count > allowed[module]}
    assert more == {}, (
        "rows, and those allowed: write a test, or add a row with the reason to docs/decisions/0017-mutants.md"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the trial forks, and its forks end with it by a call of Linux")
def test_a_trial_reports_which_mutants_are_killed() -> None:
    """In closures and constants; what has no test, and what makes no difference, survives."""
    module, test = "tests/mutation/victim.py", "tests/mutation/victim_tests.py"
    command = [sys.executable, "-m", "tests.mutation.trial", module, "300", "1", test]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    (count, *_), *rows = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("[")]
    assert count == len(rows) == len(mutants(ROOT / module))
    survived = {(name, mutated) for name, _, _, mutated, killed in rows if not killed}
    untested = {("never_tested", "return 2"), ("never_tested", "return 0")}
    boundary = ("counting.<locals>.count", "return len(range(0, limit, STEP)) if limit <= most else most")
    assert survived == {*untested, boundary, ("", "STEP = 2")}
