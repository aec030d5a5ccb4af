"""No package gets more lines of Python than decision 18 allows. `python -m tests.structure.test_lines` prints the figures."""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from tests import ROOT

PAGE = ROOT / "docs" / "decisions" / "0018-lines.md"
PACKAGES = (
    "engineering_api",
    "runtime_data",
    "openness_bridge",
    "simatic_xml",
    *(f"fakes/{path.parent.name}" for path in sorted((ROOT / "fakes").glob("*/__init__.py"))),
    "tests",
)
GENERATED = ROOT / "engineering_api" / "client" / "resources"
ALLOWANCE = 0.005
"""Part of a package that small changes may add; 20 lines in a small one."""


class Change(NamedTuple):
    """A row of the page: a package, and its lines before and after."""

    package: str
    before: int
    after: int


def changes() -> list[Change]:
    rows = re.findall(
        r"^\| `([\w/]+)` \| ([\d,]+) \| ([\d,]+) \| \S.*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [Change(package, *(int(each.replace(",", "")) for each in figures)) for package, *figures in rows]


def lines_of(package: str) -> int:
    files = (path for path in (ROOT / package).rglob("*.py") if GENERATED not in path.parents)
    return sum(path.read_bytes().count(b"\n") for path in files)


def allowed() -> dict[str, int]:
    """The last figure of each package, with the allowance."""
    return {each.package: each.after + max(20, int(each.after * ALLOWANCE)) for each in changes()}


def test_no_package_is_larger_than_its_last_row() -> None:
    larger = {name: (lines, allowed()[name]) for name in PACKAGES if (lines := lines_of(name)) > allowed()[name]}
    assert larger == {}, (
        f"lines, and those allowed: remove code, or add a row with the reason to {PAGE.relative_to(ROOT)}"
    )


def test_each_row_continues_the_row_before_it() -> None:
    last: dict[str, int] = {}
    for each in changes():
        assert each.before == last.get(each.package, each.before), each
        last[each.package] = each.after
    assert set(last) == set(PACKAGES)


if __name__ == "__main__":
    sys.stdout.writelines(f"{name:24}{lines_of(name):10,}{allowed()[name]:10,} allowed\n" for name in PACKAGES)
