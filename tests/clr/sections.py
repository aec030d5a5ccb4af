"""How many operations and routes of each section ran through the double, from the notes that the plugin wrote.

TIA_TEST_RECORD=notes TIA_TEST_BACKEND=clr pytest -p tests.clr.plugin tests/bridge tests/api
python -m tests.clr.sections notes
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from engineering_api.operation import Section
from engineering_api.routes import SECTIONS

HEAD = "| section | operations | through .NET | routes | through .NET |\n|---|--:|--:|--:|--:|"


def table(reached: set[str], sections: tuple[Section, ...] = SECTIONS) -> str:
    """A Markdown table with one row for each section, and a sum."""
    operations, routes, done, done_routes = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for section in sections:
        for op in section.operations:
            operations[op.section] += 1
            routes[op.section] += len(op.routes)
            if op.name in reached:
                done[op.section] += 1
                done_routes[op.section] += len(op.routes)
    rows = [(name, operations[name], done[name], routes[name], done_routes[name]) for name in operations]
    rows.append(("all", operations.total(), done.total(), routes.total(), done_routes.total()))
    return "\n".join((HEAD, *(f"| {' | '.join(map(str, row))} |" for row in rows)))


def reached(folder: Path) -> set[str]:
    """The operations that any process of a run noted."""
    return {line for file in folder.glob("*.txt") for line in file.read_text(encoding="utf-8").splitlines() if line}


if __name__ == "__main__":
    print(table(reached(Path(sys.argv[1]))))  # noqa: T201
