"""Hostile archives are refused, and nothing of them is left."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.files.archives import Limits, require_harmless, unpack
from engineering_api.files.roots import Roots
from openness_bridge.errors import Problem
from tests.engineering_api.files.strategies import hostile, packed

SMALL = Limits(entries=20, unpacked=100_000, single=60_000, ratio=20, free=10_000)


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    (tmp_path / "ws").mkdir()
    return Roots(tmp_path / "ws", [])


def link(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.create_system, found.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return found


def one_that_lies() -> bytes:
    """An archive whose file says that it has one byte, and has many."""
    content = bytearray(packed(("a.txt", b"x" * 5000)))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        content[content.index(mark) + offset : content.index(mark) + offset + 4] = struct.pack("<I", 1)
    return bytes(content)


def with_a_password() -> bytes:
    content = bytearray(packed(("a.txt", b"x")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


HOSTILE = {
    "climbs": (packed(("../x", b"")), "archive.hostile"),
    "climbs later": (packed(("a/../../x", b"")), "archive.hostile"),
    "climbs with backslashes": (packed(("a\\..\\..\\x", b"")), "archive.hostile"),
    "absolute": (packed(("/etc/x", b"")), "archive.hostile"),
    "absolute on Windows": (packed(("C:\\x", b"")), "archive.hostile"),
    "another computer": (packed(("\\\\server\\share\\x", b"")), "archive.hostile"),
    "alternate stream": (packed(("a.txt:x", b"")), "archive.hostile"),
    "device": (packed(("sub/NUL.txt", b"")), "archive.hostile"),
    "trailing dot": (packed(("a.", b"")), "archive.hostile"),
    "empty name": (packed(("a//b", b"")), "archive.hostile"),
    "link": (packed((link("a"), b"/etc/passwd")), "archive.hostile"),
    "link as a folder": (packed((link("a"), b"/etc"), ("a/x", b"")), "archive.hostile"),
    "twice by case": (packed(("A.txt", b""), ("a.TXT", b"")), "archive.hostile"),
    "twice by normal form": (packed(("\u00e9", b""), ("e\u0301", b"")), "archive.hostile"),
    "file and folder": (packed(("a", b""), ("a/b", b"")), "archive.hostile"),
    "folder and file": (packed(("a/b", b""), ("a", b"")), "archive.hostile"),
    "password": (with_a_password(), "archive.encrypted"),
    "too many": (packed(*((f"{n}", b"") for n in range(21))), "archive.too_large"),
    "too much": (packed(*((f"{n}", bytes(range(256)) * 200) for n in range(3))), "archive.too_large"),
    "one too large": (packed(("a", bytes(range(256)) * 300)), "archive.too_large"),
    "bomb": (packed(("a", bytes(50_000))), "archive.too_large"),
    "cut off": (packed(("a", b"x" * 50))[:-30], "archive.damaged"),
    "no archive": (b"MZ" * 40, "archive.damaged"),
    "lies": (one_that_lies(), "archive.damaged"),
}


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_archives_are_refused_and_nothing_is_left(roots: Roots, content: bytes, code: str) -> None:
    source = roots.workspace / "in.zip"
    source.write_bytes(content)
    before = set(roots.workspace.parent.rglob("*"))
    with pytest.raises(Problem) as refused:
        unpack(roots, source, roots.workspace / "out", SMALL)
    assert refused.value.code == code
    assert refused.value.message.isprintable()
    assert set(roots.workspace.parent.rglob("*")) == before


def test_an_archive_is_unpacked_as_it_is(roots: Roots) -> None:
    source = roots.workspace / "in.zip"
    source.write_bytes(packed(("Line/Line.ap20", b"1"), ("Line/devices/", b""), ("Line\\tags\\\u00fc.xml", b"22")))
    (roots.workspace / "out").mkdir()
    done = unpack(roots, source, roots.workspace / "out")
    assert (done.files, done.size) == (2, 3)
    assert (roots.workspace / "out" / "Line" / "tags" / "\u00fc.xml").read_bytes() == b"22"
    assert (roots.workspace / "out" / "Line" / "devices").is_dir()
    with pytest.raises(Problem) as refused:
        unpack(roots, source, roots.workspace / "out")
    assert refused.value.code == "folder.exists"


def test_what_is_no_zip_is_left_to_who_unpacks_it() -> None:
    require_harmless(io.BytesIO(b"7z\xbc\xaf"), "old.zap13")


@given(st.lists(hostile.map(lambda each: each.replace("\0", "").encode("utf-8", "replace").decode()), max_size=4))
def test_no_entry_is_written_outside(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    base = tmp_path_factory.mktemp("zip")
    (base / "ws").mkdir()
    roots = Roots(base / "ws", [])
    source = roots.workspace / "in.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name in dict.fromkeys(names):
            archive.writestr(zipfile.ZipInfo(name or "empty"), b"x")
    try:
        unpack(roots, source, roots.workspace / "out")
    except Problem as refused:
        assert refused.code == "archive.hostile"
        assert set(base.rglob("*")) == {base / "ws", source}
    else:
        outside = {path for path in base.rglob("*") if not path.is_relative_to(base / "ws" / "out")}
        assert outside == {base / "ws", source}
