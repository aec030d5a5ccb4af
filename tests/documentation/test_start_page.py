"""The start page: its program prints what the page shows, and a reader is through it in a minute."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests import ROOT
from tests.support.service import KEY

PAGE = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = dict(_FENCED.findall(PAGE))


@pytest.mark.slow
def test_the_program_prints_what_the_page_shows(empty_url: str) -> None:
    environment = {"PYTHONPATH": str(ROOT), "TIA_URL": empty_url, "TIA_API_KEY": KEY}
    command = [sys.executable, "-c", CODE["python"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, CODE["text"]), done.stderr


def test_a_minute_is_enough() -> None:
    assert set(CODE) == {"python", "text"}
    assert len([line for line in CODE["python"].splitlines() if line]) <= 11
    assert len(re.findall(r"[A-Za-z]\w+", re.sub(r"\]\([^)]*\)", "]", _FENCED.sub("", PAGE)))) < 320
    (picture,) = re.findall(r"!\[[^]]+\]\((\S+)\)", PAGE)
    assert (ROOT / "docs" / picture).is_file()
