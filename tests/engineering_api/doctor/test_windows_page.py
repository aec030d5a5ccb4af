"""docs/windows.md: its commands run against a server on the simulated TIA Portal, and its tables name what there is."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path, PureWindowsPath

import pytest
import tree_sitter
import tree_sitter_powershell
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.cli.serve import LAST_PORT
from engineering_api.client import Client
from engineering_api.doctor import checks
from engineering_api.files.path_rules import inside
from engineering_api.settings import DEFAULT_PORT, default_data_dir
from engineering_api.web.registry import default_file
from openness_bridge.errors import Problem
from tests import ROOT
from tests.support.pages import Page
from tests.support.service import KEY

HERE = ROOT
OTHERS = ("serve", "doctor", "parity", "manifest")
"""Commands that need no server: looked at by their help."""


def commands(page: Page) -> list[str]:
    blocks = re.findall(r"```powershell\n(.*?)```", page.text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("tia ")]


def test_the_commands_of_the_page_work(
    url: str,
    server_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page("windows.md")
    folder = server_folder / "data" / "workspace"
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
    assert "Lamp" in next(output for name, output in ran if name == "blocks")
    with Client() as client:
        client.projects.close(discard=True)


def test_the_folders_and_ports_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paths are those that the service computes on Windows, with the variables left as they are."""
    page = Page("windows.md")
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, f"%{name}%")
    folders = {str(PureWindowsPath(each)) for each in (default_data_dir(), default_file(Path("x")).parent)}
    assert folders <= page.table("folder")
    assert f"127.0.0.1, port {DEFAULT_PORT}" in page.text
    assert f"up to {LAST_PORT}" in page.text


def test_the_page_has_correct_powershell() -> None:
    blocks = re.findall(r"```powershell\n(.*?)```", Page("windows.md").text, re.DOTALL)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    assert len(blocks) > 10
    assert [block for block in blocks if parser.parse(block.encode()).root_node.has_error] == []
    assert parser.parse(b'Copy-Item "x').root_node.has_error


@pytest.mark.parametrize("name", ["NUL", "COM1", "C:x", "a.txt:x", "a.", "a ", "\\\\?\\D:\\ws\\a", "\\\\server\\share"])
def test_the_paths_that_the_page_refuses(name: str) -> None:
    start = PureWindowsPath("D:\\ws")
    with pytest.raises(Problem):
        inside(name, start, [start])


def test_the_tables_of_the_page() -> None:
    page = Page("windows.md")
    assert page.table("check") == set(checks.WINDOWS)
    code = "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "openness_bridge").rglob("*.py"))
    assert all(f'"{name}"' in code for name in page.table("code"))
