"""The page about alarms is right."""

from __future__ import annotations

import itertools
import re
from typing import Any

from runtime_data.alarms.definition import TRIGGERS
from runtime_data.alarms.state import State, Step, next_state
from tests import ROOT
from tests.support.pages import Page
from tests.support.service import Client

PAGE = Page("runtime/alarms.md")


def test_the_requests_do_what_the_page_shows(client: Client) -> None:
    def send(method: str, path: str, body: Any) -> Any:
        return client.ok(method, path, body)

    assert PAGE.play(send) == 4


def test_the_table_of_states() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \| (yes|no) \| (.*) \|$", PAGE.text, re.MULTILINE)
    assert {row[0] for row in rows} == {state.value for state in State}
    for name, active, acknowledged, cells in rows:
        state = State(name)
        assert (state.active, state.acknowledged) == (active == "yes", acknowledged == "yes")
        for step, cell in zip(Step, cells.split(" | "), strict=True):
            found = {
                after.value
                for reset in (False, True)
                if (after := next_state(state, step, needs_acknowledge=True, needs_reset=reset))
            }
            assert set(re.findall(r"`(\w+)`", cell)) == found, (name, step)


def test_the_page_names_every_trigger_and_code() -> None:
    assert set(TRIGGERS) == PAGE.table("trigger")
    folders = (ROOT / "runtime_data" / folder for folder in ("alarms", "native"))
    sources = [path.read_text() for path in itertools.chain.from_iterable(each.glob("*.py") for each in folders)]
    used = {code for text in sources for code in re.findall(r'"(runtime\.alarm_\w+)"', text)}
    assert PAGE.table("code") == used
