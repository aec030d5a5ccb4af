"""The page about reliability tells the truth."""

import re

import click

from benchmarks.reports import audit, gateway, identification, load, memory_writes, soak
from engineering_api.cli.commands import main
from engineering_api.execution import admission
from engineering_api.operations.events import Hub
from engineering_api.settings import Settings
from engineering_api.storage import database, failures
from engineering_api.web.statuses import STATUS
from openness_bridge.portal import apartment
from tests.reliability import kill
from tests.support.pages import Page

PAGE = Page("reliability.md")


def test_the_page_names_every_code_and_its_status() -> None:
    known = {each.code: STATUS[each.kind] for each in vars(failures).values() if isinstance(each, failures._Failure)}
    shown = dict(re.findall(r"^\| `([a-z._]+)` \| (\d+) \|", PAGE.text, re.MULTILINE))
    assert {code: int(status) for code, status in shown.items() if code in known} == known
    assert set(shown) - set(known) == {"storage.newer", "project.save_refused", "server.busy"}


def test_the_numbers_of_the_page_are_those_of_the_service() -> None:
    text = " ".join(PAGE.text.split())
    assert f"At most {Settings().queue_limit} requests wait" in text
    assert f"{admission.MOST_JOBS:,} jobs" in text
    assert f"up to {database.CHECKED >> 20} MB" in text
    assert apartment.PASSING == 10
    assert "after every ten other calls" in text
    assert f"falls {Hub()._backlog:,} behind" in text


def test_the_commands_of_the_page_are_there() -> None:
    commands = re.findall(r"^    (python -m|tia) (\S+)", PAGE.text, re.MULTILINE)
    modules = {name for how, name in commands if how == "python -m"}
    assert modules == {each.__name__ for each in (audit, gateway, identification, kill, load, memory_writes, soak)}
    assert {name for how, name in commands if how == "tia"} <= set(main.list_commands(click.Context(main)))
