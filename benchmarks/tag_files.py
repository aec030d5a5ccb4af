"""How much slower is a checked tag workbook than the bare sheet? The bound is three times.

Run: ``python -m benchmarks.tag_files [number of tags]``
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from engineering_api.features.tags.files import TagRow, read_xlsx, write_xlsx

BOUND = 3.0
ROUNDS = 3


def tags(number: int) -> Iterator[TagRow]:
    for index in range(number):
        table = f"Line_{index // 1000}\\Conveyor"
        yield TagRow(0, table, f"Tag_{index}", "Bool", f"%M{index // 8 % 65536}.{index % 8}", f"Comment of tag {index}")


def bare_read(path: Path) -> None:
    with CalamineWorkbook.from_path(path) as workbook:
        for _ in workbook.get_sheet_by_name("PLC Tags").iter_rows():
            pass


def best_seconds(action: Callable[[], object]) -> float:
    def once() -> float:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start

    return min(once() for _ in range(ROUNDS))


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tags.xlsx"
        start = time.perf_counter()
        write_xlsx(path, tags(number))
        print(f"written: {number} tags in {time.perf_counter() - start:.2f} s, {path.stat().st_size / 1e6:.1f} MB")
        bare = best_seconds(lambda: bare_read(path))
        checked = best_seconds(lambda: read_xlsx(path))
        if len(read_xlsx(path).tags) != number:
            sys.exit("Tags were lost on the way: the figures mean nothing.")
    print(f"bare sheet: {bare:.2f} s, read and checked: {checked:.2f} s, ratio {checked / bare:.2f} (bound {BOUND})")
    return int(checked > BOUND * bare)


if __name__ == "__main__":
    sys.exit(main())
