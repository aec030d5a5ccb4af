"""No repository makes git run a command or read another folder, whichever operation meets it. With the real git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.documentation.calls import call
from engineering_api.features.source_control import git_folder
from engineering_api.operations.terms import Mode
from openness_bridge.errors import Problem
from tests.engineering_api.features.source_control import hostile
from tests.engineering_api.features.source_control.hostile import PLANTS, VECTORS, git
from tests.engineering_api.features.source_control.kit import API, SCL, add_tag, commit, write
from tests.support.service import CPU, FIRMWARE, KEY, Client, settings
from tests.support.state.api import CATALOGUE, send

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands are shell scripts")
OPERATIONS = [op for op in CATALOGUE if op.name.startswith("source_control.")]


@dataclass
class Line:
    """A project with a repository of two commits and two branches, and a remote in a folder, which has them.

    Attributes:
        client: Of the service.
        own: The work tree of the repository.
        remote: The bare repository.
        base: A folder for all that vectors need.
        canary: The file that no vector may create.
    """

    client: Client
    own: Path
    remote: Path
    base: Path

    @property
    def canary(self) -> Path:
        return self.base / "canary"

    def ask_everything(self) -> dict[str, int]:
        """Send the example of every operation; returns the status of each answer."""
        found = {}
        for op in OPERATIONS:
            route = next(each for each in op.routes if each.mode is Mode.WAIT)
            answer = send(self.client.http, call(route, op.example))
            found[op.name.partition(".")[2]] = answer.status_code
            assert answer.status_code < 500, (op.name, answer.text)
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    base = tmp_path_factory.mktemp("line")
    (base / "shelf").mkdir()
    remote = base / "shelf" / "line.git"
    git(base, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(remote))
    options = settings(base / "data", git_folders=[base / "shelf"], git_hosts=["127.0.0.1", "git.plant.example"])
    with TestClient(create_app(options)) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        client.ok(
            "POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        )
        write(client, SCL)
        client.ok("POST", f"{API}/init")
        commit(client, "First")
        client.ok("POST", f"{API}/branches", {"branchName": "line-2"})
        client.ok("POST", f"{API}/remotes", {"name": "origin", "url": "line.git"})
        add_tag(client, "bStart", "%I0.0", "Default tag table")
        commit(client, "Second")
        client.ok("POST", f"{API}/push")
        own = Path(client.ok("GET", f"{API}/status")["path"])
        yield Line(client, own, remote, base)


@pytest.fixture
def line(made: Line, tmp_path: Path) -> Iterator[Line]:
    """The line, whose repositories are as they were when the test ends."""
    kept = {folder: tmp_path / folder.name for folder in (made.own, made.remote)}
    for folder, copy in kept.items():
        shutil.copytree(folder, copy, symlinks=True)
    base = tmp_path / "vector"
    base.mkdir()
    yield Line(made.client, made.own, made.remote, base)
    for folder, copy in kept.items():
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink()
        shutil.copytree(copy, folder, symlinks=True)


def test_every_operation_works_on_the_line(line: Line) -> None:
    """The other tests would show nothing if the examples were refused anyway."""
    found = line.ask_everything()
    refused = {name for name, status in found.items() if status != 200}
    assert refused <= {"add_remote", "commit", "restore", "create_branch", "delete_branch", "delete_remote"}, found


def add(config: Path, text: str) -> None:
    with config.open("a", encoding="utf-8", newline="") as file:
        file.write(f"{text}\n")


@pytest.mark.parametrize("name", VECTORS)
def test_no_setting_runs_a_command(line: Line, name: str) -> None:
    command = hostile.prepare(line.base, line.canary)
    vector = VECTORS[name]
    text = hostile.filled(vector.config, line.base, command)
    (line.own / ".gitattributes").write_text(f"* -text\n{vector.attributes}\n", encoding="utf-8")
    add(line.remote / "config", text)
    line.client.refused(409, "source_control.foreign_configuration", "POST", f"{API}/push", {"remoteName": "origin"})
    line.client.refused(409, "source_control.foreign_configuration", "POST", f"{API}/pull", {"remoteName": "origin"})
    add(line.own / ".git" / "config", text)
    error = line.client.refused(409, "source_control.foreign_configuration", "GET", f"{API}/status")
    if "." in name:
        first = next(each for each in git_folder.list_settings(text.encode()) if not git_folder.is_harmless(each))
        assert f"'{first[:80]}'" in error["message"]
    line.ask_everything()
    assert not line.canary.exists()


@pytest.mark.parametrize("plant", PLANTS)
def test_nothing_else_of_a_git_folder_runs_a_command_or_leads_elsewhere(line: Line, plant: str) -> None:
    command = hostile.prepare(line.base, line.canary)
    for number, folder in enumerate((line.own / ".git", line.remote)):
        place = line.base / str(number)
        place.mkdir()
        shutil.copytree(line.base / "other", place / "other")
        PLANTS[plant](folder, place, command)
    found = line.ask_everything()
    assert not line.canary.exists(), line.canary.read_text(encoding="utf-8")
    if plant in {"hooks", "attributes"}:
        assert found["push"] == found["pull"] == found["merge"] == found["checkout"] == 200, found
    else:
        assert {found[name] for name in ("status", "log", "push", "pull")} == {409}, found


@pytest.mark.parametrize("plant", [each for each in PLANTS if each not in {"hooks", "attributes"}])
def test_a_remote_that_leads_elsewhere_is_refused(line: Line, plant: str) -> None:
    command = hostile.prepare(line.base, line.canary)
    PLANTS[plant](line.remote, line.base, command)
    for way in ("push", "pull"):
        answer = line.client.http.post(f"{API}/{way}", json={"remoteName": "origin"})
        assert answer.status_code in {403, 404, 409}, answer.text
    assert not line.canary.exists()


@pytest.mark.parametrize("name", [name for name, vector in VECTORS.items() if vector.bites])
def test_the_vectors_bite(tmp_path: Path, name: str) -> None:
    """With a git that nothing protects, the command runs: the tests above can fail."""
    vector = VECTORS[name]
    canary, folder = tmp_path / "canary", tmp_path / "repository"
    command = hostile.prepare(tmp_path, canary)
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    (folder / "README.md").write_text("x\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "x")
    (folder / ".gitattributes").write_text(f"{vector.attributes}\n", encoding="utf-8")
    (folder / "new.txt").write_text("x\n", encoding="utf-8")
    add(folder / ".git" / "config", hostile.filled(vector.config, tmp_path, command))
    clean = {n: v for n, v in os.environ.items() if not n.startswith("GIT_")} | {
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "TERM": "dumb", "EDITOR": "", "VISUAL": "",
    }  # fmt: skip
    subprocess.run(
        ["sh", "-c", vector.bites],
        cwd=folder,
        env={n: v for n, v in clean.items() if v},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert canary.exists()


# -- what a commit brings -----------------------------------------------------------------

GIT_NAMES = (
    ".git",
    ".GIT",
    ".git.",
    ".git ",
    "git~1",
    "GIT~2",
    ".git::$INDEX_ALLOCATION",
    ".g\u200cit",
    "\ufeff.git",
    "a\\.git\\config",
)


def commit_tree(line: Line, *entries: tuple[str, str, str]) -> None:
    """Make a commit of any tree the newest of the remote's branch."""
    made = hostile.tree(line.remote, *entries)
    parent = git(line.remote, "rev-parse", "main")
    sha = git(line.remote, "commit-tree", made, "-p", parent, "-m", "hostile")
    git(line.remote, "update-ref", "refs/heads/main", sha)


