"""No text leads out of the allowed folders, by the rules of Windows as well as of Linux."""

from __future__ import annotations

import ntpath
import posixpath
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given

from engineering_api.files.path_rules import inside, quote, wrong_name
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
    "\u20ac" * 86: "path.invalid",
    "x/" * 2048 + "x": "path.invalid",
    "a/.git": "path.invalid",
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


@pytest.mark.parametrize(("start", "more"), [(WINDOWS, ONLY_WINDOWS), (LINUX, ONLY_LINUX)], ids=["windows", "linux"])
def test_what_is_refused(start: PureWindowsPath | PurePosixPath, more: dict[str, str]) -> None:
    expected = REFUSED | more
    assert {text: refusal(text, start).code for text in expected} == expected
    assert all(refusal(text, start).message.isprintable() for text in expected)


def test_a_path_of_another_system_is_named() -> None:
    for start, text, reason in (
        (LINUX, "a\\b", "is a Windows path"),
        (LINUX, "c:/x", "is a Windows path"),
        (LINUX, "//server/share", "names another computer"),
        (WINDOWS, "D:a", "depends on the current folder of the drive"),
    ):
        assert reason in refusal(text, start).message


def refusal(text: str, start: PureWindowsPath | PurePosixPath) -> Problem:
    with pytest.raises(Problem) as refused:
        inside(text, start, [start])
    return refused.value


def test_a_refusal_shows_the_beginning_of_a_long_text_and_what_cannot_be_printed() -> None:
    for text, shown in {
        "a\nb": "'a\\u000ab'",
        "x" * 80 + "/..\0": f"'{'x' * 80}...'",
        "\0" + "x" * 79: f"'\\u0000{'x' * 79}'",
    }.items():
        assert quote(text) == shown
        assert refusal(text, LINUX).place.path == shown
    assert quote("x" * 81) == f"'{'x' * 80}...'"


def test_what_is_a_path() -> None:
    paths: dict[tuple[PureWindowsPath | PurePosixPath, str], str] = {
        (WINDOWS, "a/b.zap20"): "D:\\ws\\a\\b.zap20",
        (WINDOWS, "d:/WS/A"): "D:\\ws\\A",
        (WINDOWS, "..\\WS\\x"): "D:\\ws\\x",
        (WINDOWS, "a\\..\\NUL\\..\\b"): "D:\\ws\\b",
        (WINDOWS, "D:\\..\\ws\\a"): "D:\\ws\\a",
        (WINDOWS, "."): "D:\\ws",
        (LINUX, "a/./b//c"): "/srv/ws/a/b/c",
        (LINUX, "/srv/ws/x"): "/srv/ws/x",
        (LINUX, "/../srv/ws/x"): "/srv/ws/x",
        (LINUX, "\u00dcbung 1 (neu).xml"): "/srv/ws/\u00dcbung 1 (neu).xml",
        (LINUX, "console/nullable.txt"): "/srv/ws/console/nullable.txt",
        (LINUX, ".a..b.c"): "/srv/ws/.a..b.c",
        (LINUX, "com.txt"): "/srv/ws/com.txt",
        **{(LINUX, longest): f"/srv/ws/{longest}" for longest in ("x" * 255, "\u00fc" * 127, "\u20ac" * 85)},
        (LINUX, "x/" * 2047 + "xx"): "/srv/ws/" + "x/" * 2047 + "xx",
    }
    assert {(start, text): str(inside(text, start, [start])) for start, text in paths} == paths


def test_why_a_text_cannot_be_a_name() -> None:
    reasons = {
        "": "empty",
        ".": "empty",
        "..": "empty",
        ". .": "empty",
        "\u2024": "empty",
        "a\u2028": "control",
        "a\x7f": "control",
        "a:*": "it has * :, or",
        "a\u2236": "it has :, or",
        "a.": "ends with",
        "a ": "ends with",
        "AUX": "device",
        "aux .x.y": "device",
        ".git": "git",
        "x" * 256: "longer than 255",
        "\U0001f600" * 64: "longer than 255",
    }
    assert {name: text in wrong_name(name) for name, text in reasons.items()} == dict.fromkeys(reasons, True)
    assert [wrong_name(name) for name in ("a", "a.b", "auxiliary", "\U0001f600" * 63)] == [""] * 4


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
