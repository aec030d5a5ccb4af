"""docs/windows.md: its commands run against a server on the simulated TIA Portal, and its tables name what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.doctor import checks
from tests.api.conftest import KEY
from tests.client.conftest import url, workspace  # noqa: F401 - fixtures
from tests.pages import Page

HERE = Path(__file__).parents[2]
OTHERS = ("serve", "doctor", "parity", "manifest")
"""Commands that need no server: looked at by their help."""


def commands(page: Page) -> list[str]:
    blocks = re.findall(r"```powershell\n(.*?)```", page.text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("tia ")]


def test_the_commands_of_the_page_work(
    url: str,  # noqa: F811 - the fixture
    workspace: Path,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page("windows.md")
    folder = workspace / "data" / "workspace"
    (source,) = re.findall(r"```scl\n(.*?)```", page.text, re.DOTALL)
    (folder / "lamp.scl").write_text(source, encoding="utf-8")
    monkeypatch.setenv("TIA_URL", url)
    monkeypatch.setenv("TIA_API_KEY", KEY)
    ran = []
    for line in commands(page):
        words = shlex.split(line.replace("C:\\Projects\\", f"{folder}/").replace("C:\\Projects", str(folder)))[1:]
        answer = CliRunner().invoke(main, [*words, "--help"] if words[0] in OTHERS else words)
        assert answer.exit_code == 0, (line, answer.output)
        ran.append((words[0], answer.output))
    assert sum(name not in OTHERS for name, _ in ran) >= 8
    assert '"Lamp"' in next(output for name, output in ran if name == "blocks")


def test_the_tables_of_the_page() -> None:
    page = Page("windows.md")
    assert page.table("check") == set(checks.WINDOWS)
    code = "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "openness_bridge").rglob("*.py"))
    assert all(f'"{name}"' in code for name in page.table("code"))
