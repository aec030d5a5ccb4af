"""Workflows run what they name and nothing that its owner can replace, and pull requests get no rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ROOT

OWN = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "action.yml"]
SHIPPED = [*(ROOT / "examples").glob("*/.github/workflows/*.yml")]
USES = re.compile(r"uses:\s*(\S+)(.*)")
PINNED = re.compile(r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40}")
PLACEHOLDER = "OWNER/engineering-api@COMMIT"
"""In examples: the user writes the owner and a commit."""
TEXTS = [ROOT / "engineering_api" / "cli" / "init.py", *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("file", [*OWN, *SHIPPED, *TEXTS], ids=lambda file: str(file.relative_to(ROOT)))
def test_actions_are_named_by_their_commits(file: Path) -> None:
    for action, rest in USES.findall(file.read_text("utf-8")):
        if "/" in action and (action != PLACEHOLDER or file in OWN):
            assert PINNED.fullmatch(action), action
            assert re.match(r" # v\d+\.\d+\.\d+$", rest), f"{action}: its version is a comment behind it"


@pytest.mark.parametrize("file", OWN[:-1], ids=lambda file: file.name)
def test_a_workflow_may_only_read(file: Path) -> None:
    text = file.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    assert "pull_request_target" not in text
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def _commands() -> Iterator[tuple[dict[str, Any], str]]:
    for file in OWN[:-1]:
        for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values():
            yield from ((step, step["run"]) for step in job["steps"] if "run" in step)


def test_a_pull_request_runs_nothing_as_root_but_the_list_of_packages() -> None:
    as_root = [(step, run) for step, run in _commands() if "sudo" in run]
    assert as_root
    for step, run in as_root:
        assert "-E" not in run.split(), f"{run}: root gets the environment"
        assert run == "sudo .ci/packages" or step.get("if") == "github.event_name == 'push'", run
    assert "dev.py" not in (ROOT / ".ci" / "packages").read_text("utf-8")
