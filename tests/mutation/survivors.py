"""The committed tables: the modules with their tests, and the mutants that no test finds, which only become fewer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests import ROOT

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "decisions" / "0017-mutants.md"
MODULES, SURVIVORS = HERE / "modules.csv", HERE / "survivors.tsv"


class Row(NamedTuple):
    """A mutant that survives, and why none can find it where that is known: it behaves as the original."""

    module: str
    function: str
    operator: str
    original: str
    mutated: str
    equivalent: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies the mutant."""
        return self[:-1]


class Figures(NamedTuple):
    """A row of decision 17: how many mutants a module has, and how many of them survive."""

    module: str
    mutants: int
    killed: int
    survivors: int


def read_figures() -> list[Figures]:
    """Return the rows of decision 17 that have a reason."""
    rows = re.findall(
        r"^\| `(\S+)` \| (\d+) \| (\d+) \| (\d+) \| \S.*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [Figures(module, *map(int, figures)) for module, *figures in rows]


def read_modules() -> dict[str, list[str]]:
    """Return the tests of each module, both as paths in the repository."""
    with MODULES.open(encoding="utf-8", newline="") as file:
        return {row["module"]: row["tests"].split() for row in csv.DictReader(file)}


def read_survivors() -> list[Row]:
    """Return the list."""
    with SURVIVORS.open(encoding="utf-8", newline="") as file:
        return [Row(*row) for row in csv.reader(file, "excel-tab", lineterminator="\n")][1:]


def write_survivors(rows: Iterable[Row]) -> None:
    """Write the list."""
    with SURVIVORS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, "excel-tab", lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(sorted(rows))
