"""Projects over HTTP: each effect is seen by another request, each refusal changes nothing."""

import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.service import CPU, FIRMWARE, Client

CREATE = "/api/projects/actions/create-sync"
CLOSE = "/api/projects/actions/close-sync"
RETRIEVE = "/api/projects/actions/create-from-archive-sync"


def names(client: Client) -> list[str]:
    return [project["name"] for project in client.ok("GET", "/api/projects")]


def test_a_created_project_is_open_and_on_disk(client: Client, workspace: Path) -> None:
    made = client.ok("POST", CREATE, {"name": "Förderband 1", "comment": "Halle 2"})
    assert made["path"] == str(workspace / "projects" / "Förderband 1" / "Förderband 1.ap20")
    assert Path(made["path"]).is_file()
    (project,) = client.ok("GET", "/api/projects")
    assert (project["name"], project["comment"], project["isModified"]) == ("Förderband 1", "Halle 2", False)
    assert client.ok("GET", "/api/instance/status")["projectName"] == "Förderband 1"


def test_create_as_a_job(client: Client) -> None:
    job = client.job("POST", "/api/projects/actions/create", {"name": "Line"})
    assert (job["status"], job["progress"], job["result"]["name"]) == ("Completed", 100, "Line")
    assert names(client) == ["Line"]


def test_only_one_project_at_a_time(project: Client) -> None:
    project.refused(409, "project.already_open", "POST", CREATE, {"name": "Second"})
    assert names(project) == ["Conveyor"]


def test_a_name_that_no_folder_can_have(client: Client) -> None:
    for name in ("a:b", " x", "x.", "a\nb", "n" * 129):
        client.refused(422, "project.create_refused", "POST", CREATE, {"name": name})
    assert names(client) == []


def test_a_folder_that_is_taken(project: Client) -> None:
    project.ok("POST", CLOSE)
    project.refused(409, "project.exists", "POST", CREATE, {"name": "Conveyor"})


def test_a_folder_outside_of_the_allowed_ones(client: Client, tmp_path: Path) -> None:
    for directory in ("../../elsewhere", "/etc", str(tmp_path.parent)):
        client.refused(403, "path.outside_roots", "POST", CREATE, {"name": "X", "directory": directory})
    assert names(client) == []


