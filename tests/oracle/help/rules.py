"""The rules of the help's pages, one row each, in our own words.

A file of `rules/` has the rules of one page. Columns:

- `id`: unique in all files; `heading`: where the page says it; `rule`: what it says, in our words.
- `check`: `accepted` or `refused` (the source, by the check), `value` (after one scan of a virtual CPU), or `-` for a rule that
  no small program decides.
- `cpu`: empty for an S7-1500, or `1200`, `300`.
- `block`: `FB` (also if empty), `FC`, `FC Int` with the type of its value, `OB`, each with `standard` or `iec` after it, or `source`.
- `declared`: variables, of the section Static in an FB and Temp elsewhere unless VAR sections are written out.
- `body`: the statements; for `source` the whole text. `expected`: values for `value`, as `x=1; y=TRUE`.
- `state`: `held`, `contradicted` (we decide otherwise) or `open` (not decided); `why` is the reason of the last two.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "rules"
PAGES = {
    "creating-scl-programs": "Creating SCL programs",
    "programming-basics": "Programming basics",
    "block-interface": "Declaring the block interface",
    "data-types": "Data types",
    "external-sources": "Creating and managing blocks",
    "instructions": "SCL (S7-1200, S7-1500)",
}
"""The page of the help that a file of rules was read from; external-sources has the part about source files."""
STATES = ("held", "contradicted", "open")


class Rule(NamedTuple):
    """One rule; the names are those of the columns."""

    id: str
    heading: str
    rule: str
    check: str
    cpu: str
    block: str
    declared: str
    body: str
    expected: str
    state: str
    why: str


@cache
def read_rules(name: str) -> tuple[Rule, ...]:
    """Return the rules of a file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Rule(**row) for row in csv.DictReader(file))


def list_rules() -> Iterator[Rule]:
    """Yield the rules of all files."""
    for name in PAGES:
        yield from read_rules(name)
