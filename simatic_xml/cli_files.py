"""Files of the command line: folders, standard input and output, and their errors."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from simatic_xml.errors import SimaticMLError
from simatic_xml.files import load
from simatic_xml.model import Document

FINE, FOUND, USAGE, UNREADABLE = 0, 1, 2, 3
"""Exit codes."""

STANDARD = "-"
"""Standard input or output in place of a file."""

SCL_SUFFIXES = frozenset({".scl", ".db", ".udt"})


class UsageError(Exception):
    """Arguments that do not go together."""


def complain(place: str, message: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write(f"{place}: {message}\n")


def each_file(names: Sequence[str], suffixes: frozenset[str], action: Callable[[str], int]) -> int:
    """Run an action on every file, also of folders; one that fails does not stop the others.

    Args:
        names: Files, folders, or ``-``.
        suffixes: What is taken from folders.
        action: What to do; it returns the exit code for its file.

    Returns:
        The exit code for all: that of the worst file.
    """
    return max((run_and_report(name, action) for name in _expand(names, suffixes)), default=FINE)


def run_and_report(name: str, action: Callable[[str], int]) -> int:
    """Run an action on a file, and report the error if it fails."""
    try:
        return action(name)
    except SimaticMLError as error:
        complain(name, f"{error} [{error.code}]")
        return FOUND if error.code == "version" else UNREADABLE
    except BrokenPipeError:
        raise
    except OSError as error:
        complain(name, f"{error.strerror or error}.")
        return UNREADABLE


def _expand(names: Sequence[str], suffixes: frozenset[str]) -> Iterator[str]:
    for name in names:
        if name != STANDARD and Path(name).is_dir():
            found = sorted(path for path in Path(name).rglob("*") if path.suffix.lower() in suffixes)
            yield from (str(path) for path in found if path.is_file())
        else:
            yield name


def content_of(name: str) -> bytes:
    """Return the bytes of a file or of standard input."""
    return sys.stdin.buffer.read() if name == STANDARD else Path(name).read_bytes()


def document_of(name: str) -> Document:
    """Return the document in a file or in standard input."""
    return load(content_of(name))


def is_scl(name: str) -> bool:
    """Return whether a file is an SCL source, by its name."""
    return Path(name).suffix.lower() in SCL_SUFFIXES


def write_bytes(name: str, content: bytes) -> None:
    """Write a file as a whole or not at all, or to standard output."""
    if name == STANDARD:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    target = Path(name)
    written = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        written.write_bytes(content)
        if target.exists():
            written.chmod(target.stat().st_mode)
        written.replace(target)
    except OSError:
        written.unlink(missing_ok=True)
        raise


def write_text(name: str, text: str) -> None:
    """Write text as UTF-8 to a file or to standard output."""
    if name == STANDARD:
        sys.stdout.write(text)
    else:
        write_bytes(name, text.encode("utf-8"))
