"""docs/access.md: its examples run, and its settings are those that there are."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from engineering_api.app import catalogue
from engineering_api.cli.commands import main
from engineering_api.operations.terms import Right
from engineering_api.security.backoff import ADDRESS, NAME
from engineering_api.security.passwords import LONGEST, SHORTEST
from engineering_api.security.roles import RIGHTS
from engineering_api.security.tokens import LASTING
from engineering_api.security.users import IDLE, MOST_SESSIONS
from engineering_api.settings import Settings, from_environment
from tests import ROOT
from tests.support.service import Client

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_examples_run_in_their_order(client: Client) -> None:
    answers: list[int] = []
    client.http.event_hooks["response"] = [lambda answer: answers.append(answer.status_code)]
    names = {"server": client.http}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for block in blocks:
        exec(block, names)  # noqa: S102 - the examples of this project
    assert len(blocks) == 2
    assert set(answers) == {200}


def test_the_settings_are_those_that_there_are(tmp_path: Path) -> None:
    named = set(re.findall(r"TIA_[A-Z_]+[A-Z]", PAGE))
    assert named <= set(re.findall(r"TIA_[A-Z_]+[A-Z]", Settings.__doc__ or ""))
    block = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0]
    found = from_environment(dict(line.split("=", 1) for line in block.split()), tmp_path)
    assert set(found.oidc_rights.values()) < set(RIGHTS)
    told = CliRunner().invoke(main, ["serve", "--help"]).output
    assert all(option in told for option in re.findall(r"`(--[a-z-]+)`", PAGE))


def test_the_rights_and_numbers_are_those_of_the_code() -> None:
    assert re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE) == list(RIGHTS)
    assert {right.word: right for right in Right if right} == RIGHTS
    text = " ".join(PAGE.split())
    assert f"{SHORTEST} to {LONGEST} characters" in text
    assert f"good for {LASTING // 60} minutes" in text
    assert f"{IDLE / 3600:.0f} hours after its last refresh" in text
    assert f"more than {MOST_SESSIONS} of the same user" in text
    assert (NAME.free, ADDRESS.free, NAME.longest, ADDRESS.longest) == (5, 20, 60.0, 300.0)


def test_without_a_key_only_what_the_page_says_is_answered() -> None:
    public = {op.name for op in catalogue() if op.right is Right.PUBLIC}
    assert public == {
        "health.health",
        "health.ping",
        "health.live",
        "health.ready",
        "plc_tests.get_schema",
        "access.local_key",
        "access.login",
        "access.refresh",
        "system.sections",
        "design_spec.get_schema",
    }
