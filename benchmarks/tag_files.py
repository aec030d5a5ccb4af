"""What the checks of a tag workbook cost, compared with the bare sheet: `python -m benchmarks.tag_files`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.figures import Figure, least_seconds, run
from engineering_api.features.tags.files import TagRow, read_xlsx, write_xlsx

ROUNDS = 3


def tags(number: int) -> Iterator[TagRow]:
    for index in range(number):
        table = f"Line_{index // 1000}\\Conveyor"
        yield TagRow(0, table, f"Tag_{index}", "Bool", f"%M{index // 8 % 65536}.{index % 8}", f"Comment of tag {index}")


def bare_read(path: Path) -> None:
    with CalamineWorkbook.from_path(path) as workbook:
        for _ in workbook.get_sheet_by_name("PLC Tags").iter_rows():
            pass


def measure(short: bool) -> Iterator[Figure]:
    """Read a workbook with and without the checks."""
    number = 10_000 if short else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tags.xlsx"
        write_xlsx(path, tags(number))
        assert len(read_xlsx(path).tags) == number
        bare, checked = least_seconds([lambda: bare_read(path), lambda: read_xlsx(path)], ROUNDS)
    yield Figure(
        "tags of a workbook read and checked", "its sheet read by calamine", checked / bare, at_most=3, is_steady=True
    )


if __name__ == "__main__":
    run(measure)
