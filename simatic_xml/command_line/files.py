"""Files of the command line: folders, standard input and output, and their errors."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from simatic_xml import folders
from simatic_xml.errors import SimaticMLError
from simatic_xml.files import load
from simatic_xml.model import Document
from simatic_xml.writing.whole_files import write_whole

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


def each_file(names: Sequence[str], forms: Iterable[str], action: Callable[[str], int], use: str) -> int:
    """Run an action on every file, also of folders; one that fails does not stop the others.

    Args:
        names: Files, folders, or ``-``.
        forms: What is taken from folders; the other files in them are named on standard error.
        action: What to do; it returns the exit code for its file.
        use: Who does not use the others: the beginning of a sentence.

    Returns:
        The exit code for all: that of the worst file. A folder without a file of these forms cannot be read.
    """
    code = FINE
    for name in names:
        if name == STANDARD or not Path(name).is_dir():
            code = max(code, run_and_report(name, action))
            continue
        chosen, left_out = folders.look_in(Path(name)).select(forms, use)
        sys.stderr.writelines(f"{line}\n" for line in folders.lines(left_out))
        if not chosen:
            complain(name, "This folder has nothing that is used here.")
            code = UNREADABLE
        code = max([code, *(run_and_report(str(each.path), action) for each in chosen)])
    return code


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
    write_whole(name, content)


def write_text(name: str, text: str) -> None:
    """Write text as UTF-8 to a file or to standard output."""
    if name == STANDARD:
        sys.stdout.write(text)
    else:
        write_bytes(name, text.encode("utf-8"))
