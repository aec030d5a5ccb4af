"""Files of commits: read, compared, and brought back into the project; and what is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks
from tests.engineering_api.features.source_control.kit import (
    API,
    BLOCKS,
    MOTOR,
    SCL,
    TABLES,
    add_tag,
    changes,
    commit,
    compiled,
    content,
    source,
    write,
)
from tests.support.service import CPU, FIRMWARE, Client

LINE = "tags/PLC_1/Area/One/Line.xml"
INVERTED = SCL.replace("#run := #start;", "#run := NOT #start;")


def restore(client: Client, path: str, sha: str = "HEAD", **more: Any) -> Any:
    [item] = client.ok("POST", f"{API}/restore-sync", {"commitSha": sha, "filePath": path} | more)["items"]
    assert (item["path"], item["error"]) == (path, None)
    return item


def block_names(client: Client, device: str = "PLC_1") -> set[str]:
    return {each["name"] for each in client.ok("GET", f"/api/devices/{device}/blocks")}


# -- one file -----------------------------------------------------------------------------


def test_a_block_comes_back_as_it_was(line: Client) -> None:
    write(line, INVERTED)
    commit(line, "Inverted")
    job = line.job("POST", f"{API}/restore", {"CommitSha": "HEAD~1", "FilePath": MOTOR})
    assert (job["status"], job["result"]["items"][0]["action"]) == ("Completed", "Imported")
    compiled(line)
    assert "NOT" not in source(line)
    assert changes(line) == {MOTOR: "Modified"}
    assert content(line, sha="WORKING") == content(line, sha="HEAD~1") != content(line)


def test_deleted_objects_and_their_folders_come_back(line: Client) -> None:
    line.ok("DELETE", f"{TABLES}/Line")
    line.ok("DELETE", f"{TABLES}/folders", folder="Area", force=True)
    line.ok("DELETE", f"{BLOCKS}/Motor_1")
    line.ok("DELETE", f"{BLOCKS}/Motor")
    line.ok("DELETE", "/api/devices/PLC_1/udts/Drive")
    for path in (LINE, "udts/PLC_1/Drive.xml", MOTOR, "blocks/PLC_1/Motor_1.xml"):
        assert restore(line, path)["action"] == "Imported"
    compiled(line)
    assert changes(line) == {}


def test_an_object_that_was_moved_comes_back_to_its_folder(line: Client) -> None:
    xml = line.ok("GET", f"{API}/file-content", filePath=LINE)["content"]
    line.ok("DELETE", f"{TABLES}/Line")
    line.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Line", "folder": "Elsewhere"})
    add_tag(line, "bStart", "%I0.0")
    assert changes(line) == {"tags/PLC_1/Elsewhere/Line.xml": "Renamed"}
    restore(line, LINE)
    assert changes(line) == {}
    assert content(line, LINE, "WORKING") == xml


def test_a_block_goes_to_another_plc(line: Client) -> None:
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_2"}
    line.ok("POST", "/api/projects/devices/actions/add-sync", body)
    for path in ("udts/PLC_1/Drive.xml", MOTOR):
        restore(line, path, deviceName="PLC_2")
    assert block_names(line, "PLC_2") == {"Main", "Motor"}
    error = line.refused(
        409,
        "source_control.restore_refused",
        "POST",
        f"{API}/restore-sync",
        {"commitSha": "HEAD", "filePath": MOTOR, "deviceName": "PLC_9"},
    )
    assert error["details"][0]["code"] == "device.not_found"


def test_a_watch_table_is_kept_and_comes_back(line: Client) -> None:
    line.ok("POST", "/api/devices/PLC_1/watch-tables", {"name": "W", "folder": "F"})
    assert changes(line) == {"watch/PLC_1/F/W.xml": "Added"}
    commit(line, "Watch")
    line.ok("DELETE", "/api/devices/PLC_1/watch-tables/W")
    restore(line, "watch/PLC_1/F/W.xml")
    assert changes(line) == {}


def test_a_technology_object_is_kept_and_comes_back(line: Client) -> None:
    objects = "/api/devices/PLC_1/technology-objects"
    line.ok("POST", objects, {"name": "Heater", "type": "PID_Compact", "version": "2.3"})
    line.ok("PUT", f"{objects}/Heater/parameters", {"values": {"Config.InputUpperLimit": 80.0}})
    compiled(line)
    assert changes(line) == {"technology/PLC_1/Heater.xml": "Added"}
    commit(line, "Heater")
    line.ok("PUT", f"{objects}/Heater/parameters", {"values": {"Config.InputUpperLimit": 70.0}})
    compiled(line)
    assert changes(line) == {"technology/PLC_1/Heater.xml": "Modified"}
    line.ok("DELETE", f"{objects}/Heater")
    restore(line, "technology/PLC_1/Heater.xml")
    compiled(line)
    assert changes(line) == {}
    shown = {each["name"]: each["value"] for each in line.ok("GET", f"{objects}/Heater/parameters")}
    assert shown["Config.InputUpperLimit"] == 80.0


def test_a_station_that_is_gone_comes_back_with_its_program(line: Client) -> None:
    station = line.ok("GET", "/api/projects/overview")["devices"][0]["name"]
    path = next(
        each["path"] for each in line.ok("GET", f"{API}/diff", to="HEAD")["files"] if "hardware" in each["path"]
    )
    error = line.refused(
        409, "source_control.station_differs", "POST", f"{API}/restore-sync", {"commitSha": "HEAD", "filePath": path}
    )
    assert "together with its program" in error["message"]
    line.ok("DELETE", "/api/devices/PLC_1")
    assert changes(line) != {}
    answer = line.ok("POST", f"{API}/restore-all-sync", {"force": True})
    actions = {each["path"]: each["action"] for each in answer["items"]}
    assert actions.pop(path) == "Created"
    assert set(actions.values()) == {"Imported"}
    assert (answer["failed"], answer["differences"], answer["compileErrors"]) == (0, [], [])
    assert line.ok("GET", "/api/projects/overview")["devices"][0]["name"] == station
    assert changes(line) == {}


# -- all of a commit ----------------------------------------------------------------------


def test_only_what_differs_is_imported(line: Client) -> None:
    write(line, INVERTED)
    commit(line, "Inverted")
    answer = line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1"})
    assert [(each["path"], each["action"]) for each in answer["items"]] == [(MOTOR, "Imported")]
    assert answer["unchanged"] == 6
    assert "NOT" not in source(line)


def test_an_older_state_is_committed_again(line: Client) -> None:
    write(line, INVERTED)
    commit(line, "Inverted")
    line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1"})
    line.ok("POST", f"{API}/restore-all-sync")
    assert "NOT" in source(line), "what is in some commit is not lost"
    line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1"})
    commit(line, "As delivered, again")
    assert content(line, sha="HEAD~2") == content(line) != content(line, sha="HEAD~1")


def test_what_cannot_be_exported_stays_and_is_named(line: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is with a block that was protected after the commit."""
    true_export = blocks.xml_of

    def refuse(session: Session, block: Any, device: str, name: str) -> bytes:
        if name == "Motor":
            raise Problem("block.export_refused", "The block is protected.", kind=Kind.CONFLICT)
        return true_export(session, block, device, name)

    monkeypatch.setattr(blocks, "xml_of", refuse)
    line.ok("POST", f"{TABLES}/actions/create-sync", {"name": "T", "folder": "阀" * 100})
    add_tag(line, "bStop", "%I0.1")
    made = commit(line, "Stop")
    assert [each["filePath"] for each in made["changes"]] == [LINE]
    assert {each["code"] for each in made["leftOut"]} == {"block.export_refused", "source_control.name_too_long"}
    answer = line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1"})
    assert {each["path"]: each["action"] for each in answer["items"]} == {MOTOR: "Kept", LINE: "Imported"}
    assert (answer["failed"], answer["differences"]) == (0, [])
    assert "T" in {each["name"] for each in line.ok("GET", TABLES)}


