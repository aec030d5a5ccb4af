"""The table of docs/performance.md: the latest ratios, and those of the last release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.figures import Figure

FILE = Path(__file__).parent.parent / "docs" / "performance.md"
HEAD = "| benchmark | what | compared with | goal | today | last release |\n|---|---|---|---|---|---|\n"
NOT_MEASURED = "-"


@dataclass(frozen=True)
class Row:
    """A line of the table; the ratios are text, `-` where there is none.

    Attributes:
        today: The ratio that was measured last.
        before: That of the last release.
    """

    benchmark: str
    what: str
    floor: str
    goal: str
    today: str
    before: str

    def __str__(self) -> str:
        """Return it as Markdown."""
        cells = (self.benchmark, self.what, self.floor, self.goal, self.today, self.before)
        return f"| {' | '.join(cells)} |\n"


class Page:
    """The page with its rows."""

    def __init__(self, text: str) -> None:
        """Read the table of a page.

        Raises:
            ValueError: It has none.
        """
        self._above, head, rest = text.partition(HEAD)
        if not head:
            msg = f"{FILE.name} has no table of figures."
            raise ValueError(msg)
        lines = rest.splitlines(keepends=True)
        count = next((number for number, each in enumerate(lines) if not each.startswith("| ")), len(lines))
        self._below = "".join(lines[count:])
        self.rows = [Row(*(cell.strip() for cell in each.strip().strip("|").split("|"))) for each in lines[:count]]

    @classmethod
    def read(cls) -> Page:
        """Read the page of the documentation."""
        return cls(FILE.read_text(encoding="utf-8"))

    def write(self) -> None:
        """Write it."""
        FILE.write_text(f"{self._above}{HEAD}{''.join(map(str, self.rows))}{self._below}", encoding="utf-8")

    def begin_release(self) -> None:
        """Make the ratios of today those of the last release."""
        self.rows = [replace(row, before=row.today) for row in self.rows]

    def put(self, benchmark: str, figures: Sequence[Figure]) -> None:
        """Replace the rows of a benchmark."""
        before = {row.what: row.before for row in self.rows if row.benchmark == benchmark}
        rows = [
            Row(benchmark, each.what, each.floor, each.goal, f"{each.ratio:.3g}", before.get(each.what, NOT_MEASURED))
            for each in figures
        ]
        self.rows = sorted(
            [row for row in self.rows if row.benchmark != benchmark] + rows, key=lambda row: row.benchmark
        )
