"""No client makes a folder that git takes for a repository: by uploads, archives or names, in any order and spelling."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.cli.everyday.objects import safe_name
from engineering_api.files.archives import unpack
from engineering_api.files.git_names import counterparts, find_git_folder, is_git_name
from engineering_api.files.roots import Roots
from fake_openness.core.store import file_name
from openness_bridge.errors import Problem
from tests.engineering_api.files.strategies import packed
from tests.support.service import Client

SPELLINGS = (
    ".git", ".GIT", ".Git", ".git.", ".git ", ".git . .", "git~1", "GIT~1", "git~12", ".git::$INDEX_ALLOCATION", ".git:x",
    ".g\u200cit", "\u200d.git", ".gi\u2060t", "\ufeff.git", ".\u00adgit", "\uff0egit", ".\uff27IT", ".git.ap20", "a/.git/b", "a\\.git\\b",
)  # fmt: skip
HARMLESS = (
    ".gitignore",
    ".gitattributes",
    ".github",
    "git",
    "agit~1",
    "x.git",
    "line.git",
    "..git",
    "Digit",
    ".gitlab-ci.yml",
)
HEADS, PARTS = ("HEAD", "head", "HEAD"), ("objects", "OBJECTS", "refs", "commondir", "objects")


@pytest.mark.parametrize("name", SPELLINGS)
def test_names_that_some_file_system_takes_for_git(name: str) -> None:
    assert is_git_name(name)
    assert find_git_folder([f"x/{name}/config"])


@pytest.mark.parametrize("name", HARMLESS)
def test_other_names(name: str) -> None:
    assert not is_git_name(name)
    assert find_git_folder([f"{name}/config", f"x/{name}"]) == ""


def test_entries_that_make_a_git_folder() -> None:
    assert find_git_folder(["a/HEAD", "a/x", "a/objects/pack/x"]) == "a/objects/pack/x"
    assert find_git_folder(["a/objects/", "a/HEAD"]) == "a/HEAD"
    assert find_git_folder(["a\\commondir", "a\\HEAD"]) == "a\\HEAD"
    assert find_git_folder(["a/HEAD", "b/objects/x", "a/HEAD.xml", "HEAD/refs/x"]) == ""
    assert find_git_folder(["a/HEAD/x.xml", "a/objects/y.xml"]) == "", "a folder is no HEAD"
    assert [counterparts(name) for name in ("x", "HEAD", "Refs")] == [(), ("objects", "refs", "commondir"), ("HEAD",)]


names = st.sampled_from((*SPELLINGS, *HARMLESS, *HEADS, *PARTS, "a", "config", "info"))
paths = st.lists(st.lists(names, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8)


def require_no_repository(folder: Path) -> None:
    """Git itself finds none, and no name is git's."""
    for inner, folders, files in os.walk(folder):
        assert not [each for each in (*folders, *files) if is_git_name(each)]
        if {"HEAD", "head"} & {*files}:
            found = subprocess.run(["git", "rev-parse", "--resolve-git-dir", inner], capture_output=True, check=False)
            assert found.returncode != 0, inner
            assert not {"objects", "refs"} & {*folders} or "HEAD" not in files


