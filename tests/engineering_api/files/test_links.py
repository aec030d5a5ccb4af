"""Links: those that lead out, those that lead in a circle, and those that are made after the path was checked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engineering_api.files import guarded
from engineering_api.files.roots import Roots
from openness_bridge.errors import Problem


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text("of somebody else")
    return folder


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    folder = tmp_path / "ws" / "inner"
    folder.mkdir(parents=True)
    (folder / "secret.txt").write_text("mine")
    return folder


@pytest.fixture
def roots(inner: Path) -> Roots:
    return Roots(inner.parent, [])


def swapped(folder: Path, outside: Path) -> None:
    """Put a link in a folder's place."""
    folder.rename(folder.with_name("before"))
    folder.symlink_to(outside)


def test_a_link_out_of_the_folder_is_refused(roots: Roots, inner: Path, outside: Path) -> None:
    (inner / "link").symlink_to(outside)
    for use in (roots.resolve, roots.existing, roots.read, roots.new):
        with pytest.raises(Problem) as refused:
            use("inner/link/secret.txt")
        assert refused.value.code == "path.outside_roots"


def test_a_link_within_the_folder_is_followed(roots: Roots, inner: Path) -> None:
    (inner.parent / "also").symlink_to(inner)
    assert roots.read("also/secret.txt") == b"mine"


def test_a_link_to_itself_is_no_path(roots: Roots, inner: Path) -> None:
    (inner / "circle").symlink_to(inner / "circle")
    with pytest.raises(Problem) as refused:
        roots.resolve("inner/circle/x")
    assert refused.value.code == "path.invalid"
    assert not roots.allows(inner / "circle")


def test_a_folder_that_becomes_a_link_after_the_check_is_not_read(roots: Roots, inner: Path, outside: Path) -> None:
    path = roots.existing("inner/secret.txt")
    swapped(inner, outside)
    with pytest.raises(Problem) as refused:
        roots.opened(path)
    assert refused.value.code == "path.outside_roots"


def test_a_file_that_becomes_a_link_after_the_check_is_not_read(roots: Roots, inner: Path, outside: Path) -> None:
    path = roots.existing("inner/secret.txt")
    path.unlink()
    path.symlink_to(outside / "secret.txt")
    with pytest.raises(Problem) as refused:
        roots.opened(path)
    assert refused.value.code == "path.outside_roots"


def test_a_folder_that_becomes_a_link_after_the_check_is_not_written_to(
    roots: Roots, inner: Path, outside: Path
) -> None:
    path = roots.new("inner/new.txt")
    swapped(inner, outside)
    with pytest.raises(Problem):
        roots.write(path, b"x")
    assert sorted(outside.iterdir()) == [outside / "secret.txt"]


def test_a_file_that_is_a_link_is_replaced_and_not_what_it_leads_to(roots: Roots, inner: Path, outside: Path) -> None:
    path = roots.new("inner/new.txt")
    path.symlink_to(outside / "secret.txt")
    roots.write(path, b"x")
    assert path.read_bytes() == b"x"
    assert (outside / "secret.txt").read_text() == "of somebody else"


def test_no_folder_is_made_behind_a_link(roots: Roots, inner: Path, outside: Path) -> None:
    root, folder = inner.parent, inner / "a" / "b"
    swapped(inner, outside)
    with pytest.raises(Problem), guarded.hold(root, folder, make=True):
        pass
    assert not (outside / "a").exists()


def test_where_folders_cannot_be_held_what_was_opened_is_compared(
    roots: Roots, inner: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "RELATIVE", False)
    assert roots.read("inner/secret.txt") == b"mine"
    path = roots.existing("inner/secret.txt")
    assert roots.write(roots.new("inner/more/new.txt"), b"12") == 2
    path.unlink()
    path.symlink_to(outside / "secret.txt")
    with pytest.raises(Problem):
        roots.opened(path)
    swapped(inner, outside)
    with pytest.raises(Problem):
        roots.opened(path)


def test_a_file_system_without_hard_links_is_served(roots: Roots, inner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    with roots.hold(inner) as folder:
        for name in ("draft", "another"):
            folder.create(name).close()
        folder.publish("draft", "new.txt", overwrite=False)
        with pytest.raises(FileExistsError):
            folder.publish("another", "new.txt", overwrite=False)
    assert sorted(path.name for path in inner.iterdir()) == ["another", "new.txt", "secret.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file_and_nobody_waits_for_it(roots: Roots, inner: Path) -> None:
    os.mkfifo(inner / "pipe")
    with pytest.raises(Problem):
        roots.opened(inner / "pipe")
    with pytest.raises(Problem) as refused:
        roots.read("inner/pipe")
    assert refused.value.code == "file.not_found"
