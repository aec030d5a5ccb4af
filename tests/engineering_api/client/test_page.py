"""The Python examples of the pages, and the commands for curl, run in their order against a server of their own."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engineering_api.client import Client
from tests import ROOT
from tests.support.service import KEY

PAGES = {"docs/client.md": 7, "docs/guides/generate.md": 4, "docs/guides/set-up.md": 5}
"""The pages, with the least number of their examples."""


@pytest.fixture
def here(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, from which a client finds the server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIA_URL", url)
    monkeypatch.setenv("TIA_API_KEY", KEY)
    return tmp_path


def examples(name: str, language: str) -> list[str]:
    page = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def run(name: str, code: list[str]) -> None:
    known = {"__name__": "page"}
    for each in code:
        exec(compile(each, name, "exec"), known)  # noqa: S102 - the page's own examples


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_of_the_page_run(name: str, here: Path) -> None:
    code = examples(name, "python")
    assert len(code) >= PAGES[name]
    run(name, code)
    with Client() as client:
        client.projects.close(discard=True)


def test_the_example_of_the_readme_runs_with_a_project(here: Path) -> None:
    with Client() as client:
        client.projects.create(name="Readme")
        client.devices.add(order_number="6ES7 511-1AK02-0AB0", version="V2.9", name="PLC_1")
        (code,) = examples("README.md", "python")
        run("README.md", [code])
        assert "Motors" in [table.name for table in client.tag_tables.list_(device_name="PLC_1")]
        client.projects.close(discard=True)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_for_curl_find_the_key_and_the_server(url: str, here: Path) -> None:
    key = here / ".local" / "share" / "simatic-engineering-api" / "api.key"
    key.parent.mkdir(parents=True)
    key.write_text(KEY, encoding="utf-8")
    (script,) = examples("docs/serve.md", "sh")
    assert "http://127.0.0.1:9000" in script
    lines = script.replace("http://127.0.0.1:9000", url).replace("curl ", "curl --fail-with-body -sS --noproxy '*' ")
    environment = os.environ | {"HOME": str(here)}
    done = subprocess.run(["sh", "-ec", lines], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"projectName":"Conveyor"' in done.stdout.replace(" ", "")
    with Client() as client:
        client.projects.close(discard=True)
