"""Python's own functions for files, where a program gives them a Windows path on a computer without drives.

The functions of the modules os, io and builtins below get the mapped path, those of os.path split and join Windows paths as
Windows does. Other paths, libraries that open files themselves, and pathlib's names and parents are not changed.
"""

from __future__ import annotations

import builtins
import io
import ntpath
import os
import posixpath
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from fake_dotnet.drives import Drives

_OF_FILES = (
    *((os, name) for name in ("stat", "lstat", "mkdir", "makedirs", "listdir", "scandir", "remove", "unlink", "rmdir")),
    *((os, name) for name in ("access", "open", "chmod", "utime", "rename", "replace")),
    (io, "open"),
    (builtins, "open"),
)
_NAMED = ("path", "file", "name", "src", "dst")
"""The parameters of these functions that are paths."""
_OF_NAMES = ("join", "split", "dirname", "basename", "splitext", "isabs", "abspath", "normpath", "realpath")
_VARIABLES = {
    "ProgramFiles": r"C:\Program Files",
    "ProgramFiles(x86)": r"C:\Program Files (x86)",
    "ProgramData": r"C:\ProgramData",
    "PROGRAMFILES": r"C:\Program Files",
    "PROGRAMDATA": r"C:\ProgramData",
    "USERPROFILE": r"C:\Users\engineer",
    "APPDATA": r"C:\Users\engineer\AppData\Roaming",
    "LOCALAPPDATA": r"C:\Users\engineer\AppData\Local",
}


@contextmanager
def mapped(drives: Drives) -> Iterator[None]:
    """Map the paths of drives within the block."""
    kept = [(module, name, getattr(module, name)) for module, name in _OF_FILES]
    kept += [(posixpath, name, getattr(posixpath, name)) for name in _OF_NAMES]
    added = [name for name in _VARIABLES if name not in os.environ]
    for module, name, function in kept:
        windows = getattr(ntpath, name) if module is posixpath else None
        setattr(module, name, _named(function, windows) if windows else _at(drives, function))
    os.environ.update({name: _VARIABLES[name] for name in added})
    try:
        yield
    finally:
        for module, name, function in kept:
            setattr(module, name, function)
        for name in added:
            os.environ.pop(name, None)


def _at(drives: Drives, function: Callable[..., Any]) -> Callable[..., Any]:
    def place(value: Any) -> Any:
        text = os.fspath(value) if isinstance(value, str | os.PathLike) else value
        found = drives.local(text) if isinstance(text, str) else text
        return value if found == text else found

    many = 2 if function in (os.rename, os.replace) else 1
    makes_parents = function is os.mkdir

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        places = [place(each) for each in args[:many]]
        kwargs |= {name: place(kwargs[name]) for name in _NAMED if name in kwargs}
        if makes_parents and places and places[0] is not args[0]:
            os.makedirs(os.path.dirname(places[0]), exist_ok=True)  # noqa: PTH103, PTH120 - Path would come here again
        return function(*places, *args[many:], **kwargs)

    return call


def _named(function: Callable[..., Any], windows: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        text = os.fspath(args[0]) if args and isinstance(args[0], str | os.PathLike) else None
        used = windows if isinstance(text, str) and ntpath.splitdrive(text)[0][1:] == ":" else function
        return used(*args, **kwargs)

    return call
