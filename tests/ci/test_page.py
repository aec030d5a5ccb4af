"""docs/ci.md shows the files of examples/ci, and its tables and commands name what there is."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml

from engineering_api.settings import Settings, variable
from tests import ROOT
from tests.ci.agent import Agent
from tests.ci.steps import FIXTURE, Step, load
from tests.support.pages import Page

SHOWN = (".github/workflows/plc.yml", ".gitlab-ci.yml", "azure-pipelines.yml", "Jenkinsfile", ".pre-commit-config.yaml")
page = Page("ci.md")


def test_the_page_shows_the_files() -> None:
    blocks = re.findall(r"^```(?:yaml|groovy)\n(.*?)^```$", page.text, re.MULTILINE | re.DOTALL)
    assert blocks == [(FIXTURE / name).read_text(encoding="utf-8") for name in SHOWN]


def test_the_tables_name_all_inputs_and_hooks() -> None:
    action = load(ROOT / "action.yml")
    assert page.table("input") == set(action["inputs"])
    assert all(f"`{name}`" in page.text for name in action["outputs"])
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert page.table("hook") == {hook["id"] for hook in hooks}
    spec, *_ = yaml.safe_load_all((ROOT / "templates" / "check.yml").read_text(encoding="utf-8"))
    parameters = {each["name"] for each in load(ROOT / "azure" / "check.yml")["parameters"]}
    assert all(f"`{name}`" in page.text for name in parameters | set(spec["spec"]["inputs"]))


def test_the_variables_of_the_page_exist() -> None:
    known = {variable(name) for name in Settings.__struct_fields__}
    assert set(re.findall(r"\bTIA_[A-Z_]+", page.text)) <= known


@pytest.mark.slow
def test_the_commands_of_the_first_table_work(agent: Agent) -> None:
    commands = re.findall(r"^\| `(tia [^`]+)` \|", page.text, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        done = agent.run(Step(command, command))
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_commands_of_the_container_are_commands_of_tia(agent: Agent) -> None:
    """What follows the name of the image runs here without a container; the options are docker's."""
    text = page.text.replace("\\\n", "")
    lines = [shlex.split(line) for line in text.splitlines() if line.startswith("docker run ")]
    given = [line[line.index("tia") + 1 :] for line in lines]
    assert sorted(map(len, given)) == [0, 0, 2, 4]
    for arguments in filter(None, given):
        assert agent.run(Step("docker", shlex.join(["tia", *arguments]))).returncode == 0
