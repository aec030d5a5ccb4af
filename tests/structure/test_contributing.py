"""The examples of CONTRIBUTING.md still fit the files that they change."""

from __future__ import annotations

import re

import pytest

from tests import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGES = [
    pytest.param(file, lines, id=file)
    for diff in re.findall(r"^```diff\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for file, lines in re.findall(r"^--- (\S+)\n(.*?)(?=^--- |\Z)", diff, re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize(("file", "lines"), CHANGES)
def test_an_example_names_lines_that_are_there(file: str, lines: str) -> None:
    known = [line[1:] for line in lines.splitlines() if line[:1] in (" ", "-") and line.strip()]
    path = ROOT / file
    if not path.exists():
        assert known == [], "only a new file may be missing"
        assert path.parent.is_dir()
        return
    text = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in known if line not in text] == []


def test_there_is_an_example_of_each_kind() -> None:
    assert len(CHANGES) >= 9
    assert len(re.findall(r"^## Add an? .+$", PAGE, re.MULTILINE)) == 4
