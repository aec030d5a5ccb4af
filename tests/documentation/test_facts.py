"""The facts that the code cites are in the repository: each citation leads to a page and a heading."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import ROOT

FACTS = ROOT / "docs" / "facts"
CITATION = re.compile(r"docs/facts/([\w-]+\.md)(?:#([\w-]+))?")
PROGRAM = re.compile(r"^```scl$.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s#:]*)(?:#([^()\s]+))?\)")
HEADING = re.compile(r"^#{1,6} (.+?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@cache
def texts() -> dict[str, str]:
    """Return the tracked files that may cite, by path."""
    command = ["git", "ls-files", "-z", "*.py", "*.md", "*.csv"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in listed.split("\0") if (ROOT / name).is_file()}


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", page)):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        plain = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        number = 0
        while (anchor := plain + (f"-{number}" if number else "")) in found:
            number += 1
        found.add(anchor)
    return found


def missing(page: Path, anchor: str | None) -> bool:
    """Return whether a page, or the heading on it, is not there."""
    return not page.is_file() or (bool(anchor) and anchor not in anchors(page.read_text(encoding="utf-8")))


def line_of(text: str, position: int) -> int:
    """Return the number of the line of a position."""
    return text.count("\n", 0, position) + 1


def citations() -> Iterator[tuple[str, str, str | None]]:
    """Yield the place, page and anchor of each citation."""
    for name, text in texts().items():
        for found in CITATION.finditer(text):
            yield f"{name}:{line_of(text, found.start())}", found[1], found[2]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("# Names", {"names"}),
        ("## EN and ENO\n\ntext\n\n## `GetService[T]()` gives null", {"en-and-eno", "getservicet-gives-null"}),
        ("# A, B (C): D / E", {"a-b-c-d--e"}),
        ("# S7-GRAPH\n## Steps\n## Steps", {"s7-graph", "steps", "steps-1"}),
        ("# See [the page](other.md#x)\n```sh\n# no heading\n```", {"see-the-page"}),
        ("# Größe_2", {"größe_2"}),
    ],
)
def test_anchors_follow_the_rules_of_github(page: str, expected: set[str]) -> None:
    assert anchors(page) == expected


def test_each_citation_leads_to_a_page_and_a_heading() -> None:
    broken = [f"{place} {page}#{anchor or ''}" for place, page, anchor in citations() if missing(FACTS / page, anchor)]
    assert broken == []


def test_each_link_on_a_page_of_facts_leads_to_a_page_and_a_heading() -> None:
    broken, count = [], 0
    for page in sorted(FACTS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for found in LINK.finditer(text):
            count += 1
            target = (page.parent / found[1]).resolve() if found[1] else page
            if missing(target, found[2]):
                broken.append(f"{page.name}:{line_of(text, found.start())} {found[0]}")
    assert broken == []
    assert count > len(list(FACTS.glob("*.md")))


def test_the_index_names_each_page() -> None:
    index = (FACTS / "README.md").read_text(encoding="utf-8")
    named = {found[1] for found in LINK.finditer(index)}
    assert {page.name for page in FACTS.glob("*.md")} - named == {"README.md"}


def test_no_page_is_too_long_to_read() -> None:
    """Programs do not count: they are to run, not to read."""
    texts = {page.name: PROGRAM.sub("", page.read_text(encoding="utf-8")) for page in FACTS.glob("*.md")}
    assert [name for name, text in texts.items() if len(text.splitlines()) > 300] == []


OLD_NAMES = re.compile(
    r"openness[-]map|\btia[-]rules\b(?!\.md)|t-ia-connect[-]contract|graph-and[-]stl|catalog[-]notes|catalogue\s+notes|simaticml\s+facts"
    r"|execution\s+semantics\s+(?:\d|in\b)|see\s+`aml`|\bapi\s+contract\s+[A-C]\d"
)
"""The names by which the code once cited pages outside of the repository."""


def test_nothing_cites_a_page_outside_of_the_repository() -> None:
    outside = [
        f"{name}:{line_of(text, found.start())} {found[0]!r}"
        for name, text in texts().items()
        for found in OLD_NAMES.finditer(text)
    ]
    assert outside == []


def test_each_page_is_cited() -> None:
    cited = {page for place, page, _ in citations() if ".py:" in place}
    assert {page.name for page in FACTS.glob("*.md")} - cited == {"README.md"}
