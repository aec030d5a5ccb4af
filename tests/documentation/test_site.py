"""The documentation site: built without a warning, complete, and shown by the server without any other server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from litestar import Litestar
from litestar.testing import TestClient
from lxml import html

from engineering_api.documentation import site as documentation_site
from tests import ROOT

CONFIGURATION = ROOT / "mkdocs.yml"
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src"}


def named(entry: Any) -> list[str]:
    """The files of a part of the navigation."""
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry
    return [name for part in parts for name in named(part)]


def test_the_navigation_names_every_page_once() -> None:
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    names = named(yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["nav"])
    assert sorted(names) == sorted(pages)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(CONFIGURATION, folder)
    command = [Path(sys.executable).with_name("zensical"), "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "site"


@pytest.mark.slow
def test_every_link_leads_to_a_place_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: html.parse(path) for path in site.rglob("*.html")}
    places = {path: {str(each) for each in page.xpath("//@id")} for path, page in pages.items()}
    assert len(pages) > 100
    wrong = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # its links begin at the server's root, which only a server knows
        for element in page.iter(*LOADING):
            address = element.get(LOADING[str(element.tag)], "")
            if re.match(r"(https?:)?//", address):
                wrong.append(f"{path.name} loads {address}")
        for address in page.xpath("//a/@href"):
            target, _, place = str(address).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            found = (path.parent / target).resolve() if target else path
            if not found.exists() or (place and found.suffix == ".html" and place not in places[found]):
                wrong.append(f"{path.relative_to(site)}: {address}")
    assert wrong == []


@pytest.fixture
def client(tmp_path: Path) -> TestClient[Litestar]:
    with ZipFile(tmp_path / "site.zip", "w") as archive:
        archive.writestr("index.html", "<script>first()</script><script src='a.js'></script><p>Hello</p>")
        archive.writestr("assets/a.js", "second()")
        archive.writestr("404.html", "<p>There is no such page.</p>")
    return TestClient(Litestar(documentation_site.handlers([tmp_path / "none.zip", tmp_path / "site.zip"])))


def test_the_server_shows_the_archive(client: TestClient[Litestar]) -> None:
    for address in ("/docs", "/docs/", "/docs/index.html"):
        answer = client.get(address)
        assert (answer.status_code, "Hello" in answer.text) == (200, True)
        assert answer.headers["content-type"].startswith("text/html")
    script = client.get("/docs/assets/a.js")
    assert (script.text, script.headers["content-type"].split(";")[0]) == ("second()", "text/javascript")


def test_a_page_runs_its_own_script_and_no_other(client: TestClient[Litestar]) -> None:
    rules = client.get("/docs/index.html").headers["content-security-policy"]
    # printf 'first()' | openssl dgst -sha256 -binary | base64
    assert "script-src 'self' 'sha256-fDYmfWjvur9AxjhDbjHe6RvExc05MbXhhrbgz2vvy/A='" in rules
    assert rules.count("sha256-") == 1


@pytest.mark.parametrize(
    "name", ["nothing.html", "../pyproject.toml", "%2e%2e/pyproject.toml", "assets", "a\\b", "%00"]
)
def test_what_is_not_in_the_archive_is_not_found(client: TestClient[Litestar], name: str) -> None:
    answer = client.get(f"/docs/{name}")
    assert answer.status_code == 404
    assert "project" not in answer.text


def test_a_server_without_the_archive_names_the_command(tmp_path: Path) -> None:
    with TestClient(Litestar(documentation_site.handlers([tmp_path / "none.zip"]))) as client:
        answer = client.get("/docs/index.html")
    assert (answer.status_code, "python3 dev.py docs" in answer.text) == (404, True)
