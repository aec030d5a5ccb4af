"""Refuses a git folder that could make git run a command, or read another folder.

A repository's own configuration can name commands (core.fsmonitor, filter.*.smudge, core.alternateRefsCommand and many
more, with every version of git), include files, and send git elsewhere. So it may have only settings from a list of
harmless ones, and only in the form that git itself writes; anything else is refused with its name.

Facts: git-config(1), gitrepository-layout(5): objects/info/alternates, commondir, config.worktree.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from openness_bridge.errors import Kind, Place, Problem

LARGEST = 1 << 20
"""Bytes of a configuration that is read."""
_HARMLESS = re.compile(
    r"""
    core\.(?: repositoryformatversion | filemode | bare | logallrefupdates | ignorecase | precomposeunicode | symlinks
            | sharedrepository | autocrlf | eol | safecrlf | compression | longpaths | quotepath | abbrev )
    | user\.(?: name | email )
    | init\.defaultbranch
    | remote\..+\.(?: url | fetch )
    | branch\..+\.(?: remote | merge | rebase | description )
    | receive\.(?: denynonfastforwards | denydeletes | denycurrentbranch )
    | gc\.(?: auto | autopacklimit | pruneexpire )
    | pull\.(?: rebase | ff ) | push\.(?: default | autosetupremote )
    """,
    re.VERBOSE | re.DOTALL,
)
"""Names of settings that neither run a command nor read another file, as git compares them."""
_SECTION = re.compile(r'\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\["\\])*)")?\]')
_SETTING = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(?:=.*[^\\]|=)?", re.DOTALL)
_ENTRIES: dict[str, Callable[[int], bool]] = {
    **dict.fromkeys(("", "objects", "refs", "objects/info", "objects/pack"), stat.S_ISDIR),
    **dict.fromkeys(("HEAD", "config"), stat.S_ISREG),
    **dict.fromkeys(("commondir", "objects/info/alternates", "config.worktree"), lambda _: False),
}
"""Entries of a git folder, and whether their mode is right; a link never is."""


def require_plain(folder: Path) -> None:
    """Refuse a git folder with anything that git must not read. One that does not exist is left to git.

    Raises:
        Problem: `source_control.foreign_configuration` with the setting's name, or `source_control.unsafe_repository`.
    """
    if not os.path.lexists(folder):
        return
    for name, is_right in _ENTRIES.items():
        try:
            mode = (folder / name).lstat().st_mode
        except FileNotFoundError:
            continue
        if not is_right(mode):
            raise _build_problem(folder / name, "is not what a git folder has there, or leads git to files elsewhere")
    try:
        with (folder / "config").open("rb") as file:
            text = file.read(LARGEST + 1)
    except FileNotFoundError:
        return
    for name in list_settings(text):
        if not is_harmless(name):
            msg = (
                f"The repository's configuration has '{name[:80]}', which this service does not use, because such a setting can "
                f"run a command or read another file: delete it from '{folder / 'config'}'."
            )
            raise Problem(
                "source_control.foreign_configuration",
                msg,
                kind=Kind.CONFLICT,
                place=Place(path=str(folder / "config")),
            )


def require_no_links(folder: Path) -> None:
    """Refuse a git folder that has a link at any depth.

    Raises:
        Problem: `source_control.unsafe_repository`.
    """
    for inner, folders, files in os.walk(folder):
        for path in (Path(inner) / name for name in (*folders, *files)):
            if path.is_symlink():
                raise _build_problem(path, "is a link")


def is_harmless(name: str) -> bool:
    """Return whether a setting may be in a repository, by its name as git compares it."""
    return _HARMLESS.fullmatch(name) is not None


def list_settings(content: bytes) -> Iterator[str]:
    """Yield the names of all settings of a configuration, as git compares them; a line of another form is its own name.

    Only one section or setting in a line is understood, without a continuation: any text that git may read differently is no name
    of the list.
    """
    if len(content) > LARGEST or b"\0" in content:
        yield f"more than {LARGEST} bytes, or a NUL character"
        return
    section = ""
    for line in (each.strip(" \t\r") for each in content.decode("latin-1").split("\n")):
        if not line or line[0] in "#;":
            continue
        if found := _SECTION.fullmatch(line):
            sub = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else None
            section = found[1].lower() + (f".{sub}" if sub is not None else "")
        elif section and (found := _SETTING.fullmatch(line)):
            yield f"{section}.{found[1].lower()}"
        else:
            yield repr(line)


def _build_problem(path: Path, why: str) -> Problem:
    msg = f"'{path}' {why}, and this service uses no such repository."
    return Problem("source_control.unsafe_repository", msg, kind=Kind.CONFLICT, place=Place(path=str(path)))
