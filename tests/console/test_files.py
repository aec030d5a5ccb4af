"""The console's files: packages by checksum, texts in both languages, the policy, sizes, addresses, no markup from texts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from console import vendoring
from engineering_api.operations.streaming.beats import STALE
from engineering_api.web.pages import console_page
from tests import ROOT
from tests.support.service import Client

FOLDER = ROOT / "console"
TEXTS = {language: json.loads((FOLDER / "texts" / f"{language}.json").read_text("utf-8")) for language in ("en", "de")}
OWN = sorted(file for file in FOLDER.rglob("*.js") if "vendor" not in file.relative_to(FOLDER).parts)
NAMES = re.compile(r"""\bt\(\s*["']([\w.]+)["']""")
TEMPLATES = re.compile(r"`([a-z][\w.]*\$\{[^`]*)`")
HOLE = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_texts_with_the_same_names() -> None:
    assert TEXTS["en"].keys() == TEXTS["de"].keys()
    for key, text in TEXTS["en"].items():
        assert set(HOLE.findall(text)) == set(HOLE.findall(TEXTS["de"][key])), key


def test_each_text_that_is_used_exists_and_each_that_exists_is_used() -> None:
    sources = {file: file.read_text("utf-8") for file in OWN}
    used = set(chain.from_iterable(NAMES.findall(source) for source in sources.values()))
    assert used - TEXTS["en"].keys() == set()
    patterns = [
        re.compile(
            "".join(".+" if part.startswith("${") else re.escape(part) for part in re.split(r"(\$\{[^}]*\})", each))
        )
        for source in sources.values()
        for each in TEMPLATES.findall(source)
    ]
    quoted = set(chain.from_iterable(re.findall(r"""["'`]([\w.]+)["'`]""", source) for source in sources.values()))
    unused = [key for key in TEXTS["en"] if key not in quoted and not any(each.fullmatch(key) for each in patterns)]
    assert unused == []


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.relative_to(FOLDER)))
def test_no_text_becomes_markup_or_code(file: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\beval\(|new Function|srcdoc|https?://(?!www\.w3\.org/)"
    assert re.findall(forbidden, file.read_text("utf-8")) == []
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) <= 400
    assert [number for number, line in enumerate(lines, 1) if len(line) > 160] == []


def test_no_folder_has_more_than_25_modules() -> None:
    folders = Counter(file.parent for file in OWN)
    assert {folder.name: count for folder, count in folders.items() if count > 25} == {}


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.relative_to(FOLDER)))
def test_a_module_is_sent_without_its_descriptions_and_each_statement_stays_on_its_line(file: Path) -> None:
    written = file.read_text("utf-8").splitlines()
    sent = console_page.read(file, 0).content.decode().splitlines()
    left_out = [line for line, kept in zip(written, sent, strict=True) if line != kept]
    assert all(re.match(r"\s*(/\*\*|\*)", line) for line in left_out)
    assert not any(re.match(r"\s*/\*\*(?!.*\*/.)", line) for line in sent)


def test_each_key_leads_to_one_page() -> None:
    keys = re.findall(r'key: "(.)"', (FOLDER / "pages.js").read_text("utf-8"))
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) >= 8


def test_each_package_has_a_checksum_an_allowed_licence_and_files() -> None:
    allowed = set(tomllib.loads((ROOT / "tests" / "supply_chain" / "policy.toml").read_text())["licences"]["allowed"])
    for package in vendoring.packages():
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package
        assert len(base64.b64decode(package["integrity"].removeprefix("sha512-"), validate=True)) == 64
        assert package["licence"] in allowed
        assert package["files"]


def test_a_package_with_another_checksum_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text('#!/bin/sh\nprintf other > "$4/preact.tgz"\necho preact.tgz\n')
    npm.chmod(0o755)
    monkeypatch.setattr(vendoring, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(vendoring, "STAMP", tmp_path / "vendor" / "lock")
    with pytest.raises(SystemExit, match="Nothing of it is used"):
        vendoring.fetch(str(npm))
    assert not vendoring.complete()


needs_packages = pytest.mark.skipif(
    not vendoring.complete(), reason="THE CONSOLE'S FILES WERE NOT SENT: run python3 dev.py console"
)


@needs_packages
def test_the_page_runs_its_own_files_and_its_import_map_alone(client: Client) -> None:
    page = client.http.get("/console/")
    (script,) = re.findall(r'<script type="importmap">(.*?)</script>', page.text)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = dict(each.split(" ", 1) for each in page.headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"
    for address in json.loads(script)["imports"].values():
        sent = client.http.get(f"/console/{address.removeprefix('./')}")
        assert (sent.status_code, sent.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
        assert "immutable" in sent.headers["Cache-Control"]


@needs_packages
def test_the_page_has_the_limit_for_age_of_the_service(client: Client) -> None:
    assert f'data-age="{STALE * 1000:.0f}"' in client.http.get("/console/").text


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.relative_to(FOLDER)))
def test_no_module_has_a_limit_for_age_of_its_own(file: Path) -> None:
    """A view that marks what is stale asks `isStale`, or shows the state of a stream that sse.js finds."""
    source = file.read_text("utf-8")
    assert not re.search(rf"\b{STALE * 1000:.0f}\b|\b{STALE:.0f}_000\b", source)
    marks = re.findall(r"data-stale=\$\{([^}]*)\}", source)
    own = [each for each in marks if re.search(r"[<>]=?\s*[\d(A-Z]|Date\.now|PERIOD", each)]
    assert own == []


@needs_packages
def test_a_file_is_sent_once_as_long_as_it_is_the_same(client: Client) -> None:
    first = client.http.get("/console/app.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.http.get("/console/app.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@needs_packages
@pytest.mark.parametrize(
    "name",
    [
        "vendoring.py",
        "../pyproject.toml",
        "%2e%2e/pyproject.toml",
        "..%2fsetup.py",
        "nosuch.js",
        "pages",
        "app.js%00",
        "vendor/lock",
    ],
)
def test_nothing_but_the_console_is_sent(client: Client, name: str) -> None:
    assert client.http.get(f"/console/{name}").status_code == 404


@needs_packages
def test_the_address_without_a_slash_leads_to_the_one_with_it_below_any_prefix(client: Client) -> None:
    answer = client.http.get("/console", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "console/")


def test_without_its_packages_the_console_says_how_to_install_them(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(console_page, "CHECKOUT", tmp_path)
    monkeypatch.setattr(console_page, "PACKAGED", tmp_path / "none")
    answer = client.http.get("/console/")
    assert answer.status_code == 501
    assert "python3 dev.py console" in answer.text
