"""Runs one program as Python would, and returns its exit code."""

from __future__ import annotations

import runpy
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from fake_dotnet.errors import NetException
from fake_openness.hosting.ledger import OURS

UNCAUGHT = 1
_LOADERS = ("runpy", "importlib", "_frozen_importlib")


def run(program: str, arguments: Sequence[str], errors: TextIO, *, as_module: bool = False) -> int:
    """Run a program with its arguments; returns its exit code.

    Args:
        program: The file of a script, or a folder with __main__.py; the name of a module where as_module is given.
        arguments: What it finds in sys.argv after its own name.
        errors: Gets the traceback of an exception that it does not catch.
        as_module: Whether the program is a module.
    """
    with _surroundings(program, arguments, as_module=as_module):
        try:
            if as_module:
                runpy.run_module(program, run_name="__main__", alter_sys=True)
            else:
                runpy.run_path(program, run_name="__main__")
        except SystemExit as ended:
            return _code(ended, errors)
        except Exception as error:  # noqa: BLE001 - the program's own exceptions, of any type
            _print(error, errors)
            return UNCAUGHT
    return 0


@contextmanager
def _surroundings(program: str, arguments: Sequence[str], *, as_module: bool) -> Iterator[None]:
    """Set sys.argv and sys.path as Python does for a program."""
    folder = Path.cwd() if as_module else Path(program).absolute()
    folder = folder if folder.is_dir() else folder.parent
    argv, path = sys.argv, list(sys.path)
    sys.argv, sys.path[:0] = [program, *arguments], [str(folder)]
    try:
        yield
    finally:
        sys.argv, sys.path[:] = argv, path


def _code(ended: SystemExit, errors: TextIO) -> int:
    """Return the exit code, as Python decides it: a text is printed and means 1."""
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    errors.write(f"{ended.code}\n")
    return UNCAUGHT


def _print(error: Exception, errors: TextIO) -> None:
    """Print a traceback with the lines of the program only."""
    shown = traceback.TracebackException(type(error), error, error.__traceback__)
    each: traceback.TracebackException | None = shown
    raised: BaseException | None = error
    while each is not None and raised is not None:
        own = [_is_own(frame) for frame, _ in traceback.walk_tb(raised.__traceback__)]
        each.stack = traceback.StackSummary.from_list(
            [line for line, is_own in zip(each.stack, own, strict=False) if is_own]
        )
        raised, each = (
            (raised.__cause__, each.__cause__)
            if raised.__cause__ is not None
            else (raised.__context__, each.__context__)
        )
    kind = type(error)
    named = str(error.GetType()) if isinstance(error, NetException) else ""
    text = "".join(shown.format())
    errors.write(text.replace(f"{kind.__module__}.{kind.__qualname__}", named) if named else text)


def _is_own(frame: FrameType) -> bool:
    package = str(frame.f_globals.get("__name__")).partition(".")[0]
    return package not in (*OURS, *_LOADERS) and "<frozen" not in frame.f_code.co_filename
