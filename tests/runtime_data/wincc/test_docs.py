"""The page about WinCC: a reader's requests, commands and Python against a server process, and its tables."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engineering_api.app import catalogue
from runtime_data.wincc import names
from tests.support.pages import Page, assert_shown
from tests.support.service import KEY

PAGE = Page("runtime/wincc.md")
_BLOCK = re.compile(r"```(http|json|sh|python)\n(.*?)```", re.DOTALL)


def blocks() -> list[tuple[str, str, Any]]:
    """The language and the text of each block that does something, with the answer that is shown behind it."""
    found = _BLOCK.findall(PAGE.text)
    return [
        (language, text, json.loads(after[1]) if after[0] == "json" else None)
        for (language, text), after in zip(found, [*found[1:], ("", "")], strict=True)
        if language != "json"
    ]


class Reader:
    """Somebody who does what the page says."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.http = httpx.Client(base_url=url, timeout=120)
        self.shell = f'BASE="{url}"\n'

    def send(self, text: str) -> None:
        head, _, body = text.partition("\n")
        method, path = head.split()
        answer = self.http.request(
            method, path, content=body, headers={"X-API-Key": KEY, "Content-Type": "application/json"}
        )
        assert answer.status_code == 200, (head, answer.text)

    def run(self, text: str) -> str:
        """What a command prints; one that sets a variable is remembered."""
        if re.match(r"\w+=", text):
            self.shell += text
            text = ""
        done = subprocess.run(
            ["bash", "-ec", self.shell + text], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (text, done.stderr)
        return done.stdout

    def run_until(self, text: str, shown: Any) -> None:
        """Run a command until it prints what the page shows: the CPU needs a cycle, the service a reading."""
        deadline = time.monotonic() + 60
        while True:
            printed = self.run(text)
            try:
                assert_shown(shown, json.loads(printed), text)
            except (AssertionError, KeyError, ValueError):
                assert time.monotonic() < deadline, (text, printed)
                time.sleep(0.1)
            else:
                return


@pytest.fixture
def reader(empty_url: str, tmp_path: Path) -> Iterator[Reader]:
    found = Reader(empty_url, tmp_path)
    with contextlib.closing(found.http):
        yield found


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page's commands are those of Linux and macOS")
def test_a_reader_does_what_the_page_says(reader: Reader) -> None:
    count = {"http": 0, "sh": 0, "python": 0}
    for language, text, shown in blocks():
        count[language] += 1
        if language == "http":
            reader.send(text)
        elif language == "sh" and shown is None:
            reader.run(text)
        elif language == "sh":
            reader.run_until(text, shown)
        else:
            known: dict[str, Any] = {"BASE": reader.url}
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(text, "page", "exec"), known)  # noqa: S102 - the page's own code
            assert printed.getvalue() == "Setpoint: 30.0 (Good)\n"
            assert {each["name"] for each in known["values"]} >= {"Setpoint", "Temperature_Sensor_1"}
    assert count["http"] >= 10
    assert count["sh"] >= 10
    assert count["python"] == 1


def test_the_table_has_exactly_the_routes_that_there_are() -> None:
    offered = {str(route) for each in catalogue().endpoints if each.section == "WinCC" for route in each.routes}
    assert PAGE.table("route") == offered


def test_the_table_has_all_names() -> None:
    section = PAGE.text.partition("## Names that are not verified")[2]
    shown = set(re.findall(r"`([^`]+)`", section))
    assert {each for name, each in vars(names).items() if name.isupper() and isinstance(each, str)} <= shown
    for number in (*names.DATA_TYPES.values(), names.RAW):
        assert re.search(rf"\b{number}\b", section)