def test_what_the_commit_has_not_goes_or_stays(line: Client) -> None:
    write(line, 'FUNCTION "Pump" : Void\nBEGIN\n    ;\nEND_FUNCTION\n')
    commit(line, "Pump")
    line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1", "delete": False})
    assert "Pump" in block_names(line)
    answer = line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1"})
    assert [(each["path"], each["action"]) for each in answer["items"]] == [("blocks/PLC_1/Pump.xml", "Deleted")]
    assert "Pump" not in block_names(line)


def test_a_plc_that_the_commit_does_not_know_stays(line: Client) -> None:
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_2"}
    line.ok("POST", "/api/projects/devices/actions/add-sync", body)
    compiled(line, "PLC_2")
    commit(line, "Second PLC")
    answer = line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1"})
    assert [(each["action"], each["error"]["code"]) for each in answer["items"]] == [
        ("Kept", "source_control.station_extra")
    ]
    assert block_names(line, "PLC_2") == {"Main"}


@pytest.mark.slow
def test_only_one_device(line: Client) -> None:
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_2"}
    line.ok("POST", "/api/projects/devices/actions/add-sync", body)
    write(line, SCL, "PLC_2")
    commit(line, "Two")
    for device in ("PLC_1", "PLC_2"):
        write(line, INVERTED, device)
    commit(line, "Inverted")
    answer = line.ok("POST", f"{API}/restore-all-sync", {"commitSha": "HEAD~1", "deviceName": "plc_2"})
    assert [each["path"] for each in answer["items"]] == ["blocks/PLC_2/Motor.xml"]
    assert "NOT" in source(line)
    line.refused(404, "source_control.no_device", "POST", f"{API}/restore-all-sync", {"deviceName": "PLC_9"})


