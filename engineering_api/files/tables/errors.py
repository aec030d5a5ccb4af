"""The error of a table that cannot be read at all, and the problem that a caller gets in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openness_bridge.errors import Kind, Place, Problem


class TableFileError(Exception):
    """A file with a table, or a single address in it, that cannot be used.

    Attributes:
        code: Stable code, such as ``tag_file.not_a_workbook``.
        message: What is wrong and what to do.
        file: Name of the file; empty where no file is concerned.
        sheet: Sheet of the workbook; empty where none is concerned.
        limit: Where the file is too large, the most that is accepted.
        value: The value that was found instead.
    """

    limit: int | None = None
    value: int | None = None

    def __init__(self, code: str, message: str, file: str = "", sheet: str = "") -> None:
        place = ", ".join(part for part in (file, f"sheet {sheet!r}" if sheet else "") if part)
        super().__init__(f"{place}: {message}" if place else message)
        self.code = code
        self.message = message
        self.file = file
        self.sheet = sheet

    def beyond(self, limit: int, value: int) -> TableFileError:
        """Return the same error with the limit that was passed, and the value that passed it."""
        self.limit, self.value = limit, value
        return self


@contextmanager
def readable(file: str = "") -> Iterator[None]:
    """Turn the refusal of a whole file, or of one address, into a problem.

    Raises:
        Problem: In place of a TableFileError.
    """
    try:
        yield
    except TableFileError as error:
        place = Place(path=error.file or file or None, sheet=error.sheet or None)
        problem = Problem(error.code, error.message, kind=_kind_of(error.code), place=place)
        raise problem.beyond(error.limit, error.value) from error


def _kind_of(code: str) -> Kind:
    return Kind.MISSING if code == "tag_file.not_found" else Kind.REFUSED
