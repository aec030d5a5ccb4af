"""`tia demo` does the whole job, and its front page shows what lies next to it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import httpx
import pytest
from click.testing import CliRunner
from lxml import etree, html

from engineering_api import processes
from engineering_api.cli.commands import main
from engineering_api.cli.demo import command as module
from engineering_api.cli.demo import runtime
from engineering_api.cli.demo.page import Done
from engineering_api.cli.demo.steps import STEPS, DemoError, require
from engineering_api.files import examples
from simatic_xml import load


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "my results"
    done = CliRunner().invoke(main, ["demo", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def links(page: Path) -> Iterator[str]:
    for element in html.fromstring(page.read_bytes()).iter():
        for name in ("href", "src"):
            target = element.get(name)
            if target is not None:
                yield target


@pytest.mark.slow
def test_all_links_lead_to_files_next_to_the_page(output: Path) -> None:
    for page in (output / "index.html", output / "tests" / "report.html"):
        targets = list(links(page))
        assert len(targets) > 20
        inside = {f"#{each.get('id')}" for each in html.fromstring(page.read_bytes()).iter() if each.get("id")}
        for target in targets:
            if target.startswith("#"):
                assert target in inside
            else:
                file, _, fragment = target.partition("#")
                assert file.startswith("./")
                assert (page.parent / unquote(file)).exists(), target
                if fragment:
                    other = html.fromstring((page.parent / unquote(file)).read_bytes())
                    assert other.get_element_by_id(unquote(fragment)) is not None


@pytest.mark.slow
def test_the_page_needs_no_network_and_no_script(output: Path) -> None:
    page = (output / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script|@import|url\(", page)
    assert "prefers-color-scheme:dark" in page


@pytest.mark.slow
def test_the_page_shows_the_results(output: Path) -> None:
    text = html.fromstring((output / "index.html").read_bytes()).text_content()
    for said in (
        "statistics.scl:16:",
        "'Box_Detectd' is not defined",
        "0 errors",
        "14/14",
        "GRAPH",
        "StopperSequence",
        "Conveyor.zap20",
        "The hopper is 87.5 % full",
    ):
        assert said in text, said
    for step in (*STEPS, *runtime.STEPS):
        assert Done(step, "").title in text
    assert "tia.devices.compile_(**PLC)" in text, "each step shows its code"


@pytest.mark.slow
def test_the_drawings_and_diagrams_are_svg(output: Path) -> None:
    drawings = sorted((output / "drawings").iterdir())
    assert {"Main-network-1.svg", "StopperSequence-network-1.svg"} <= {path.name for path in drawings}
    for path in (*drawings, *(output / "tests").glob("*.svg")):
        assert etree.fromstring(path.read_bytes()).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.slow
def test_the_commands_of_the_page_run_in_its_folder(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(output)
    page = html.fromstring((output / "index.html").read_bytes())
    commands = [each.text for each in page.iter("pre") if (each.text or "").startswith("tia ")]
    assert [command.split()[1] for command in commands] == ["xml", "xml", "xml", "check", "test"]
    for command in commands:
        done = CliRunner().invoke(main, command.split()[1:])
        assert done.exit_code == 0, f"{command}: {done.output}"


@pytest.mark.slow
def test_what_is_exported_can_be_read(output: Path) -> None:
    assert {load(path.read_bytes()).objects[0].name for path in (output / "blocks").iterdir()} >= {
        "Main",
        "BoxStatistics",
    }
    assert len(list((output / "tags").iterdir())) == 6


@pytest.mark.slow
def test_the_next_run_replaces_only_its_own_results(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(module, "run", asked.append)
    assert CliRunner().invoke(main, ["demo", str(output.parent / "new")]).exit_code == 0
    (output.parent / "new" / "old.txt").write_text("of the first run")
    assert CliRunner().invoke(main, ["demo", str(output.parent / "new")]).exit_code == 0
    assert [path.name for path in (output.parent / "new").iterdir()] == [module.MARK] and len(asked) == 2


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = CliRunner().invoke(main, ["demo", str(tmp_path)])
    assert done.exit_code == 1 and "has other files" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_another_result_ends_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        require(SimpleNamespace(errors=0), SimpleNamespace(errors=1))

    monkeypatch.setattr(module, "run", fail)
    done = CliRunner().invoke(main, ["demo", str(tmp_path / "new")])
    assert done.exit_code == 1 and "The demonstration failed: Expected" in done.output
    assert issubclass(DemoError, Exception)


def test_the_example_is_found_in_a_wheel_and_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "engineering_api"
    monkeypatch.setattr(examples, "PACKAGE", package)
    (tmp_path / "examples" / "conveyor").mkdir(parents=True)
    assert examples.find_example("conveyor") == tmp_path / "examples" / "conveyor"
    (package / "examples" / "conveyor").mkdir(parents=True)
    assert examples.find_example("conveyor") == package / "examples" / "conveyor"


@pytest.mark.slow
def test_open_serves_the_demo_project_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engineering_api", "demo", "--open", "--no-browser", str(tmp_path / "new")]
    with processes.start(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        address = next(line for line in lines if line.startswith("Open ")).split()[1]
        url, _, key = address.partition("/console/#login=")
        answer = httpx.get(f"{url}/api/v2/status/summary", headers={"X-API-Key": key}, timeout=60)
        found = answer.json()
        assert [each["name"] for each in found["projects"]] == ["Conveyor"]
        assert [(each["name"], each["operatingState"]) for each in found["plcs"]] == [("Conveyor", "Run")]
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)