def by_hand(client: Client, path: str, text: str) -> None:
    """Commit a file that was written with an editor and git."""
    folder = Path(client.ok("GET", f"{API}/status")["path"])
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    identity = ["-c", "user.name=A", "-c", "user.email=a@b"]
    for command in (["add", "--all"], [*identity, "commit", "--quiet", "-m", "By hand"]):
        subprocess.run(["git", *command], cwd=folder, check=True)


def broken(client: Client) -> None:
    """A commit in which Motor is no program, and a tag table is sound and other than before."""
    add_tag(client, "bStop", "%I0.1")
    changes(client)
    by_hand(client, MOTOR, str(content(client)).replace("SW.Blocks.FB", "SW.Blocks.Nonsense"))


def test_all_or_nothing(line: Client) -> None:
    broken(line)
    line.ok("DELETE", f"{TABLES}/Line/tags/bStop")
    body = {"commitSha": "HEAD", "force": True}
    error = line.refused(409, "source_control.restore_refused", "POST", f"{API}/restore-all-sync", body)
    assert [each["place"]["path"] for each in error["details"]] == [MOTOR]
    assert "bStop" not in {each["name"] for each in line.ok("GET", f"{TABLES}/Line/tags")}
    answer = line.ok("POST", f"{API}/restore-all-sync", body | {"mode": "each"})
    assert {each["path"]: each["action"] for each in answer["items"]} == {MOTOR: "Failed", LINE: "Imported"}
    assert (answer["failed"], answer["differences"]) == (1, [MOTOR])
    assert "bStop" in {each["name"] for each in line.ok("GET", f"{TABLES}/Line/tags")}


def test_an_object_in_two_folders_is_refused(line: Client) -> None:
    by_hand(line, "blocks/PLC_1/Other/Motor.xml", str(content(line)))
    line.ok("DELETE", f"{BLOCKS}/Motor_1")
    line.ok("DELETE", f"{BLOCKS}/Motor")
    body = {"commitSha": "HEAD", "force": True}
    error = line.refused(409, "source_control.restore_refused", "POST", f"{API}/restore-all-sync", body)
    assert [each["code"] for each in error["details"]] == ["source_control.twice"]


def test_what_is_in_no_commit_is_not_lost(line: Client) -> None:
    add_tag(line, "bStop", "%I0.1")
    line.refused(409, "source_control.uncommitted", "POST", f"{API}/restore-all-sync")
    line.ok("POST", f"{BLOCKS}/Motor/interface/members", {"section": "Input", "name": "stop", "dataType": "Bool"})
    line.refused(409, "source_control.inconsistent", "POST", f"{API}/restore-all-sync")
    answer = line.ok("POST", f"{API}/restore-all-sync", {"force": True})
    assert (answer["failed"], answer["differences"], answer["compileErrors"]) == (0, [], [])
    assert "stop" not in source(line)
    assert changes(line) == {}


# -- files and differences ----------------------------------------------------------------


def test_files_of_any_state(line: Client) -> None:
    write(line, INVERTED)
    made = commit(line, "Inverted")["commit"]
    for sha in ("HEAD", made["sha"], made["shortSha"], "main", "WORKING"):
        assert "NOT" in str(content(line, sha=sha))
    assert content(line, sha="HEAD~1") == content(line, sha="HEAD^")
    assert "NOT" not in str(content(line, sha="HEAD~1"))
    assert content(line, "blocks/PLC_1/None.xml") is None
    assert content(line, "blocks/PLC_1") is None


