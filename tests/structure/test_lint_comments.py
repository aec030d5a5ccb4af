"""Comments that silence a checker stay few, and each says why.

The searched words are put together here, so that this file does not count itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests import ROOT

FOLDERS = (
    "engineering_api",
    "runtime_data",
    "openness_bridge",
    "simatic_xml",
    "fakes",
    "tests",
    "benchmarks",
    "examples",
)
UNTYPED = " ".join(("# type:", "ignore"))
UNFORMATTED = " ".join(("# fmt:", "skip"))
REASON = re.compile(re.escape(UNTYPED) + r"\[[a-z-]+(, [a-z-]+)*\]  # \w.+")


def lines_with(comment: str) -> Iterator[str]:
    """Yield the lines of the project's Python that have a comment, each with its place."""
    files = [*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    for path in sorted(files):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if comment in line:
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def test_types_are_rarely_ignored_and_with_a_reason() -> None:
    found = list(lines_with(UNTYPED))
    assert len(found) < 60
    assert [line for line in found if not REASON.search(line)] == [], "write the reason behind: [code]  # why"


def test_few_lines_are_kept_from_the_formatter() -> None:
    assert len(list(lines_with(UNFORMATTED))) < 100
