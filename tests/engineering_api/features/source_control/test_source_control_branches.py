"""Branches, merges and remotes of the project's repository."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.source_control import open_project
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Cancelled, Context, Progress
from engineering_api.operations.terms import Right
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
from tests.support.service import Client, settings

PUMP = 'FUNCTION "Pump" : Void\nVAR_INPUT\n    on : Bool;\nEND_VAR\nBEGIN\n    ;\nEND_FUNCTION\n'
INVERTED = SCL.replace("#run := #start;", "#run := NOT #start;")
CONSTANT = SCL.replace("#run := #start;", "#run := TRUE;")


def checkout(client: Client, name: str, **more: Any) -> Any:
    return client.ok("POST", f"{API}/branches/checkout", {"branchName": name} | more)


def restore_all(client: Client, revision: str = "HEAD", **more: Any) -> Any:
    answer = client.ok("POST", f"{API}/restore-all-sync", {"commitSha": revision} | more)
    assert (answer["failed"], answer["compileErrors"]) == (0, [])
    return answer


@pytest.fixture
def two(line: Client) -> Client:
    """A client on main with a branch of one commit more, which adds Pump and inverts Motor; main adds a tag."""
    line.ok("POST", f"{API}/branches", {"branchName": "feature/pump"})
    checkout(line, "feature/pump")
    write(line, INVERTED)
    write(line, PUMP)
    commit(line, "Pump")
    checkout(line, "main")
    restore_all(line)
    add_tag(line, "bStop", "%I0.1")
    commit(line, "Stop")
    return line


# -- branches -----------------------------------------------------------------------------


def test_branches_are_made_listed_checked_out_and_deleted(line: Client) -> None:
    made = line.ok("POST", f"{API}/branches", {"BranchName": "feature/a"})
    assert (made["isCurrentBranch"], made["lastCommitMessage"]) == (False, "As delivered")
    assert [each["name"] for each in line.ok("GET", f"{API}/branches")] == ["feature/a", "main"]
    line.refused(409, "source_control.branch_exists", "POST", f"{API}/branches", {"branchName": "feature/a"})
    assert checkout(line, "feature/a")["isCurrentBranch"] is True
    assert line.ok("GET", f"{API}/status")["branch"] == "feature/a"
    line.refused(409, "source_control.branch_current", "DELETE", f"{API}/branches/feature%2Fa")
    add_tag(line, "bStop", "%I0.1")
    commit(line, "Stop")
    checkout(line, "main")
    line.refused(409, "source_control.branch_not_merged", "DELETE", f"{API}/branches/feature%2Fa")
    assert line.ok("DELETE", f"{API}/branches/feature%2Fa", force=True)["name"] == "feature/a"
    line.refused(404, "source_control.no_branch", "DELETE", f"{API}/branches/feature%2Fa")


BAD = ["-d", "--upload-pack=touch x", "a b", "a..b", "HEAD", "", "@{-1}", "x.lock", "a:b", "a\nb", "a~1", "é\0"]


def test_names_that_no_branch_can_have(line: Client) -> None:
    for name, path in product(BAD, ("branches", "branches/checkout")):
        line.refused(400, "source_control.bad_branch", "POST", f"{API}/{path}", {"branchName": name})
    assert [each["name"] for each in line.ok("GET", f"{API}/branches")] == ["main"]


def test_a_branch_of_any_letters(line: Client) -> None:
    line.ok("POST", f"{API}/branches", {"branchName": "Änderung/阀门"})
    assert checkout(line, "Änderung/阀门")["name"] == "Änderung/阀门"


def test_a_checkout_leaves_the_project_and_a_commit_then_takes_nothing_back(two: Client) -> None:
    checkout(two, "feature/pump")
    assert "NOT" not in source(two)
    status = two.ok("GET", f"{API}/status")
    assert (status["isApplied"], status["changes"]) == (False, [])
    error = two.refused(409, "source_control.not_applied", "POST", f"{API}/commit-sync", {"message": "Oops"})
    assert "restore-all" in error["message"]
    answer = restore_all(two, "feature/pump")
    assert {each["path"]: each["action"] for each in answer["items"]} == {
        MOTOR: "Imported",
        "blocks/PLC_1/Pump.xml": "Imported",
        "tags/PLC_1/Area/One/Line.xml": "Imported",
    }
    assert answer["differences"] == []
    assert "NOT" in source(two)
    assert two.ok("GET", f"{API}/status")["isApplied"] is True
    assert changes(two) == {}


def test_a_commit_takes_back_what_came_in_only_with_force(two: Client) -> None:
    checkout(two, "feature/pump")
    made = commit(two, "As on main", force=True)
    assert {each["filePath"]: each["status"] for each in made["changes"]}["blocks/PLC_1/Pump.xml"] == "Deleted"


def test_a_checkout_loses_no_change(two: Client) -> None:
    add_tag(two, "bOther", "%I0.2")
    assert changes(two) != {}
    error = two.refused(
        409, "source_control.uncommitted", "POST", f"{API}/branches/checkout", {"branchName": "feature/pump"}
    )
    assert "Line.xml" in error["message"]
    checkout(two, "feature/pump", force=True)
    two.refused(409, "source_control.uncommitted", "POST", f"{API}/restore-all-sync")
    assert "bOther" in {each["name"] for each in two.ok("GET", f"{TABLES}/Line/tags")}


# -- merge --------------------------------------------------------------------------------


def test_a_merge_joins_both_sides(two: Client) -> None:
    merged = two.ok("POST", f"{API}/merge", {"branchName": "feature/pump"})
    assert (merged["branch"], sorted(merged["files"])) == ("main", [MOTOR, "blocks/PLC_1/Pump.xml"])
    assert "Merged feature/pump into main" in merged["message"]
    log = two.ok("GET", f"{API}/log")
    assert (log[0]["message"], log[0]["filesChanged"]) == ("Merge feature/pump into main", 2)
    assert restore_all(two)["differences"] == []
    assert "NOT" in source(two)
    assert "bStop" in {each["name"] for each in two.ok("GET", f"{TABLES}/Line/tags")}
    answer = two.http.post(f"{API}/merge", json={"branchName": "feature/pump"}).json()
    again = answer["data"]
    assert answer["message"] == again["message"], "clients of the contract show the envelope's message"
    assert (again["files"], again["sha"]) == ([], merged["sha"])


def test_a_merge_moves_ahead_where_nothing_is_to_be_joined(line: Client) -> None:
    line.ok("POST", f"{API}/branches", {"branchName": "next"})
    checkout(line, "next")
    add_tag(line, "bStop", "%I0.1")
    sha = commit(line, "Stop")["commit"]["sha"]
    checkout(line, "main")
    assert line.ok("POST", f"{API}/merge", {"branchName": "next"})["sha"] == sha
    assert line.ok("GET", f"{API}/status")["isApplied"] is True


def test_a_conflict_merges_nothing(two: Client) -> None:
    write(two, CONSTANT)
    before = commit(two, "Always on")["commit"]["sha"]
    error = two.refused(409, "source_control.conflict", "POST", f"{API}/merge", {"branchName": "feature/pump"})
    assert [each["place"]["path"] for each in error["details"]] == [MOTOR]
    status = two.ok("GET", f"{API}/status")
    assert (status["lastCommitSha"], status["changes"], status["isApplied"]) == (before, [], True)
    assert "Pump" not in " ".join(each["name"] for each in two.ok("GET", BLOCKS))
    assert changes(two) == {}


def test_both_sides_change_one_table_in_different_places(line: Client) -> None:
    for number in range(8):
        add_tag(line, f"t{number}", f"%M{number}.0")
    commit(line, "Tags")
    line.ok("POST", f"{API}/branches", {"branchName": "other"})
    checkout(line, "other")
    line.ok("DELETE", f"{TABLES}/Line/tags/t0")
    commit(line, "Without the first")
    checkout(line, "main")
    restore_all(line)
    line.ok("PUT", f"{TABLES}/Line/tags/t7", {"dataType": "Byte", "logicalAddress": "%MB7"})
    commit(line, "The last is a byte")
    line.ok("POST", f"{API}/merge", {"branchName": "other"})
    assert restore_all(line)["differences"] == []
    found = {each["name"]: each["dataType"] for each in line.ok("GET", f"{TABLES}/Line/tags")}
    assert ("t0" in found, found["t7"]) == (False, "Byte")


# -- remotes ------------------------------------------------------------------------------


@pytest.fixture
def bare(shelf: Path) -> Path:
    folder = shelf / "line.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(folder)], check=True)
    return folder


def test_remotes_are_added_listed_and_deleted(line: Client, bare: Path) -> None:
    made = line.ok("POST", f"{API}/remotes", {"Name": "origin", "Url": "line.git"})
    assert made == {"name": "origin", "url": str(bare)}
    line.ok("POST", f"{API}/remotes", {"name": "server", "url": "https://git.plant.example/line.git"})
    line.ok("POST", f"{API}/remotes", {"name": "ssh", "url": "git@git.plant.example:line.git"})
    assert [each["name"] for each in line.ok("GET", f"{API}/remotes")] == ["origin", "server", "ssh"]
    line.refused(409, "source_control.remote_exists", "POST", f"{API}/remotes", {"name": "ssh", "url": "line.git"})
    line.ok("DELETE", f"{API}/remotes/ssh")
    line.refused(404, "source_control.no_remote", "DELETE", f"{API}/remotes/ssh")
    for name in ("-x", "a b", "../x", "", "a.lock"):
        line.refused(400, "source_control.bad_remote", "POST", f"{API}/remotes", {"name": name, "url": "line.git"})


REFUSED_URLS = {
    "ext::sh -c 'touch /tmp/x'": "source_control.bad_url",
    "fd::7": "source_control.bad_url",
    "--upload-pack=touch": "source_control.bad_url",
    "file:///etc": "source_control.bad_url",
    "git://host/x": "source_control.bad_url",
    "ssh://-oProxyCommand=touch/x": "source_control.bad_url",
    "https://host/x\n": "source_control.bad_url",
    "https://[": "source_control.bad_url",
    "https://host": "source_control.bad_url",
    "HTTPS://host/x": "source_control.bad_url",
    "https://host:0/x": "source_control.bad_url",
    "https://host:99999/x": "source_control.bad_url",
    "https://a\\@host/x": "source_control.bad_url",
    "https://0x7f.1/x": "source_control.bad_url",
    "https://host./x": "source_control.bad_url",
    "https://user:secret@host/x": "source_control.password_in_url",
    "": "path.invalid",
    "a\0b": "path.invalid",
}


def test_urls_that_git_must_not_use(line: Client) -> None:
    for url, code in REFUSED_URLS.items():
        error = line.refused(400, code, "POST", f"{API}/remotes", {"name": "origin", "url": url})
        assert "secret" not in str(error)
    assert line.ok("GET", f"{API}/remotes") == []


def test_folders_that_git_must_not_use(line: Client, tmp_path: Path) -> None:
    for url in ("/etc", "../..", str(tmp_path / "source-control")):
        line.refused(403, "path.outside_roots", "POST", f"{API}/remotes", {"name": "origin", "url": url})
    line.refused(404, "source_control.no_remote_repository", "POST", f"{API}/remotes", {"name": "o", "url": "nothing"})


@pytest.mark.slow
def test_two_engineers_work_on_one_project(line: Client, bare: Path, tmp_path: Path) -> None:
    line.ok("POST", f"{API}/remotes", {"name": "origin", "url": str(bare)})
    pushed = line.ok("POST", f"{API}/push")
    assert (pushed["branch"], pushed["remote"]) == ("main", "origin")
    with TestClient(create_app(settings(tmp_path / "second", git_folders=[bare.parent]))) as http:
        second = Client(http)
        second.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        second.ok("POST", f"{API}/init")
        second.ok("POST", f"{API}/remotes", {"name": "origin", "url": str(bare)})
        assert MOTOR in second.ok("POST", f"{API}/pull", {"RemoteName": "origin"})["files"]
        second.refused(409, "source_control.not_applied", "POST", f"{API}/commit-sync", {"message": "Empty"})
        answer = restore_all(second)
        assert {each["action"] for each in answer["items"]} == {"Created", "Imported"}
        assert answer["differences"] == []
        assert changes(second) == {}, "exported, imported elsewhere, exported: the same"
        add_tag(second, "bSecond", "%I7.0")
        commit(second, "Of the second")
        second.ok("POST", f"{API}/push", {})
    write(line, INVERTED)
    commit(line, "Of the first")
    line.refused(409, "source_control.push_rejected", "POST", f"{API}/push", {})
    assert line.ok("POST", f"{API}/pull", {})["files"] == ["tags/PLC_1/Area/One/Line.xml"]
    assert restore_all(line)["differences"] == []
    line.ok("POST", f"{API}/push", {})
    assert {each["name"]: each["isRemote"] for each in line.ok("GET", f"{API}/branches")} == {
        "main": False,
        "origin/main": True,
    }


def test_a_branch_of_a_remote_is_followed(line: Client, bare: Path) -> None:
    line.ok("POST", f"{API}/remotes", {"name": "origin", "url": str(bare)})
    line.ok("POST", f"{API}/branches", {"branchName": "side"})
    checkout(line, "side")
    line.ok("POST", f"{API}/push")
    line.ok("POST", f"{API}/pull")
    checkout(line, "main")
    line.ok("DELETE", f"{API}/branches/side")
    line.refused(404, "source_control.no_remote_branch", "POST", f"{API}/pull")
    assert checkout(line, "origin/side")["name"] == "side"


def test_a_remote_that_is_not_there(line: Client, bare: Path) -> None:
    line.refused(404, "source_control.no_remote", "POST", f"{API}/push")
    line.refused(404, "source_control.no_remote", "POST", f"{API}/pull", {"remoteName": "-x"})
    line.ok("POST", f"{API}/remotes", {"name": "origin", "url": "http://127.0.0.1:9/line.git"})
    error = line.refused(422, "source_control.remote_failed", "POST", f"{API}/push", {"user": "me", "password": "hush"})
    assert "hush" not in str(error)
    line.ok("POST", f"{API}/remotes", {"name": "folder", "url": str(bare)})
    line.refused(400, "source_control.no_login", "POST", f"{API}/push", {"remoteName": "folder", "password": "hush"})
    bare.rename(bare.with_name("moved.git"))
    line.refused(404, "source_control.no_remote_repository", "POST", f"{API}/push", {"remoteName": "folder"})


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts here")
def test_no_hook_of_anybody_runs(line: Client, bare: Path, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    mine = Path(line.ok("GET", f"{API}/status")["path"]) / ".git" / "hooks"
    for folder, names in (
        (mine, ("pre-commit", "post-checkout", "pre-push")),
        (bare / "hooks", ("pre-receive", "update")),
    ):
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).write_text(f"#!/bin/sh\ntouch {witness}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
    add_tag(line, "bStop", "%I0.1")
    commit(line, "Stop")
    line.ok("POST", f"{API}/remotes", {"name": "origin", "url": str(bare)})
    line.ok("POST", f"{API}/push")
    checkout(line, "main")
    assert not witness.exists()


def test_the_users_own_configuration_has_no_say(line: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "gitconfig"
    own.write_text(
        "[user]\nname = Somebody\n[core]\nhooksPath = /nowhere\n[commit]\ngpgSign = true\n", encoding="utf-8"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    add_tag(line, "bStop", "%I0.1")
    assert commit(line, "Stop")["commit"]["author"] == "Engineering API"


class Asked(BaseHTTPRequestHandler):
    """A server that knows nobody, and leads some elsewhere."""

    seen: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path.partition("?")[0], self.headers["Authorization"]))
        moved = self.path.startswith("/moved")
        self.send_response(302 if moved else 401)
        if moved:
            self.send_header("Location", "/elsewhere" + self.path)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Asked.seen.clear()
    with HTTPServer(("127.0.0.1", 0), Asked) as found:
        thread = Thread(target=found.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join()


def test_a_login_goes_to_its_server_and_nowhere_else(line: Client, server: str) -> None:
    for name in ("line", "moved"):
        line.ok("POST", f"{API}/remotes", {"name": name, "url": f"{server}/{name}.git"})
        body = {"remoteName": name, "userName": "me", "password": "hush"}
        error = line.refused(422, "source_control.remote_failed", "POST", f"{API}/push", body)
        assert "hush" not in str(error)
    login = "Basic " + base64.b64encode(b"me:hush").decode()
    assert set(Asked.seen) == {("/line.git/info/refs", login), ("/moved.git/info/refs", login)}
    folder = Path(line.ok("GET", f"{API}/status")["path"])
    assert "hush" not in (folder / ".git" / "config").read_text(encoding="utf-8")
    line.refused(422, "source_control.remote_failed", "POST", f"{API}/pull", {"remoteName": "line"})
    assert Asked.seen[-1] == ("/line.git/info/refs", None)


# -- git itself ---------------------------------------------------------------------------


def test_without_git_the_answer_says_what_to_do(line: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(line.http.app.state.service.settings.data_dir))
    line.refused(501, "source_control.no_git", "GET", f"{API}/log")


def test_another_git_that_works_there_is_named(line: Client) -> None:
    lock = Path(line.ok("GET", f"{API}/status")["path"]) / ".git" / "index.lock"
    lock.touch()
    error = line.refused(409, "source_control.locked", "POST", f"{API}/export-preview-sync")
    assert "index.lock" in error["message"]
    lock.unlink()
    assert changes(line) == {}


def test_a_commit_that_is_cancelled_commits_nothing(line: Client) -> None:
    add_tag(line, "bStop", "%I0.1")
    progress = Progress()
    progress.cancel()
    ctx = Context(line.http.app.state.service, Caller("test", Right.ENGINEER), progress)
    with pytest.raises(Cancelled):
        open_project.commit(ctx, "Stop", compile_first=False, skip_inconsistent=False, force=False)
    assert len(line.ok("GET", f"{API}/log")) == 1


def test_a_detached_head_is_named(line: Client) -> None:
    folder = line.ok("GET", f"{API}/status")["path"]
    subprocess.run(["git", "checkout", "--quiet", "--detach"], cwd=folder, check=True)
    assert line.ok("GET", f"{API}/status")["branch"] is None
    add_tag(line, "bStop", "%I0.1")
    line.refused(409, "source_control.detached", "POST", f"{API}/commit-sync", {"message": "Stop"})
    line.refused(409, "source_control.detached", "POST", f"{API}/merge", {"branchName": "main"})
    checkout(line, "main")
    commit(line, "Stop")
    compiled(line)
    assert "bStop" in str(content(line, "tags/PLC_1/Area/One/Line.xml"))
