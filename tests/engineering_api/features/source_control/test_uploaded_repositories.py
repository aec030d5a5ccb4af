"""What a client uploads is no repository for git: an engineer's key ran commands and read other repositories by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engineering_api.app import create_app
from openness_bridge.errors import Problem
from tests.engineering_api.features.source_control.hostile import git
from tests.engineering_api.features.source_control.kit import API
from tests.support.service import Client, settings


def put(client: Client, path: str, text: str = "") -> int:
    return client.http.put(f"/api/files/{path}", content=text.encode()).status_code


def plant(file: Path, text: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("by", ["upload", "another program"])
def test_an_uploaded_bare_repository_runs_nothing(line: Client, workspace: Path, tmp_path: Path, by: str) -> None:
    """Alternates of a remote, whose configuration names the command that lists their references."""
    canary = tmp_path / "canary"
    command = f"env > {canary}; true"
    files = {
        f"{name}/{path}": text
        for name in ("a", "b")
        for path, text in {
            "HEAD": "ref: refs/heads/main\n",
            "refs/x": "",
            "objects/info/alternates": "../../b/objects\n" if name == "a" else "",
            "config": f'[core]\n\tbare = true\n\talternateRefsCommand = "{command}"\n\tfsmonitor = "{command}"\n',
        }.items()
    }
    if by == "upload":
        statuses = {path: put(line, path, text) for path, text in files.items()}
        assert {statuses[path] for path in files if "HEAD" not in path and "config" not in path} == {400}
    else:
        for path, text in files.items():
            plant(workspace / path, text)
    line.refused(403, "path.outside_roots", "POST", f"{API}/remotes", {"name": "a", "url": str(workspace / "a")})
    line.http.post(f"{API}/remotes", json={"name": "a", "url": "a"})
    for way in ("push", "pull"):
        line.refused(404, "source_control.no_remote", "POST", f"{API}/{way}", {"remoteName": "a"})
    assert not canary.exists()


@pytest.mark.parametrize("by", ["upload", "another program"])
def test_an_uploaded_git_file_leads_to_no_other_repository(
    line: Client, workspace: Path, shelf: Path, tmp_path: Path, by: str
) -> None:
    secret = tmp_path / "secret"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(secret))
    plant(secret / "secret.txt", "hush")
    git(secret, "add", ".")
    git(secret, "commit", "--quiet", "-m", "x")
    text = f"gitdir: {secret / '.git'}\n"
    if by == "upload":
        assert put(line, "b3/.git", text) == 400
    else:
        for folder in (workspace, shelf):
            plant(folder / "b3" / ".git", text)
    for url in ("b3", str(workspace / "b3"), str(secret), str(shelf / "b3"), str(shelf / ".." / secret.name)):
        answer = line.http.post(f"{API}/remotes", json={"name": "b3", "url": url})
        assert answer.status_code in {400, 403, 404}, (url, answer.text)
    assert (
        line.http.get(f"{API}/file-content", params={"commitSha": "b3/main", "filePath": "secret.txt"}).status_code
        == 404
    )


def test_alternates_of_a_remote_lead_to_no_other_repository(line: Client, shelf: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", str(tmp_path / "secret.git"))
    git(tmp_path, "init", "--quiet", "--bare", str(shelf / "x.git"))
    line.ok("POST", f"{API}/remotes", {"name": "x", "url": "x.git"})
    plant(shelf / "x.git" / "objects" / "info" / "alternates", f"{tmp_path / 'secret.git' / 'objects'}\n")
    for way in ("push", "pull"):
        line.refused(409, "source_control.unsafe_repository", "POST", f"{API}/{way}", {"remoteName": "x"})


@pytest.mark.parametrize("where", ["data", "root", "above"])
def test_folders_of_remotes_are_not_those_of_clients(tmp_path: Path, where: str) -> None:
    folders = {"data": tmp_path / "data" / "git", "root": tmp_path / "root" / "git", "above": tmp_path}
    with pytest.raises(Problem, match="TIA_GIT_FOLDERS") as refused:
        create_app(settings(tmp_path / "data", roots=[tmp_path / "root"], git_folders=[folders[where]]))
    assert refused.value.code == "settings.git_folders"