def require_plain_work_tree(line: Line) -> None:
    for inner, folders, files in os.walk(line.own):
        if Path(inner) == line.own:
            folders.remove(".git")
        assert not any(Path(inner, each).is_symlink() for each in (*folders, *files))
        assert not any(
            each.casefold().startswith((".git.", "git~")) or each.casefold() == ".git" for each in (*folders, *files)
        )
        assert not ("HEAD" in files and "objects" in folders)


@pytest.mark.parametrize("name", GIT_NAMES)
def test_no_commit_brings_a_git_folder(line: Line, name: str) -> None:
    command = hostile.prepare(line.base, line.canary)
    blob = git(line.remote, "hash-object", "-w", "--stdin", given=f'[core]\n\tfsmonitor = "{command}"\n'.encode())
    inner = hostile.tree(line.remote, ("100644", "config", blob))
    commit_tree(line, ("40000", "sub", hostile.tree(line.remote, ("40000", name, inner))))
    answer = line.client.http.post(f"{API}/pull", json={"remoteName": "origin"})
    assert answer.status_code in {409, 422}, answer.text
    require_plain_work_tree(line)
    line.ask_everything()
    require_plain_work_tree(line)
    assert not line.canary.exists()


def test_no_commit_brings_a_bare_repository_a_submodule_or_a_link(line: Line) -> None:
    command = hostile.prepare(line.base, line.canary)

    def blob(text: str) -> str:
        return git(line.remote, "hash-object", "-w", "--stdin", given=text.encode())

    first = git(line.remote, "rev-parse", "main")
    inner = hostile.tree(line.remote, ("100644", "x", blob("")))
    head = blob("ref: refs/heads/main\n")
    modules = blob(f'[submodule "s"]\n\tpath = s\n\turl = ext::{command}\n\tupdate = !{command}\n')
    trees = {
        "bare": (("100644", "HEAD", head), ("100644", "config", blob("[core]\n")), ("40000", "objects", inner), ("40000", "refs", inner)),
        "submodule": (("100644", ".gitmodules", modules), ("160000", "s", first)),
        "link": (("100644", ".gitattributes", blob("* filter=x diff=x merge=x\n")), ("120000", "outside", blob("/etc"))),
    }  # fmt: skip
    for name, entries in trees.items():
        git(line.remote, "update-ref", "refs/heads/main", first)
        commit_tree(line, *entries)
        answer = line.client.http.post(f"{API}/pull", json={"remoteName": "origin"})
        assert answer.status_code == (200 if name == "link" else 409), (name, answer.text)
        require_plain_work_tree(line)
    line.ask_everything()
    assert not line.canary.exists()


