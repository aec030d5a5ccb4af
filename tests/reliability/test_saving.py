"""The stand-in saves a project so that neither a full disk nor a power cut at any step leaves less than what was saved."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.store import MANIFEST, STAGING, Store

OLD = {"a/one.xml": b"one", "a/two.xml": b"two", "b/three.xml": b"three", "keep.xml": b"same"}
NEW = {"a/one.xml": b"ONE ONE", "c/d/four.xml": b"four", "b/three.xml": b"THREE", "keep.xml": b"same"}
"""The file a/two.xml goes, a folder comes."""
CALLS = (
    (Path, "write_bytes"),
    (Path, "write_text"),
    (Path, "replace"),
    (Path, "mkdir"),
    (Path, "unlink"),
    (os, "fsync"),
    (os, "open"),
    (shutil, "rmtree"),
)


class Disk:
    """Counts what is asked of the disk, and refuses one of it; a write that is refused has written half."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refused: int, number: int = errno.ENOSPC) -> None:
        self.count, self._refused, self._number = 0, refused, number
        for owner, name in CALLS:
            monkeypatch.setattr(owner, name, self._watched(name, getattr(owner, name)))

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self._refused:
                if name == "write_bytes":
                    original(given[0], given[1][: len(given[1]) // 2])
                raise OSError(self._number, os.strerror(self._number))
            return original(*given, **named)

        return call


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def prepared(folder: Path) -> Store:
    """A saved project with changes that are not saved."""
    store = Store(folder)
    for path, content in OLD.items():
        store.put(path, content)
    store.save()
    store.delete("a/two.xml")
    for path, content in NEW.items():
        store.put(path, content)
    return store


def steps(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """How much a saving asks of the disk."""
    store = prepared(folder)
    with monkeypatch.context() as patch:
        disk = Disk(patch, 0)
        store.save()
    return disk.count


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, *(pytest.param(each, marks=pytest.mark.slow) for each in (errno.EIO, errno.EROFS))]
)
def test_a_disk_that_refuses_any_step_leaves_the_old_or_the_new_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    count = steps(monkeypatch, tmp_path / "count")
    assert count > 15
    found = set()
    for step in range(1, count + 1):
        store = prepared(tmp_path / f"{step}")
        with monkeypatch.context() as patch:
            Disk(patch, step, number)
            with pytest.raises(EngineeringTargetInvocationException):
                store.save()
        copy = Path(shutil.copytree(tmp_path / f"{step}", tmp_path / f"{step}-reopened"))
        Store(copy)
        state = contents(copy)
        assert state in (OLD, NEW), step
        found.add(state == NEW)
        assert {path: store.get(path) for path in NEW} == NEW
        store.save()
        assert contents(tmp_path / f"{step}") == NEW, step
    assert found == {True, False}


def test_a_folder_that_cannot_be_copied_leaves_the_project_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = prepared(tmp_path / "here")
    with monkeypatch.context() as patch:
        disk = Disk(patch, 12)
        with pytest.raises(EngineeringTargetInvocationException):
            store.save_as(tmp_path / "there")
    assert disk.count >= 12
    assert (store.folder, (tmp_path / "there").exists()) == (tmp_path / "here", False)
    store.save()
    assert contents(tmp_path / "here") == NEW


@pytest.mark.skipif(sys.platform != "linux", reason="names of descriptors are read from /proc")
def test_each_step_is_on_the_disk_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, told = prepared(tmp_path), list[tuple[str, str]]()

    def name(path: Path) -> str:
        return path.relative_to(tmp_path).as_posix()

    def watch(owner: Any, which: str, tell: Callable[..., str]) -> None:
        original = getattr(owner, which)

        def call(*given: Any, **named: Any) -> Any:
            result = original(*given, **named)
            told.append((which, tell(*given)))
            return result

        monkeypatch.setattr(owner, which, call)

    watch(Path, "write_bytes", lambda path, _: name(path))
    watch(Path, "write_text", lambda path, *_: name(path))
    watch(Path, "replace", lambda _, target: name(target))
    watch(os, "fsync", lambda descriptor: name(Path(f"/proc/self/fd/{descriptor}").readlink()))
    watch(shutil, "rmtree", lambda path: name(path))
    store.save()
    published = told.index(("replace", f"{STAGING}/{MANIFEST}"))
    before, after = told[:published], told[published + 1 :]
    written = {path for call, path in before if call.startswith("write")}
    assert len(written) == len(set(NEW) - {"keep.xml"}) + 1
    for path in written:
        assert before.index(("fsync", path)) > max(
            n for n, (call, each) in enumerate(before) if each == path and call[0] == "w"
        )
    for folder in (STAGING, "System", "."):
        assert before.index(("fsync", folder)) > max(
            n for n, (call, _) in enumerate(before) if call.startswith("write")
        )
    assert after[0] == ("fsync", STAGING)
    moved = max(n for n, (call, _) in enumerate(after) if call == "replace")
    assert {path for call, path in after[moved:-1] if call == "fsync"} == {".", "a", "b", "c", "c/d"}
    assert after[-1] == ("rmtree", STAGING)
