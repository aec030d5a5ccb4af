"""What blocks and PLC data types have in common: name, content, dates, consistency, export and deletion.

The content is one SimaticML file in the project's store. Facts: docs/facts/openness.md#import-and-export-options,
docs/facts/openness-program.md#blocks, docs/facts/tia-operations.md#export, docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import simatic_xml
from fake_dotnet.system import DateTime, DirectoryInfo, FileInfo, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import DocumentInfoOptions, ExportOptions
from fake_openness.core.store import file_name
from fake_openness.core.upward import UpwardCall
from fake_openness.program import consistency, documents, exporting
from fake_openness.program.groups import _Group
from fake_openness.program.importing import in_version
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition, _ProgramObject
from fake_openness.program.state import _State
from simatic_xml.model import Block, PlcType

Content = Block | PlcType
instance_service: UpwardCall[[_Element], dict[type, Any]] = UpwardCall()
"""The service of an element that is an instance of a type of the project library."""


class _Element(_ProgramObject):
    """A block or a PLC data type."""

    _WHAT = "block"

    def __init__(self, parent: EngineeringObject, plc: _Plc, group: _Group, name: str, state: _State) -> None:
        """Represent the element; its content is in the store."""
        super().__init__(parent, plc)
        self._group, self._name, self._state = group, name, state
        self._file = self._wanted_file()
        self._shared: tuple[tuple[bytes, str], Content] | None = None

    @property
    def Name(self) -> str:
        """The name, unique among the blocks and data types of the PLC."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_type(value, str, "value")
        self._plc._require_offline(f"Renaming a {self._WHAT}")
        self._plc._require_free_name(require_name(value, self._WHAT), self._WHAT, self)
        consistency.rename(self, value)

    @property
    def IsConsistent(self) -> bool:
        """Whether it was compiled since the last change of itself or of what it uses."""
        return self._state.consistent

    @property
    def IsKnowHowProtected(self) -> bool:
        """Whether its content is hidden; nothing here can protect it."""
        return False

    @property
    def CreationDate(self) -> DateTime:
        """When it was made."""
        return DateTime(self._state.created)

    @property
    def ModifiedDate(self) -> DateTime:
        """When any part of it was last changed."""
        return DateTime(self._state.modified)

    @property
    def InterfaceModifiedDate(self) -> DateTime:
        """When its interface was last changed."""
        return DateTime(self._state.interface_modified)

    def Export(
        self,
        path: FileInfo,
        exportOptions: ExportOptions,
        documentInfoOptions: DocumentInfoOptions = DocumentInfoOptions.All,
    ) -> None:
        """Write the element as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Not consistent, online, or the file exists.
        """
        self._require_consistent()
        exporting.export(self, self._content(), path, exportOptions, documentInfoOptions)

    def ExportAsDocuments(
        self, directoryInfo: DirectoryInfo, fileNameWithoutExtension: str
    ) -> documents.DocumentExportResult:
        """Write the element as SIMATIC SD documents (from V20 on); returns state and messages."""
        return documents.export(self, directoryInfo, fileNameWithoutExtension)

    def Delete(self) -> None:
        """Delete the element; everything that uses it becomes inconsistent.

        Raises:
            EngineeringTargetInvocationException: The PLC is online.
        """
        self._plc._require_offline(f"Deleting a {self._WHAT}")
        self._delete()

    def _require_consistent(self) -> None:
        if not self._state.consistent:
            msg = f"'{self._name}' is inconsistent and cannot be exported: compile it first."
            raise EngineeringTargetInvocationException(msg, code="export.inconsistent", place={"name": self._name})

    # -- content ----------------------------------------------------------------------

    def _content(self) -> Content:
        """Return the element's content to be changed, read from its file."""
        return self._parse(self._store.get(self._file))

    def _read(self) -> Content:
        """Return the element's content, parsed once for each content of its file; all readers share it, and none may change it."""
        stored = self._store.get(self._file)
        stamp = self._stamp(stored)
        if self._shared is None or self._shared[0] != stamp:
            self._shared = stamp, self._parse(stored)
        return self._shared[1]

    def _share(self, content: Content, stamp: tuple[bytes, str]) -> None:
        """Let all readers have a content that was parsed elsewhere, from a file of this stamp."""
        self._shared = stamp, content

    def _stamp(self, stored: bytes | None = None) -> tuple[bytes, str]:
        """Return what differs between two contents of the file."""
        content = self._store.get(self._file) if stored is None else stored
        return sha256(content).digest(), self._context.version.engineering

    def _parse(self, stored: bytes) -> Content:
        """Return the content of a file; one of an upgraded project is brought to this version."""
        document = simatic_xml.load(stored, own=True)
        content = in_version(document, self._context.version).objects[0]
        assert isinstance(content, (Block, PlcType))  # noqa: S101 - nothing else is written
        return content

    def _write(self, content: Content) -> None:
        """Keep a new content."""
        document = simatic_xml.Document(self._context.version.engineering, [content])
        self._put(self._file, simatic_xml.dump(document))

    def _wanted_file(self) -> str:
        return f"{self._group._folder}/{file_name(self._name, '.xml')}"

    def _relocate(self) -> None:
        """Move the file to where name and group put it."""
        wanted = self._wanted_file()
        if wanted != self._file:
            content = self._store.get(self._file)
            self._discard(self._file)
            self._assign("_file", wanted)
            self._put(wanted, content)

    def _flush(self) -> None:
        """Do nothing: contents are written with each change."""

    def _record(self) -> dict[str, Any]:
        return self._state.to_json()

    # -- change -----------------------------------------------------------------------

    def _update(self, **changes: Any) -> None:
        """Change the state, keeping the index of the program right."""
        indexed = not changes.keys().isdisjoint({"number", "uses", "kind"})
        if indexed:
            self._plc._program.remove(self)
        self._assign("_state", replace(self._state, **changes))
        if indexed:
            self._plc._program.add(self)

    def _delete(self) -> None:
        """Take the element out of the program."""
        self._plc._program.remove(self)
        self._composition()._remove(self)
        self._discard(self._file)
        self._die()
        consistency.spread(self._plc._program, self._name)

    def _composition(self) -> _ProgramComposition[Any]:
        assert isinstance(self._parent, _ProgramComposition)  # noqa: S101 - set by the composition
        return self._parent

    def _uses(self) -> tuple[str, ...]:
        return self._state.uses

    def _numbering(self) -> tuple[str, int | None]:
        return self._state.space, self._state.number
