"""What tag tables, watch tables and the force table share: a file with their rows, written with the project."""

from __future__ import annotations

from typing import Any

import simatic_xml
from fake_openness.core.store import file_name
from fake_openness.program.program_object import _ProgramObject
from simatic_xml.model import TagTable, WatchTable


class _TableFile(_ProgramObject):
    """A table with its own file, below the folder of its group.

    Attributes:
        _dirty: Whether the rows differ from the file.
    """

    _group: Any
    _name: str
    _file: str
    _dirty: bool

    def _content(self) -> TagTable | WatchTable:
        """Return the rows, read from the file on demand."""
        raise NotImplementedError

    def _touch(self) -> None:
        self._dirty = True

    def _wanted_file(self) -> str:
        return f"{self._group._folder}/{file_name(self._name, '.xml')}"

    def _relocate(self) -> None:
        """Move the file to where name and group put it."""
        self._content()
        self._discard(self._file)
        self._assign("_file", self._wanted_file())
        self._touch()

    def _flush(self) -> None:
        """Write the rows to the file."""
        if self._dirty:
            content = self._content()
            content.name = self._name
            document = simatic_xml.Document(self._context.version.engineering, [content])
            self._store.put(self._file, simatic_xml.dump(document))
            self._dirty = False
