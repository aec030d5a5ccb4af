"""The changelog has the changes to come on top, and a section with a date for the version of the program."""

from __future__ import annotations

import datetime as dt
import re

from engineering_api import VERSION
from tests import ROOT

PAGE = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", PAGE, re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_unreleased_is_on_top_and_the_version_below_it() -> None:
    (first, no_date), (version, date), *_ = SECTIONS
    assert (first, no_date, version) == ("Unreleased", "", VERSION)
    assert dt.date.fromisoformat(date)


def test_changes_have_the_usual_kinds() -> None:
    assert set(re.findall(r"^### (.+)$", PAGE, re.MULTILINE)) <= KINDS
