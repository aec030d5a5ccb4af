"""No text leads out of the allowed folders, by the rules of Windows as well as of Linux."""

from __future__ import annotations

import ntpath
import posixpath
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given

from engineering_api.files.path_rules import inside, wrong_name
from engineering_api.files.roots import Roots
from openness_bridge.errors import Problem
from tests.engineering_api.files.strategies import hostile

WINDOWS = PureWindowsPath("D:\\ws")
LINUX = PurePosixPath("/srv/ws")
REFUSED = {
    "..": "path.outside_roots",
    "a/../../x": "path.outside_roots",
    "/etc/passwd": "path.outside_roots",
    "a\0b": "path.invalid",
    "": "path.invalid",
    "   ": "path.invalid",
    "NUL": "path.invalid",
    "a/nul.txt": "path.invalid",
    "COM1 .log": "path.invalid",
    "lpt\u00b9": "path.invalid",
    "CONIN$": "path.invalid",
    "a.txt:x": "path.invalid",
    "a.txt::$DATA": "path.invalid",
    "a.": "path.invalid",
    "a ": "path.invalid",
    "...": "path.invalid",
    "a<b": "path.invalid",
    "a\uff0fb": "path.invalid",
    "\uff0e\uff0e/a": "path.invalid",
    "\u2025": "path.invalid",
    "a\u202eb": "path.invalid",
    "a\nb": "path.invalid",
    "\ud800": "path.invalid",
    "x" * 256: "path.invalid",
    "\u00fc" * 128: "path.invalid",
    "x/" * 3000: "path.invalid",
}
"""Texts that both systems refuse."""
ONLY_WINDOWS = {
    "C:\\x": "path.outside_roots",
    "D:\\ws2\\x": "path.outside_roots",
    "\\\\server\\share\\x": "path.outside_roots",
    "//server/share/x": "path.outside_roots",
    "\\x": "path.outside_roots",
    "C:foo": "path.invalid",
    "D:a": "path.invalid",
    "D:": "path.invalid",
    "\\\\?\\D:\\ws\\a": "path.invalid",
    "//./D:/ws/a": "path.invalid",
    "\\??\\D:\\ws\\a": "path.invalid",
    "\\\\?\\UNC\\server\\share": "path.invalid",
}
ONLY_LINUX = dict.fromkeys(
    ("C:\\x", "C:/x", "c:x", "a\\b", "\\\\server\\share", "//server/share", "//?/x"), "path.invalid"
)


@pytest.mark.parametrize(
    ("start", "text", "code"),
    [(start, *case) for start in (WINDOWS, LINUX) for case in REFUSED.items()]
    + [(WINDOWS, *case) for case in ONLY_WINDOWS.items()]
    + [(LINUX, *case) for case in ONLY_LINUX.items()],
)
def test_what_is_refused(start: PureWindowsPath | PurePosixPath, text: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        inside(text, start, [start])
    assert refused.value.code == code
    assert refused.value.message.isprintable()


@pytest.mark.parametrize(
    ("start", "text", "path"),
    [
        (WINDOWS, "a/b.zap20", "D:\\ws\\a\\b.zap20"),
        (WINDOWS, "d:/WS/A", "D:\\ws\\A"),
        (WINDOWS, "..\\WS\\x", "D:\\ws\\x"),
        (WINDOWS, "a\\..\\NUL\\..\\b", "D:\\ws\\b"),
        (LINUX, "a/./b//c", "/srv/ws/a/b/c"),
        (LINUX, "/srv/ws/x", "/srv/ws/x"),
        (LINUX, "\u00dcbung 1 (neu).xml", "/srv/ws/\u00dcbung 1 (neu).xml"),
        (LINUX, "console/nullable.txt", "/srv/ws/console/nullable.txt"),
    ],
)
def test_what_is_a_path(start: PureWindowsPath | PurePosixPath, text: str, path: str) -> None:
    assert str(inside(text, start, [start])) == path


def test_a_folder_of_another_computer_can_be_allowed() -> None:
    share = PureWindowsPath("\\\\plant\\projects")
    assert inside("//PLANT/projects/Line", WINDOWS, [WINDOWS, share]) == share / "Line"
    with pytest.raises(Problem):
        inside("//plant/other/Line", WINDOWS, [WINDOWS, share])


@given(hostile)
def test_no_text_leads_out_of_a_folder_of_windows(text: str) -> None:
    try:
        path = inside(text, WINDOWS, [WINDOWS])
    except Problem:
        return
    assert ntpath.normpath(str(path)) == str(path)
    assert path.parts[:2] == WINDOWS.parts
    assert not ntpath.isreserved(str(path)) if hasattr(ntpath, "isreserved") else not path.is_reserved()
    assert not any(wrong_name(name) for name in path.parts[2:])


@given(hostile)
def test_no_text_leads_out_of_a_folder_of_linux(text: str) -> None:
    try:
        path = inside(text, LINUX, [LINUX])
    except Problem:
        return
    assert posixpath.normpath(str(path)) == str(path)
    assert path.parts[:3] == LINUX.parts
    assert not any(wrong_name(name) for name in path.parts[3:])


@given(hostile)
def test_what_was_answered_is_answered_again(text: str) -> None:
    for start in (WINDOWS, LINUX):
        try:
            path = inside(text, start, [start])
        except Problem:
            continue
        assert inside(str(path), start, [start]) == path


@pytest.mark.skipif(sys.platform == "win32", reason="the rules of Linux")
def test_a_real_folder_has_the_rules_of_its_system(tmp_path: Path) -> None:
    for text in ONLY_LINUX:
        with pytest.raises(Problem) as refused:
            Roots(tmp_path, []).resolve(text)
        assert refused.value.code == "path.invalid"


@given(hostile)
def test_no_text_leads_out_of_a_real_folder(text: str) -> None:
    folder = Path(__file__).parent
    try:
        path = Roots(folder, []).resolve(text)
    except Problem as refused:
        assert refused.code in {"path.invalid", "path.outside_roots"}
        return
    assert path.is_relative_to(folder.resolve())
