"""Source control: the project exported, committed, branched, merged, sent elsewhere, and brought back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

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
    write,
)
from tests.support.service import Client


def names(client: Client, path: str) -> set[str]:
    return {each["name"] for each in client.ok("GET", path)}


def test_a_repository_is_made_once(plc: Client, tmp_path: Path) -> None:
    before = plc.ok("GET", f"{API}/status")
    assert (before["isInitialized"], before["changedFilesCount"], before["changes"]) == (False, 0, [])
    made = plc.ok("POST", f"{API}/init")
    assert made == plc.ok("POST", f"{API}/init")
    assert (made["isInitialized"], made["branch"], made["lastCommitSha"]) == (True, "main", None)
    assert Path(made["path"]).is_relative_to(tmp_path / "source-control")
    assert {each["filePath"] for each in made["changes"]} == {"README.md", ".gitattributes"}
    assert plc.ok("GET", f"{API}/log") == []
    assert content(plc, "README.md") is None
    assert "# Conveyor" in str(content(plc, "README.md", "WORKING"))


def test_everything_in_the_project_has_its_file(line: Client) -> None:
    log = line.ok("GET", f"{API}/log", count=50)
    assert [(each["message"], each["filesChanged"]) for each in log] == [("As delivered", 10)]
    first = line.ok("GET", f"{API}/diff", to="HEAD")
    assert {each["path"] for each in first["files"]} == {
        "README.md",
        ".gitattributes",
        "project.json",
        MOTOR,
        "blocks/PLC_1/Main.xml",
        "blocks/PLC_1/Motor_1.xml",
        "udts/PLC_1/Drive.xml",
        "tags/PLC_1/Area/One/Line.xml",
        "tags/PLC_1/Default tag table.xml",
        "hardware/S7-1500%2FET200MP station_1.aml",
    }
    assert {each["status"] for each in first["files"]} == {"Added"}
    assert (first["fromSha"], first["toSha"]) == ("", log[0]["sha"])
    assert '"program": "PLC_1"' in str(content(line, "project.json"))


def test_an_export_without_a_change_changes_nothing(line: Client) -> None:
    assert changes(line) == changes(line) == {}
    line.ok("POST", "/api/projects/actions/save-sync")
    compiled(line)
    assert changes(line) == {}
    error = line.refused(409, "source_control.nothing_to_commit", "POST", f"{API}/commit-sync", {"message": "Again"})
    assert "as in the last commit" in error["message"]


def test_one_edit_is_one_file(line: Client) -> None:
    write(line, SCL.replace("#run := #start;", "#run := NOT #start;"))
    assert changes(line) == {MOTOR: "Modified"}
    [change] = line.ok("GET", f"{API}/status")["changes"]
    assert (change["domain"], change["deviceName"], change["itemName"]) == ("blocks", "PLC_1", "Motor")
    diff = line.ok("GET", f"{API}/diff", explain=True)
    assert [(each["path"], each["linesAdded"] > 0) for each in diff["files"]] == [(MOTOR, True)]
    assert diff["toSha"] == "WORKING"
    assert [each["kind"] for each in diff["files"][0]["changes"]] == ["line-changed"]
    assert "NOT" in diff["patch"]
    made = commit(line, "Inverted")
    assert (made["commit"]["message"], made["branch"], made["leftOut"]) == ("Inverted", "main", [])
    assert changes(line) == {}


def test_one_edited_tag_is_one_file(line: Client) -> None:
    add_tag(line, "bStop", "%I0.1")
    assert changes(line) == {"tags/PLC_1/Area/One/Line.xml": "Modified"}


def test_commit_and_preview_are_jobs(line: Client) -> None:
    add_tag(line, "bStop", "%I0.1")
    job = line.job("POST", f"{API}/export-preview")
    assert (job["status"], job["result"]["changedFilesCount"]) == ("Completed", 1)
    job = line.job("POST", f"{API}/commit", {"Message": "Stop"})
    assert (job["status"], job["result"]["commit"]["message"]) == ("Completed", "Stop")
    job = line.job("POST", f"{API}/commit", {"Message": "Stop"})
    assert (job["status"], job["error"]) == (
        "Failed",
        "There is nothing to commit: the project is as in the last commit.",
    )


def test_two_commits_at_once_give_one_commit_and_one_refusal(line: Client) -> None:
    add_tag(line, "bStop", "%I0.1")
    answers = [line.http.post(f"{API}/commit", json={"message": f"number {n}"}).json() for n in range(2)]
    jobs = [line.ended(each["data"]["jobId"]) for each in answers]
    assert sorted(job["status"] for job in jobs) == ["Completed", "Failed"]
    assert len(line.ok("GET", f"{API}/log")) == 2


def test_what_is_inconsistent_is_compiled_or_named(line: Client) -> None:
    line.ok("POST", f"{BLOCKS}/Motor/interface/members", {"section": "Input", "name": "stop", "dataType": "Bool"})
    error = line.refused(409, "source_control.inconsistent", "POST", f"{API}/commit-sync", {"message": "Stop"})
    assert "Motor" in {each["place"]["object"] for each in error["details"]}
    preview = line.ok("POST", f"{API}/export-preview-sync")
    assert MOTOR in {each["place"]["path"] for each in preview["leftOut"]}
    assert all(each["status"] != "Deleted" for each in preview["changes"])
    assert "stop" not in str(content(line, sha="WORKING"))
    assert MOTOR in {each["filePath"] for each in commit(line, "Stop", compile=True)["changes"]}
    assert "stop" in str(content(line))


def test_what_is_inconsistent_may_stay_as_it_was(line: Client) -> None:
    line.ok("POST", f"{BLOCKS}/Motor/interface/members", {"section": "Input", "name": "stop", "dataType": "Bool"})
    add_tag(line, "bStop", "%I0.1")
    made = commit(line, "Only the tag", skipInconsistent=True)
    assert [each["filePath"] for each in made["changes"]] == ["tags/PLC_1/Area/One/Line.xml"]
    assert MOTOR in {each["place"]["path"] for each in made["leftOut"]}


def test_a_client_without_a_field_for_it_commits_what_compiles(line: Client) -> None:
    line.ok("POST", f"{BLOCKS}/Motor/interface/members", {"section": "Input", "name": "stop", "dataType": "Bool"})
    line.refused(409, "source_control.inconsistent", "POST", f"{API}/commit-sync", {"Message": "Stop"})
    line.http.headers["X-Client-Id"] = "vscode/1.4.2"
    job = line.job("POST", f"{API}/commit", {"Message": "Stop"})
    assert (job["status"], job["message"]) == ("Completed", "Committed."), job
    assert MOTOR in {each["filePath"] for each in job["result"]["changes"]}
    broken = {
        "kind": "FC",
        "name": "Broken",
        "language": "LAD",
        "networks": [{"source": {"rungs": [[{"coil": "#no"}]]}}],
    }
    line.ok("POST", BLOCKS, broken)
    add_tag(line, "bStop", "%I0.1")
    made = line.job("POST", f"{API}/commit", {"Message": "Tag"})
    assert [each["filePath"] for each in made["result"]["changes"]] == ["tags/PLC_1/Area/One/Line.xml"]
    assert [each["place"]["object"] for each in made["result"]["leftOut"]] == ["Broken"]
    assert made["message"] == "Committed. As in the last commit, because not compiled: Broken."


def test_a_deleted_object(line: Client) -> None:
    line.ok("DELETE", f"{BLOCKS}/Motor_1")
    assert changes(line) == {"blocks/PLC_1/Motor_1.xml": "Deleted"}


def test_the_message_and_the_author_are_kept(line: Client) -> None:
    line.ok("PUT", f"{API}/config", {"authorName": "Jürgen Ö", "authorEmail": "j@plant.example"})
    config = {"enabled": True, "authorName": "Jürgen Ö", "authorEmail": "j@plant.example"}
    assert line.ok("GET", f"{API}/config") == config
    add_tag(line, "bStop", "%I0.1")
    text = '-m "quoted" $(id) `ls`\n\n# no comment\nsecond ü line'
    made = commit(line, text)["commit"]
    assert (made["message"], made["author"], made["filesChanged"]) == (text, "Jürgen Ö", 1)
    assert line.ok("GET", f"{API}/log", filePath="tags/PLC_1")[0] == made
    assert len(line.ok("GET", f"{API}/log", count=1)) == 1
    for bad in ({"authorName": " "}, {"authorEmail": "a>b"}, {"authorName": "a\nb"}):
        line.refused(400, "source_control.bad_author", "POST", f"{API}/config", bad)


def test_a_commit_needs_a_message(line: Client) -> None:
    for message in ("", " \n\t", "a\0b", "x" * 70_000):
        line.refused(400, "source_control.no_message", "POST", f"{API}/commit-sync", {"message": message})
    line.refused(400, "request.missing_field", "POST", f"{API}/commit-sync")


STRANGE = ["Ventil Ü/1", "a:b*?<>|", "100% ~", ".hidden", "con", "LPT1.x", "trail.", "x.xml", "阀门", "a\\b", "-rf"]


@pytest.mark.slow
def test_names_of_any_characters(line: Client) -> None:
    for number, name in enumerate(STRANGE):
        folder = name.replace("%", "%25").replace("/", "%2F")
        line.ok("POST", f"{TABLES}/actions/create-sync", {"name": f"T {name}", "folder": folder})
        add_tag(line, f"tag{number}", f"%M{number}.0", f"T {name}")
    found = changes(line)
    assert len(found) == len(STRANGE)
    items = {each["itemName"] for each in line.ok("GET", f"{API}/status")["changes"]}
    assert items == {f"T {name}" for name in STRANGE}
    commit(line, "Strange names")
    assert changes(line) == {}
    for path in found:
        assert "<Name>tag" in str(content(line, path))
    for name in STRANGE:
        line.ok("DELETE", f"{TABLES}/{quote(f'T {name}', safe='')}")
    answer = line.ok("POST", f"{API}/restore-all-sync", {"force": True})
    assert (answer["failed"], answer["differences"], len(answer["items"])) == (0, [], len(STRANGE))
    assert changes(line) == {}