def test_differences_of_any_two_states(line: Client) -> None:
    write(line, INVERTED)
    made = commit(line, "Inverted")["commit"]["sha"]
    assert line.ok("GET", f"{API}/diff") == {
        "fromSha": made,
        "toSha": "WORKING",
        "patch": "",
        "isTruncated": False,
        "files": [],
    }
    last = line.ok("GET", f"{API}/diff", **{"from": "HEAD~1"})
    assert (last["toSha"], [each["path"] for each in last["files"]]) == (made, [MOTOR])
    assert line.ok("GET", f"{API}/diff", to="HEAD") == last
    assert line.ok("GET", f"{API}/diff", **{"from": "", "to": "HEAD"}) == last
    assert line.ok("GET", f"{API}/diff", **{"from": "HEAD~1", "to": "HEAD", "filePath": "tags"})["files"] == []
    first = line.ok("GET", f"{API}/diff", **{"from": f"{last['fromSha']}~1", "to": last["fromSha"]})
    assert (first["fromSha"], {each["status"] for each in first["files"]}) == ("", {"Added"})
    assert MOTOR in {each["path"] for each in first["files"]}
    line.refused(404, "source_control.no_commit", "GET", f"{API}/diff", **{"from": f"{last['fromSha']}~2"})
    line.refused(404, "source_control.no_commit", "GET", f"{API}/diff", **{"from": "none~1"})
    back = line.ok("GET", f"{API}/diff", **{"from": "HEAD", "to": "HEAD~1"})["files"][0]
    assert (back["linesAdded"], back["linesDeleted"]) == (
        last["files"][0]["linesDeleted"],
        last["files"][0]["linesAdded"],
    )


REVISIONS = ["--output=x", "-1", "HEAD:README.md", "a..b", "@{-1}", "HEAD^{tree}", "a b", "\0", "*", ":/x", "a\\b"]
PATHS = [
    "../x",
    "/etc/passwd",
    "a/../../b",
    ".git/config",
    "a/.GIT/config",
    "..\\x",
    "C:\\..\\x",
    "",
    "a//b",
    "./a",
    "a\0",
]


def test_revisions_and_paths_that_are_none(line: Client) -> None:
    for revision in REVISIONS:
        line.refused(400, "source_control.bad_revision", "GET", f"{API}/diff", **{"from": revision})
        body = {"commitSha": revision, "filePath": MOTOR}
        line.refused(400, "source_control.bad_revision", "POST", f"{API}/restore-sync", body)
    for path in PATHS:
        line.refused(400, "source_control.bad_path", "GET", f"{API}/file-content", commitSha="HEAD", filePath=path)
        line.refused(
            400, "source_control.bad_path", "POST", f"{API}/restore-sync", {"commitSha": "HEAD", "filePath": path}
        )
    for missing in ("HEAD~9", "0" * 40, "abcd", "nothing"):
        line.refused(404, "source_control.no_commit", "GET", f"{API}/log", commitSha=missing)
        line.refused(404, "source_control.no_commit", "POST", f"{API}/restore-all-sync", {"commitSha": missing})
    line.refused(
        404, "source_control.no_file", "POST", f"{API}/restore-sync", {"commitSha": "HEAD", "filePath": "x.xml"}
    )
    line.refused(
        422,
        "source_control.not_restorable",
        "POST",
        f"{API}/restore-sync",
        {"commitSha": "HEAD", "filePath": "project.json"},
    )


def test_without_a_repository_or_a_project(plc: Client, client: Client) -> None:
    calls = [
        ("GET", "log", None),
        ("GET", "diff", None),
        ("GET", "branches", None),
        ("GET", "remotes", None),
        ("POST", "commit-sync", {"message": "x"}),
        ("POST", "export-preview-sync", None),
        ("POST", "push", None),
        ("POST", "restore-sync", {"commitSha": "HEAD", "filePath": MOTOR}),
    ]
    for method, path, body in calls:
        plc.refused(409, "source_control.not_initialized", method, f"{API}/{path}", body)
    assert plc.ok("GET", f"{API}/config")["enabled"] is False
    plc.ok("POST", "/api/projects/actions/close-sync", {"discard": True})
    for method, path, body in [*calls, ("GET", "status", None), ("POST", "init", None)]:
        client.refused(409, "project.none", method, f"{API}/{path}", body)


def test_a_project_saved_elsewhere_has_a_repository_of_its_own(line: Client) -> None:
    line.ok("POST", "/api/projects/actions/save-sync", {"directory": "projects/Copy"})
    assert line.ok("GET", f"{API}/status")["isInitialized"] is False
