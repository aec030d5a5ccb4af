"""How many operations and routes of each section run through the double.

`through.tsv` names the operations that are held to, and a test in which each goes through (`test_double.py` runs these again); the
column of the docs/routes.md counts them. The notes that the plugin wrote make it new:

TIA_TEST_RECORD=notes TIA_TEST_BACKEND=clr pytest -p tests.oracle.clr.plugin tests/openness_bridge tests/engineering_api/features
python -m tests.oracle.clr.sections notes
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from engineering_api.features.sections import SECTIONS
from engineering_api.operations.declaration import Section

THROUGH = Path(__file__).with_name("through.tsv")
TITLE = "operation\ttest"
HEAD = "| section | operations | through .NET | routes | through .NET |\n|---|--:|--:|--:|--:|"


def table(operations: set[str], sections: tuple[Section, ...] = SECTIONS) -> str:
    """A Markdown table with one row for each section, and a sum."""
    known, routes, done, done_routes = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for section in sections:
        for op in section.operations:
            known[op.section] += 1
            routes[op.section] += len(op.routes)
            done[op.section] += op.name in operations
            done_routes[op.section] += len(op.routes) * (op.name in operations)
    rows = [(name, known[name], done[name], routes[name], done_routes[name]) for name in known]
    rows.append(("all", known.total(), done.total(), routes.total(), done_routes.total()))
    return "\n".join((HEAD, *(f"| {' | '.join(map(str, row))} |" for row in rows)))


def through() -> dict[str, str]:
    """The operations that are held to run through .NET, each with its test."""
    return dict(line.split("\t") for line in THROUGH.read_text(encoding="utf-8").splitlines()[1:])


def reached(*folders: Path) -> dict[str, set[str]]:
    """The operations that any process of a run noted, each with the tests in which it went through."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for file in folder.glob("*.txt"):
            for line in file.read_text(encoding="utf-8").splitlines():
                name, test = line.split("\t")
                found.setdefault(name, set()).add(test)
    return found


def few(found: dict[str, set[str]]) -> dict[str, str]:
    """A test for each operation; a test that serves for many of them is taken first."""
    chosen: dict[str, str] = {}
    while left := found.keys() - chosen.keys():
        served = Counter(test for name in left for test in found[name])
        best = min(served, key=lambda test: (-served[test], test))
        chosen |= {name: best for name in left if best in found[name]}
    return chosen


def write(tests: dict[str, str]) -> None:
    """Hold these operations from now on."""
    rows = (f"{name}\t{test}" for name, test in sorted(tests.items()))
    THROUGH.write_text("\n".join((TITLE, *rows, "")), encoding="utf-8")


if __name__ == "__main__":
    if folders := [Path(each) for each in sys.argv[1:]]:
        write(few(reached(*folders)))
    print(table(set(through())))  # noqa: T201