def test_a_repository_within_the_work_tree_is_refused(line: Line) -> None:
    command = hostile.prepare(line.base, line.canary)
    git(line.own, "init", "--quiet", "inner")
    git(line.own / "inner", "commit", "--quiet", "--allow-empty", "-m", "x")
    add(line.own / "inner" / ".git" / "config", f'[core]\n\tfsmonitor = "{command}"')
    error = line.client.refused(409, "source_control.nested_repository", "GET", f"{API}/status")
    assert "inner" in error["message"]
    line.ask_everything()
    assert not line.canary.exists()


# -- what git is started with -------------------------------------------------------------


def test_no_secret_is_in_the_environment_of_a_child(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = shutil.which("git"), line.base / "seen"
    hostile.program(line.base / "bin" / "git", f'env >> {seen}; echo "$@" >> {seen}.args; exec {real} "$@"')
    hostile.program(line.base / "bin" / "ssh", f'env >> {seen}; echo "$@" >> {seen}.ssh; exit 1')
    monkeypatch.setenv("PATH", f"{line.base / 'bin'}{os.pathsep}{os.environ['PATH']}")
    secrets = (
        "TIA_API_KEY",
        "TIA_AUDIT_KEY",
        "TIA_GATEWAY_SECRET",
        "TIA_QUEUE",
        "PGPASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "SSH_ASKPASS",
    )
    for name in secrets:
        monkeypatch.setenv(name, f"hush-{name}")
    line.ask_everything()
    line.client.ok("POST", f"{API}/remotes", {"name": "ssh", "url": "ssh://git@git.plant.example:2222/line.git"})
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 2222))])
    line.client.refused(422, "source_control.remote_failed", "POST", f"{API}/push", {"remoteName": "ssh"})
    text = seen.read_text(encoding="utf-8")
    assert text.count("GIT_CONFIG_GLOBAL=/dev/null") > 50
    assert "hush" not in text
    assert KEY not in text
    assert not set(secrets) & {each.partition("=")[0] for each in text.splitlines()}
    asked = (line.base / "seen.ssh").read_text(encoding="utf-8")
    assert "-oHostName=127.0.0.1" in asked
    assert "-oHostKeyAlias=[git.plant.example]:2222" in asked
    assert "-p 2222" in asked


# -- settings, as git reads them ----------------------------------------------------------

PIECES = (
    "[core]", "[CORE]", "[user]", "[remote \"o\"]", "[remote \"a\\\"b\"]", "[include]", "[filter.x]", "[filter \"x\"]", "[branch \"]\n[core]\"]",
    "[user] name = x", "\n", "\r\n", "\r", "\t", " ", "\\", "\\\n", "\"", "#", ";", "=", "\0", "\f", "\v", "\ufeff", "]", "[",
    "name", "email = a", "url = b", "url = \"c\\\nfsmonitor = x\"", "fsmonitor", "fsmonitor = touch", "FSMONITOR=x", "path = /x", "clean = cat",
    "bare = true", "name = \"a\" b ; c", "[core]fsmonitor=x",
)  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map("".join))
def test_no_setting_is_overlooked_that_git_reads(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Where all names that are listed here are harmless, so are all that git lists."""
    content = text.encode("utf-8", "replace")
    if not all(map(git_folder.is_harmless, git_folder.list_settings(content))):
        return
    file = tmp_path_factory.mktemp("config") / "config"
    file.write_bytes(content)
    names = git(file.parent, "config", "--file", str(file), "--no-includes", "--list", "--name-only", "-z", check=False)
    assert [each for each in names.split("\0") if each and not git_folder.is_harmless(each)] == []


def test_git_itself_writes_only_what_is_understood(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    git(tmp_path, "init", "--quiet", "--template=", str(folder))
    for name, value in {
        "user.name": 'A "quoted" # name\\',
        "user.email": " a ; b ",
        "branch.x.merge": "refs/heads/x",
        "remote.ä b.url": "https://x/\ty",
    }.items():
        git(folder, "config", name, value)
    git_folder.require_plain(folder / ".git")
    git(folder, "config", "filter.lfs.clean", "git-lfs clean -- %f")
    with pytest.raises(Problem, match=r"filter\.lfs\.clean"):
        git_folder.require_plain(folder / ".git")