def test_a_link_that_leads_out(client: Client, workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (workspace / "link").symlink_to(outside)
    client.refused(403, "path.outside_roots", "POST", CREATE, {"name": "X", "directory": "link"})


def test_close_asks_what_to_do_with_changes(plc: Client) -> None:
    plc.refused(409, "project.not_saved", "POST", CLOSE)
    plc.refused(400, "request.contradiction", "POST", CLOSE, {"save": True, "discard": True})
    assert names(plc) == ["Conveyor"]
    plc.ok("POST", CLOSE, {"discard": True})
    assert names(plc) == []
    plc.ok("POST", "/api/projects/actions/open-sync", {"path": "projects/Conveyor/Conveyor.ap20"})
    assert plc.ok("GET", "/api/projects/devices") == []


def test_a_client_without_a_field_for_changes_keeps_them_in_a_copy(plc: Client, workspace: Path) -> None:
    plc.refused(409, "project.not_saved", "POST", CLOSE)
    plc.http.headers["X-Client-Id"] = "vscode/1.4.2"
    job = plc.job("POST", "/api/projects/actions/close")
    assert job["status"] == "Completed", job
    copy = Path(job["result"]["copy"])
    assert copy.is_relative_to(workspace / "rescued") and str(copy) in job["message"]
    assert job["result"]["path"] == str(workspace / "projects" / "Conveyor" / "Conveyor.ap20")
    assert names(plc) == []
    opened = plc.ok("POST", "/api/projects/actions/open-sync", {"path": job["result"]["path"]})
    assert (opened["name"], plc.ok("GET", "/api/projects/devices")) == ("Conveyor", [])
    plc.ok("POST", CLOSE, {})
    plc.ok("POST", "/api/projects/actions/open-sync", {"path": str(copy)})
    assert [device["name"] for device in plc.ok("GET", "/api/projects/devices")]
    assert len(list((workspace / "rescued").iterdir())) == 1, "a project without changes needs no copy"


def test_what_a_client_says_of_changes_is_done(plc: Client, workspace: Path) -> None:
    plc.http.headers["X-Client-Id"] = "vscode/1.4.2"
    plc.refused(409, "project.not_saved", "POST", CLOSE, {"Keep": False})
    closed = plc.ok("POST", CLOSE, {"save": True})
    assert (closed["copy"], closed["message"]) == ("", "Project closed")
    assert not (workspace / "rescued").exists()
    plc.ok("POST", "/api/projects/actions/open-sync", {"path": closed["path"]})
    assert [device["name"] for device in plc.ok("GET", "/api/projects/devices")]
    plc.ok("POST", "/api/projects/devices", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_2"})
    plc.ok("POST", CLOSE, {"discard": True})
    assert not (workspace / "rescued").exists()


def test_save_keeps_what_was_made(plc: Client) -> None:
    plc.ok("POST", "/api/projects/actions/save-sync")
    plc.ok("POST", CLOSE)
    job = plc.job("POST", "/api/projects/actions/open", {"Path": "projects/Conveyor/Conveyor.ap20"})
    assert job["result"]["name"] == "Conveyor"
    assert [device["name"] for device in plc.ok("GET", "/api/projects/devices")]


def test_save_as_goes_on_in_the_new_folder(plc: Client, workspace: Path) -> None:
    saved = plc.ok("POST", "/api/projects/actions/save-sync", {"directory": "projects/Copy"})
    assert saved == {"name": "Copy", "path": str(workspace / "projects" / "Copy" / "Copy.ap20")}
    assert (workspace / "projects" / "Conveyor" / "Conveyor.ap20").is_file()


def test_open_what_is_no_project(client: Client, workspace: Path) -> None:
    (workspace / "text.ap20").write_text("hello", encoding="utf-8")
    (workspace / "other.txt").write_text("hello", encoding="utf-8")
    open_ = "/api/projects/actions/open-sync"
    client.refused(404, "file.not_found", "POST", open_, {"path": "nothing.ap20"})
    client.refused(422, "file.wrong_kind", "POST", open_, {"path": "other.txt"})
    client.refused(409, "project.open_refused", "POST", open_, {"path": "text.ap20"})
    assert names(client) == []


def test_an_archive_brings_everything_back(plc: Client, workspace: Path) -> None:
    plc.refused(409, "project.not_saved", "POST", "/api/projects/actions/archive-sync", {"path": "a.zap20"})
    made = plc.ok("POST", "/api/projects/actions/archive-sync", {"path": "a.zap20", "save": True})
    assert made["size"] == (workspace / "a.zap20").stat().st_size
    before = plc.ok("GET", "/api/projects/overview")
    plc.refused(409, "file.exists", "POST", "/api/projects/actions/archive-sync", {"path": "a.zap20"})
    plc.ok("POST", CLOSE)
    plc.ok("POST", RETRIEVE, {"archivePath": "a.zap20", "targetDirectory": "restored"})
    after = plc.ok("GET", "/api/projects/overview")
    assert after["projectPath"] == str(workspace / "restored" / "Conveyor" / "Conveyor.ap20")
    assert after["devices"] == before["devices"] != []


def test_an_archive_that_was_cut_off(plc: Client, workspace: Path) -> None:
    plc.ok("POST", "/api/projects/actions/archive-sync", {"path": "a.zap20", "save": True})
    plc.ok("POST", CLOSE)
    whole = (workspace / "a.zap20").read_bytes()
    for kept in (0, 10, len(whole) // 2, len(whole) - 5):
        (workspace / "cut.zap20").write_bytes(whole[:kept])
        plc.refused(
            422, "project.retrieve_refused", "POST", RETRIEVE, {"archivePath": "cut.zap20", "targetDirectory": "out"}
        )
    assert not list((workspace / "out").iterdir())
    assert names(plc) == []


def test_an_archive_that_would_leave_its_folder(client: Client, workspace: Path) -> None:
    with zipfile.ZipFile(workspace / "bad.zap20", "w") as archive:
        archive.writestr("bad.ap20", "{}")
        archive.writestr("../../escaped.txt", "x")
    client.refused(422, "archive.hostile", "POST", RETRIEVE, {"archivePath": "bad.zap20", "targetDirectory": "out"})
    assert not list(workspace.parent.rglob("escaped.txt"))


def test_the_history_knows_what_was_opened(project: Client) -> None:
    (entry,) = project.ok("GET", "/api/projects/history")
    assert entry["name"] == "Conveyor"
    project.refused(404, "history.not_found", "DELETE", "/api/projects/history?path=/nowhere.ap20")
    assert project.ok("DELETE", f"/api/projects/history?path={quote(entry['path'])}") == {"removed": 1}
    assert project.ok("GET", "/api/projects/history") == []
    assert names(project) == ["Conveyor"]


def test_simulation_support_is_kept(project: Client) -> None:
    for enabled in (True, False):
        assert project.ok("POST", "/api/projects/actions/simulation-support", {"enabled": enabled}) == {
            "enabled": enabled
        }


def test_the_index_finds_devices(plc: Client) -> None:
    summary = plc.ok("POST", "/api/projects/actions/index")
    assert summary["byKind"]["device"] == 1
    hits = plc.ok("GET", "/api/projects/search", query="station", kind="device")
    assert [hit["kind"] for hit in hits] == ["device"]
    assert plc.ok("GET", "/api/projects/search", query="no such thing") == []


def test_files_lists_projects_and_archives(plc: Client) -> None:
    plc.ok("POST", "/api/projects/actions/archive-sync", {"save": True})
    assert {file["extension"] for file in plc.ok("GET", "/api/projects/files")} == {".ap20", ".zap20"}


def test_without_a_project_the_answer_says_so(client: Client) -> None:
    for method, path in (
        ("GET", "/api/projects/overview"),
        ("POST", "/api/projects/actions/save-sync"),
        ("POST", CLOSE),
    ):
        error = client.refused(409, "project.none", method, path)
        assert "No project" in error["message"]


def test_the_overview_and_the_devices_name_the_same_articles(plc: Client) -> None:
    def articles(devices: Any) -> list[tuple[str, str]]:
        return [(device["articleNumber"], device["version"]) for device in devices]

    found = articles(plc.ok("GET", "/api/projects/overview")["devices"])
    assert found == articles(plc.ok("GET", "/api/projects/devices"))
    assert found[0][0].startswith("6ES7 ")
