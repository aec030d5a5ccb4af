"""The shell steps of each pipeline in examples/ci run: a good program passes, and each mistake fails its step."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from tests.ci.agent import Agent
from tests.ci.steps import ADDRESS, SYSTEMS, Step

pytestmark = pytest.mark.slow


def steps(system: str, *words: str) -> list[Step]:
    """Return the steps that prepare, and those with one of the words; without words all."""
    wanted = ("venv", "pip", "mkdir -p reports", *words)
    found = [each for each in SYSTEMS[system]() if not words or any(word in each.script for word in wanted)]
    assert len(found) > len(words)
    return found


def statuses(agent: Agent, wanted: list[Step]) -> dict[str, int]:
    """Run steps; return the exit code of each that failed, by its command."""
    ended = [(each.script, agent.run(each)) for each in wanted]
    failed = {script: done for script, done in ended if done.returncode}
    commands = ("scl format", "tia check", "tia test")
    return {next(word for word in commands if word in script): done.returncode for script, done in failed.items()}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_good_program_passes(agent: Agent, system: str) -> None:
    for step in steps(system):
        done = agent.run(step)
        assert done.returncode == 0, (step, done.stdout, done.stderr)
    assert any(ADDRESS in line or "--editable" in line for line in agent.installed())
    cases = etree.parse(agent.reports / "report.xml").findall(".//testcase")
    assert len(cases) == 2
    assert not any(case.findall("failure") for case in cases)
    assert [each.name for each in agent.reports.glob("check.*")]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_wrong_program_fails_the_test_and_a_wrong_layout_the_format(agent: Agent, system: str) -> None:
    agent.replace("plc/PumpControl.scl", "    IF #stop OR #level > #HIGH", "IF #level > #LOW")
    assert statuses(agent, steps(system, "scl format", "tia test")) == {"scl format": 1, "tia test": 1}
    assert len(etree.parse(agent.reports / "report.xml").findall(".//failure")) == 2


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_compile_error_fails_the_check_and_is_in_its_report(agent: Agent, system: str) -> None:
    agent.replace("plc/Main.scl", '"Pump".run;', "'text';")
    assert statuses(agent, steps(system, "tia check")) == {"tia check": 1}
    (report,) = agent.reports.glob("check.*")
    if report.suffix == ".sarif":
        (result,) = json.loads(report.read_text(encoding="utf-8"))["runs"][0]["results"]
        location = result["locations"][0]["physicalLocation"]
        place = (location["artifactLocation"]["uri"], location["region"]["startLine"])
    elif report.suffix == ".json":
        (entry,) = json.loads(report.read_text(encoding="utf-8"))
        place = (entry["location"]["path"], entry["location"]["lines"]["begin"])
    else:
        (failure,) = etree.parse(report).findall(".//failure")
        name, line, *_ = (failure.text or "").split(":")
        place = (name, int(line))
    assert place == ("plc/Main.scl", 8)
