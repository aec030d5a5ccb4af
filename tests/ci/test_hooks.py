"""The hooks of .pre-commit-hooks.yaml run in the fixture repository, and find a planted mistake."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.ci.agent import Agent
from tests.ci.steps import Step

pytestmark = pytest.mark.slow
COMMIT = "git init -q && git add -A && git -c user.name=a -c user.email=a@b.c commit -q -m x --no-verify"


@pytest.fixture
def clone(agent: Agent, tmp_path: Path) -> Agent:
    """A clone of the fixture, with hooks from a repository that has only the file of the hooks."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    subprocess.run(["sh", "-c", COMMIT], cwd=hooks, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=hooks, text=True).strip()
    agent.replace(".pre-commit-config.yaml", "https://git.example.com/OWNER/engineering-api", hooks.as_posix())
    agent.replace(".pre-commit-config.yaml", "rev: COMMIT", f"rev: {head}")
    assert agent.run(Step("commit", COMMIT)).returncode == 0
    return agent


def hooks(agent: Agent) -> tuple[int, dict[str, str]]:
    """Run all hooks; return the exit code, and Passed or Failed by the name of the hook."""
    program = f'"{Path(sys.executable)}" -m pre_commit run --all-files --color never'
    done = agent.run(Step("hooks", program, {"PRE_COMMIT_HOME": f"{agent.repository}/../home"}))
    lines = [line for line in done.stdout.splitlines() if line.endswith(("Passed", "Failed"))]
    assert len(lines) == 3, done.stdout + done.stderr
    return done.returncode, {line.partition("...")[0]: line.rpartition(".")[2] for line in lines}


def test_a_good_program_passes(clone: Agent) -> None:
    names = ("format SCL", "check SCL", "check the PLC program")
    assert hooks(clone) == (0, dict.fromkeys(names, "Passed"))


def test_mistakes_are_found_and_the_layout_is_corrected(clone: Agent) -> None:
    source = clone.repository / "plc" / "Main.scl"
    good = source.read_text(encoding="utf-8")
    clone.replace("plc/Main.scl", '    "Pump_Run" :=', '"Pump_Run" :=')
    clone.replace("plc/PumpControl.scl", "#instFilling.Q;", "#instFiling.Q;")
    status, results = hooks(clone)
    assert (status, set(results.values())) == (1, {"Failed"})
    assert source.read_text(encoding="utf-8") == good
