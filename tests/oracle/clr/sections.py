"""How many operations and routes of each section run through the double.

`through.tsv` names the operations that are held to (`test_double.py` and `test_plcsim.py` run them again); the column of the
docs/routes.md counts them. The notes that the plugin wrote add to it:

TIA_TEST_RECORD=notes TIA_TEST_BACKEND=clr pytest -p tests.oracle.clr.plugin tests/openness_bridge tests/engineering_api/features
python -m tests.oracle.clr.sections notes
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from engineering_api.features.sections import SECTIONS
from engineering_api.operations.declaration import Section

WITH_PLCSIM = ("PLCSim Simulation", "Download / Upload", "Watch & Force Tables", "PLC Tests")
"""Sections that the run of PLCSIM's tests holds to; all others are held to by the run of bridge and API."""
THROUGH = Path(__file__).with_name("through.tsv")
TITLE = "operation"
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


def through(*, plcsim: bool | None = None) -> set[str]:
    """The operations that are held to run through .NET; of both runs, or of one."""
    held = set(THROUGH.read_text(encoding="utf-8").splitlines()[1:])
    if plcsim is None:
        return held
    of_plcsim = {op.name for section in SECTIONS for op in section.operations if op.section in WITH_PLCSIM}
    return held & of_plcsim if plcsim else held - of_plcsim


def reached(folder: Path) -> set[str]:
    """The operations that any process of a run noted."""
    return {line for file in folder.glob("*.txt") for line in file.read_text(encoding="utf-8").splitlines() if line}


def write(operations: set[str]) -> None:
    """Hold these operations from now on."""
    THROUGH.write_text("\n".join((TITLE, *sorted(operations), "")), encoding="utf-8")


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        write(through() | reached(Path(folder)) if THROUGH.exists() else reached(Path(folder)))
    print(table(through()))  # noqa: T201
