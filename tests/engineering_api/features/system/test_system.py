"""System API: settings, documentation, audit log and listings of folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.settings import from_environment, save
from openness_bridge.errors import Problem
from tests.support.service import BACKEND, KEY, Client, settings

# -- settings -----------------------------------------------------------------------------


def test_settings_are_told_without_the_key(client: Client, tmp_path: Path) -> None:
    told = client.ok("GET", "/api/settings")
    assert (told["backend"], told["activeBackend"], told["activeTiaVersion"]) == ("fake", BACKEND, "20")
    assert told["dataDir"] == str(tmp_path)
    assert told["security"] == {"apiKeyRequired": True, "apiKeySource": "given"}
    assert KEY not in str(told)


def test_the_object_that_was_read_can_be_sent_back(client: Client, tmp_path: Path) -> None:
    told = client.ok("GET", "/api/settings")
    assert client.ok("POST", "/api/settings", told) == told
    assert not (tmp_path / "settings.json").exists()
    assert client.ok("POST", "/api/settings", told | {"waitLimit": 5})["waitLimit"] == 5


def test_settings_hold_at_once_and_after_a_start(client: Client, tmp_path: Path) -> None:
    changed = client.ok("POST", "/api/settings", {"waitLimit": 12.5, "keepJobsDays": 3, "headless": False})
    assert (changed["waitLimit"], changed["keepJobsDays"], changed["headless"]) == (12.5, 3, False)
    assert client.ok("GET", "/api/settings") == changed
    client.refused(409, "portal.none", "GET", "/api/projects")
    started = from_environment({"TIA_DATA_DIR": str(tmp_path)})
    assert (started.wait_limit, started.keep_jobs_days, started.headless) == (12.5, 3, False)
    assert from_environment({}, tmp_path).wait_limit == 12.5
    assert from_environment({"TIA_DATA_DIR": str(tmp_path), "TIA_HEADLESS": "1"}).headless is True


def test_backend_and_version_hold_from_the_next_start(client: Client, tmp_path: Path) -> None:
    changed = client.ok("POST", "/api/settings", {"tiaVersion": "19"})
    assert (changed["tiaVersion"], changed["activeTiaVersion"], changed["atNextStart"]) == ("19", "20", ["tiaVersion"])
    assert from_environment({"TIA_DATA_DIR": str(tmp_path)}).tia_version == "19"
    again = client.ok("POST", "/api/settings", {"tiaVersion": None})
    assert (again["tiaVersion"], again["atNextStart"]) == (None, [])


def test_what_would_not_start_is_not_saved(client: Client, tmp_path: Path) -> None:
    client.refused(400, "backend.version", "POST", "/api/settings", {"tiaVersion": "12"})
    client.refused(422, "backend.version", "POST", "/api/settings", {"backend": "openness", "tiaVersion": "20"})
    client.refused(400, "request.wrong_type", "POST", "/api/settings", {"backend": "real"})
    client.refused(400, "request.wrong_type", "POST", "/api/settings", {"keepJobsDays": 0})
    client.refused(400, "request.wrong_type", "POST", "/api/settings", {"waitLimit": "soon"})
    client.refused(400, "request.unknown_field", "POST", "/api/settings", {"apiKey": "mine"})
    assert not (tmp_path / "settings.json").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("roots", ["/"]),
        ("host", "::1"),
        ("port", 1),
        ("dataDir", "/tmp"),
        ("security", {"apiKeyRequired": False, "apiKeySource": "given"}),
    ],
)
def test_who_reaches_what_is_fixed(client: Client, name: str, value: Any) -> None:
    error = client.refused(409, "settings.fixed", "POST", "/api/settings", {name: value, "waitLimit": 1})
    assert error["place"]["pointer"] == f"/{name}"
    assert client.ok("GET", "/api/settings")["waitLimit"] == 300


def test_saved_settings_that_are_damaged_are_named(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{", encoding="utf-8")
    with pytest.raises(Problem, match=r"settings\.json"):
        from_environment({"TIA_DATA_DIR": str(tmp_path)})
    (tmp_path / "settings.json").write_text('{"wait_limit": "soon"}', encoding="utf-8")
    with pytest.raises(Problem, match=r"settings\.json"):
        from_environment({"TIA_DATA_DIR": str(tmp_path)})


def test_a_saved_file_cannot_widen_the_folders(tmp_path: Path) -> None:
    save(tmp_path, {"wait_limit": 7})
    (tmp_path / "settings.json").write_text('{"roots": ["/"], "wait_limit": 7}', encoding="utf-8")
    started = from_environment({"TIA_DATA_DIR": str(tmp_path)})
    assert (started.roots, started.wait_limit) == ([], 7)


# -- documentation ------------------------------------------------------------------------


def test_sections_are_public_and_readable(client: Client) -> None:
    key = client.http.headers.pop("X-API-Key")
    sections = client.ok("GET", "/api/docs/sections")
    client.refused(401, "auth.required", "GET", "/api/docs")
    client.http.headers["X-API-Key"] = key
    titles = [each["title"] for each in sections if each["kind"] == "api"]
    assert {"Blocks", "Tags & Constants", "History & Snapshots", "System API"} <= set(titles)
    assert len({each["name"] for each in sections}) == len(sections)
    for each in sections:
        page = client.ok("GET", f"/api/docs/sections/{each['name']}")
        assert len(page["content"]) == each["size"]
    assert client.ok("GET", "/api/docs/sections/Tags%20%26%20Constants")["name"] == "tags-constants"
    client.refused(404, "docs.not_found", "GET", "/api/docs/sections/nothing")


def test_the_whole_text_names_every_route(client: Client) -> None:
    text = client.ok("GET", "/api/docs")
    commands = client.ok("GET", "/api/command/list")
    missing = [r["path"] for each in commands for r in each["routes"] if f"{r['method']} {r['path']}" not in text]
    assert missing == []


def test_guides_are_sections(client: Client) -> None:
    guide = client.ok("GET", "/api/docs/sections/guide-lint")
    assert (guide["kind"], guide["title"]) == ("guide", "Good practice for SCL")


def test_examples_of_the_documentation_are_calls(client: Client) -> None:
    content = client.ok("GET", "/api/docs/sections/watch-force-tables")["content"]
    assert 'curl "$URL/api/devices/PLC_1/watch-tables" -H "X-API-Key: $KEY"' in content


def test_search_finds_the_fitting_place_first(client: Client) -> None:
    found = client.ok("GET", "/api/docs/search", q="restore snapshot")
    assert found[0]["section"] in {"history-snapshots", "blocks"}
    assert "snapshot" in found[0]["snippet"].lower()
    assert found[0]["relevance"] == 1
    relevance = [each["relevance"] for each in found]
    assert relevance == sorted(relevance, reverse=True)
    assert len(client.ok("GET", "/api/docs/search", q="tag", limit=3)) == 3
    assert client.ok("GET", "/api/docs/search", q="zzzyzx") == []
    assert client.ok("GET", "/api/docs/search", q="...") == []


def test_search_prefers_places_with_all_words(client: Client) -> None:
    (first, *_) = client.ok("GET", "/api/docs/search", q="rename device")
    assert "rename" in first["snippet"].lower()
    assert "device" in first["snippet"].lower()
    client.refused(400, "request.missing_field", "GET", "/api/docs/search")
    client.refused(400, "request.wrong_type", "GET", "/api/docs/search", q="")


# -- audit --------------------------------------------------------------------------------


def test_audit_tells_who_changed_what(project: Client) -> None:
    project.refused(404, "device.not_found", "POST", "/api/devices/None/tag-tables", {"name": "A"})
    project.refused(404, "device.not_found", "POST", "/api/devices/None/tags", {"name": "x", "dataType": "Bool"})
    entries = project.ok("GET", "/api/audit")
    assert [each["operation"] for each in entries] == ["tags.add", "tag_tables.create", "projects.create"]
    assert entries[1]["arguments"]["name"] == "A"
    assert (entries[1]["outcome"], entries[2]["outcome"]) == ("device.not_found", "ok")

    def operations(**query: Any) -> list[str]:
        return [each["operation"] for each in project.ok("GET", "/api/audit", **query)]

    assert operations(operation="tag_tables.create") == ["tag_tables.create"]
    assert operations(operation="tag") == []
    assert operations(operation="projects") == ["projects.create"]
    assert operations(outcome="failed", limit=1) == ["tags.add"]
    assert operations(outcome="ok") == ["projects.create"]
    assert operations(caller="nobody") == []
    assert operations(caller=entries[0]["caller"], before=entries[0]["number"]) == operations()[1:]
    at = entries[1]["at"]
    assert "projects.create" not in operations(since=entries[2]["at"].replace("Z", "+00:00"), outcome="failed")
    assert set(operations(until=at)) | set(operations(since=at)) == set(operations())
    assert operations(until="2000-01-01") == []
    error = project.refused(400, "request.wrong_type", "GET", "/api/audit", since="yesterday")
    assert error["place"]["pointer"] == "/since"


# -- folders ------------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A workspace with files, a project and links, beside a further allowed folder."""
    workspace = tmp_path / "data" / "workspace"
    (workspace / "export").mkdir(parents=True)
    (workspace / "B.ap20").write_bytes(b"project")
    (workspace / "a.xml").write_bytes(b"xml")
    (workspace / "c.TXT").write_bytes(b"")
    (tmp_path / "more").mkdir()
    (tmp_path / "secret").mkdir()
    return workspace