@given(paths)
def test_no_uploads_make_a_repository(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    base = tmp_path_factory.mktemp("ws")
    roots = Roots(base, [])
    for text in texts:
        try:
            roots.write(roots.new(text, overwrite=True), b"ref: refs/heads/main\n")
        except (Problem, OSError):
            continue
    require_no_repository(base)


@given(paths)
def test_no_folder_that_was_checked_before_makes_a_repository(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """All paths are checked first, as by uploads at the same time, and written then."""
    base = tmp_path_factory.mktemp("ws")
    roots = Roots(base, [])
    checked = []
    for text in texts:
        try:
            checked.append(roots.resolve(text))
        except Problem:
            continue
    for path in checked:
        try:
            with roots.hold(path.parent, make=True):
                roots.write(path, b"ref: refs/heads/main\n")
        except (Problem, OSError):
            continue
    require_no_repository(base)


@given(paths)
def test_no_archive_makes_a_repository(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    base = tmp_path_factory.mktemp("ws")
    roots = Roots(base, [])
    (base / "in.zip").write_bytes(packed(*((each, b"ref: refs/heads/main\n") for each in dict.fromkeys(texts))))
    try:
        unpack(roots, base / "in.zip", base / "out")
    except Problem as refused:
        assert refused.code == "archive.hostile"
        assert not (base / "out").exists()
    require_no_repository(base)


def test_a_link_leads_into_no_git_folder(tmp_path: Path) -> None:
    (tmp_path / "r" / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "r" / ".git")
    with pytest.raises(Problem) as refused:
        Roots(tmp_path, []).resolve("link/config")
    assert refused.value.code == "path.invalid"


def special(name: str, mode: int) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.create_system, found.external_attr = 3, mode << 16
    return found


@pytest.mark.parametrize(
    "mode", [0o104755, 0o102755, 0o106755, 0o020666, 0o060666, 0o010666, 0o140666, 0o120777], ids=oct
)
def test_entries_that_are_no_plain_files(tmp_path: Path, mode: int) -> None:
    (tmp_path / "in.zip").write_bytes(packed((special("a", mode), b"x")))
    with pytest.raises(Problem) as refused:
        unpack(Roots(tmp_path, []), tmp_path / "in.zip", tmp_path / "out")
    assert refused.value.code == "archive.hostile"


def test_no_mode_of_an_archive_is_used(tmp_path: Path) -> None:
    (tmp_path / "in.zip").write_bytes(packed((special("f/", 0o042777), b""), (special("f/a", 0o100777), b"x")))
    unpack(Roots(tmp_path, []), tmp_path / "in.zip", tmp_path / "out")
    assert (tmp_path / "out" / "f").stat().st_mode & 0o2000 == 0
    assert (tmp_path / "out" / "f" / "a").stat().st_mode & 0o111 == 0


def test_levels_of_an_archive_have_a_limit(tmp_path: Path) -> None:
    (tmp_path / "in.zip").write_bytes(packed(("/".join("d" * 64), b"x")))
    unpack(Roots(tmp_path, []), tmp_path / "in.zip", tmp_path / "ok")
    (tmp_path / "in.zip").write_bytes(packed(("/".join("d" * 400), b"x")))
    with pytest.raises(Problem, match="400 levels of folders, 64 are allowed") as refused:
        unpack(Roots(tmp_path, []), tmp_path / "in.zip", tmp_path / "out")
    assert (refused.value.code, refused.value.limit, refused.value.value) == ("archive.too_large", 64, 400)


# -- over HTTP ----------------------------------------------------------------------------


def test_no_route_takes_such_a_name(client: Client) -> None:
    for name in (each for each in SPELLINGS if "/" not in each and "\\" not in each):
        assert client.http.put(f"/api/files/x/{name}/config", content=b"x").status_code == 400
        assert client.http.post("/api/files", params={"path": f"x/{name}"}, content=b"x").status_code == 400
        for body in ({"name": name}, {"name": name, "targetDirectory": "y"}, {"name": "P", "targetDirectory": name}):
            for route in ("/api/projects/actions/create-sync", "/api/libraries/global"):
                answer = client.http.post(route, json=body)
                assert (answer.status_code, answer.json()["error"]["code"]) == (400, "path.invalid"), answer.text
    assert not list(client.http.app.state.service.roots.workspace.rglob("*"))


@pytest.mark.parametrize("route", ["/api/files/actions/unpack", "/api/projects/actions/create-from-archive-sync"])
def test_no_archive_brings_a_repository(client: Client, workspace: Path, route: str) -> None:
    for entries in (
        (".git/config",),
        ("UserFiles/HEAD", "UserFiles/objects/x"),
        (".git.ap20",),
        ("UserFiles/GIT~1/hooks/x",),
    ):
        with io.BytesIO() as file:
            with zipfile.ZipFile(file, "w") as archive:
                for name in ("P.ap20", *entries):
                    archive.writestr(name, b"x")
            (workspace / "in.zap20").write_bytes(file.getvalue())
        client.refused(422, "archive.hostile", "POST", route, {"archivePath": "in.zap20", "targetDirectory": "out"})
    assert not (workspace / "out").exists()


@pytest.mark.parametrize("name", [each for each in SPELLINGS if "/" not in each and "\\" not in each])
def test_names_of_objects_become_other_names_of_files(name: str) -> None:
    assert not is_git_name(safe_name(name))
    assert not is_git_name(file_name(name))
