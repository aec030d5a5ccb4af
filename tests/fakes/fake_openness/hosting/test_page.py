"""The programs, the workflow and the options of docs/openness-scripts.md."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from fake_openness.hosting import main
from fake_openness.hosting.command import _parser
from tests import ROOT

pytest_plugins = ["pytester"]
PAGE = (ROOT / "docs" / "openness-scripts.md").read_text(encoding="utf-8")
SCRIPT, TEST, CONTEXT = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PLUGIN = ("-p", "no:plc_tests", "-p", "engineering_api.features.plc_tests.pytest_plugin", "-p", "no:cacheprovider")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "line.py").write_text(SCRIPT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_script(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, output = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)[0]
    assert main(shlex.split(command)[2:]) == 0
    assert capsys.readouterr() == (output, "")


def test_the_workflow(here: Path) -> None:
    workflow = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])
    job = workflow["jobs"]["run"]
    command = next(step["run"] for step in job["steps"] if step.get("run", "").startswith("tia"))
    for version in job["strategy"]["matrix"]["version"]:
        folder = f"out{version}"
        words = shlex.split(command.replace("${{ matrix.version }}", version).replace("out", folder))
        assert main(words[2:]) == 0
        assert (here / folder / "C" / "Out" / "Main.xml").exists()


def test_the_context_manager() -> None:
    exec(compile(CONTEXT, "page", "exec"), {})  # noqa: S102 - the program of the page


def test_the_options() -> None:
    named = set(re.findall(r"^\| `(--?\w+)", PAGE, re.MULTILINE))
    assert named == {option for action in _parser("tia run")._actions for option in action.option_strings} - {
        "-h",
        "--help",
    }


def test_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(line=SCRIPT, test_line=TEST)
    pytester.runpytest_inprocess(*PLUGIN, "--tia-version", "V17").assert_outcomes(passed=1)
    pytester.makepyfile(test_line="def test_gap(tia_portal):\n    assert not hasattr(tia_portal, 'LocalSessions')\n")
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*test_line.py:2: TiaPortal.LocalSessions: the simulated TIA Portal lacks it*"])