@pytest.fixture
def browser(tmp_path: Path, folders: Path) -> Any:
    with TestClient(create_app(settings(tmp_path / "data", roots=[tmp_path / "more"]))) as http:
        yield Client(http)


def names(listing: Any) -> list[str]:
    return [each["name"] for each in listing["entries"]]


def test_files_are_listed_after_folders(browser: Client, folders: Path) -> None:
    listing = browser.ok("GET", "/api/system/browse-file")
    assert names(listing) == ["export", "a.xml", "B.ap20", "c.TXT"]
    assert (listing["path"], listing["parent"]) == (str(folders), None)
    assert listing["roots"] == [str(folders), str(folders.parents[1] / "more")]
    entry = listing["entries"][1]
    assert (entry["kind"], entry["size"], entry["path"]) == ("file", 3, str(folders / "a.xml"))
    assert names(browser.ok("GET", "/api/system/browse-file", filter="*.txt; *.XML")) == ["export", "a.xml", "c.TXT"]
    short = browser.ok("GET", "/api/system/browse-file", limit=2)
    assert (names(short), short["truncated"]) == (["export", "a.xml"], True)


def test_projects_and_folders_are_listed(browser: Client, folders: Path) -> None:
    found = browser.ok("GET", "/api/system/browse-project")
    assert [(each["name"], each["kind"]) for each in found["entries"]] == [("export", "folder"), ("B.ap20", "project")]
    assert names(browser.ok("GET", "/api/system/browse-folder")) == ["export"]
    below = browser.ok("GET", "/api/system/browse-folder", folder="export")
    assert (below["parent"], below["entries"]) == (str(folders), [])
    assert browser.ok("GET", "/api/system/browse-folder", folder=str(folders.parents[1] / "more"))["parent"] is None


def test_nothing_outside_of_the_allowed_folders_is_shown(browser: Client, folders: Path) -> None:
    for path in ("..", str(folders.parents[1] / "secret"), "/", "export/../.."):
        browser.refused(403, "path.outside_roots", "GET", "/api/system/browse-folder", folder=path)
    browser.refused(404, "folder.not_found", "GET", "/api/system/browse-folder", folder="nothing")
    browser.refused(400, "file.wrong_kind", "GET", "/api/system/browse-folder", folder="a.xml")
    browser.refused(400, "path.invalid", "GET", "/api/system/browse-folder", folder="a\0b")


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_links_that_lead_out_are_not_shown(browser: Client, folders: Path) -> None:
    (folders / "out").symlink_to(folders.parents[1] / "secret")
    (folders / "within").symlink_to(folders.parents[1] / "more")
    (folders / "broken").symlink_to(folders / "gone")
    assert names(browser.ok("GET", "/api/system/browse-folder")) == ["export", "within"]
    browser.refused(403, "path.outside_roots", "GET", "/api/system/browse-folder", folder="out")
