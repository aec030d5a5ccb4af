"""SIMATIC SD documents: blocks and data types written to `.s7dcl` and `.s7res` files (V20 and later).

Export and import return a state and messages where those of SimaticML throw. An inconsistent block is exported
anyway. Facts: docs/facts/tia-operations.md#simatic-sd (languages, states); type lists and reports of V20 and V21.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import simatic_xml
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DirectoryInfo, FileInfo, NetEnum, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.program.plc import _Plc
from simatic_xml import sd

if TYPE_CHECKING:
    from fake_openness.program.elements import _Element


class DocumentResultState(NetEnum):
    """The state of an export or import of documents."""

    Success = 0
    PartialSuccess = 1
    Failure = 2


@dataclass(frozen=True, slots=True)
class DocumentResultMessage(NetObject):
    """One message of an export or import."""

    Message: str


@dataclass(frozen=True, slots=True)
class DocumentExportResult(NetObject):
    """The result of ExportAsDocuments."""

    State: DocumentResultState
    Messages: NetList[DocumentResultMessage]
    ExportedDocuments: NetList[FileInfo]


def messages_of(*texts: str) -> NetList[DocumentResultMessage]:
    """Return the messages of a result."""
    return NetList([DocumentResultMessage(text) for text in texts])


def export(element: _Element, directory: DirectoryInfo, name: str) -> DocumentExportResult:
    """Write a block or data type as documents `name.s7dcl` and, where it has texts, `name.s7res`."""
    folder = absolute(directory, DirectoryInfo, "path")
    require_type(name, str, "name")
    try:
        written = _write_document(element)
        paths = {folder / f"{name}.{suffix}": data for suffix, data in written.files.items()}
        _require_free(paths)
    except EngineeringTargetInvocationException as refusal:
        return DocumentExportResult(DocumentResultState.Failure, messages_of(text_of(refusal)), NetList())
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in paths.items():
        path.write_bytes(data)
    lost = [f"The document cannot contain: {each}." for each in written.left_out]
    return DocumentExportResult(
        DocumentResultState.Success, messages_of(*lost), NetList([FileInfo(str(path)) for path in paths])
    )


def _write_document(element: _Element) -> sd.SdDocument:
    element._plc._require_offline("Exporting")
    require_family(element._plc)
    try:
        return sd.source(element._content())
    except simatic_xml.SimaticMLError as error:
        raise EngineeringTargetInvocationException(str(error), code="document.not_sayable") from error


def require_family(plc: _Plc) -> None:
    """Refuse a PLC that has no SIMATIC SD documents.

    Raises:
        EngineeringTargetInvocationException: An S7-300 or S7-400.
    """
    if plc._family.classic:
        msg = "Only S7-1200 and S7-1500 have SIMATIC SD documents."
        raise EngineeringTargetInvocationException(msg, code="document.family")


def _require_free(paths: dict[Path, bytes]) -> None:
    for path in paths:
        if path.exists():
            msg = f"The export cannot be made because the file '{path}' already exists: delete it or choose another."
            raise EngineeringTargetInvocationException(msg, code="export.file_exists")


def text_of(refusal: EngineeringTargetInvocationException) -> str:
    """Return the sentence of a refusal."""
    return str(refusal.MessageData.Text)
