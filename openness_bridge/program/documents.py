"""SIMATIC SD documents of blocks and data types: `.s7dcl` with `.s7res`, from TIA Portal V20 on.

Openness takes a folder and a name, and answers with a state where other imports throw. It refuses a block in a language
that the format does not have (STL, GRAPH). Facts: docs/facts/tia-operations.md#simatic-sd; type lists of V20 and V21.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openness_bridge import groups
from openness_bridge.errors import Detail, Kind, Problem, refused_as
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import blocks, imports, udts
from openness_bridge.program.blocks import BlockInfo
from openness_bridge.program.udts import UdtInfo
from openness_bridge.values import di, enum, enum_name

SUFFIX = ".s7dcl"
TEXTS = ".s7res"


def is_document(path: Path | str) -> bool:
    """Return whether a path is that of a document."""
    return Path(path).suffix.lower() == SUFFIX


def export_block(session: Session, device: str, name: str, folder: Path) -> list[Path]:
    """Write a block as documents `content.s7dcl` and, where it has texts, `content.s7res` to an empty folder.

    Raises:
        Problem: No such block, a language that the format does not have, or a TIA Portal before V20.
    """
    return _export(session, blocks.find(session, device, name)[0], folder, "block", device)


def export_type(session: Session, device: str, name: str, folder: Path) -> list[Path]:
    """Write a PLC data type as documents, as `export_block`."""
    return _export(session, udts.find(session, device, name)[0], folder, "udt", device)


def import_blocks(session: Session, device: str, path: Path, folder: str, *, override: bool) -> list[BlockInfo]:
    """Import the blocks of a document, with the texts next to it, into a folder, made when missing.

    Raises:
        Problem: TIA Portal refuses the document, then it imports nothing; or a TIA Portal before V20.
    """
    options = _options(session, override=override)
    with transaction(session, f"Import {path.name}"):
        group = groups.find_or_create(plc(session, device).BlockGroup, imports.below(folder), device)
        with refused_as("block.import_refused", Kind.REFUSED, device=device):
            result = group.Blocks.ImportFromDocuments(di(session.model, path.parent), path.stem, options)
        _require(result, "block.import_refused", Kind.REFUSED, device=device, path=str(path))
    return [blocks.describe(session, device, str(block.Name)) for block in result.ImportedPlcBlocks]


def import_types(session: Session, device: str, path: Path, folder: str, *, override: bool) -> list[UdtInfo]:
    """Import PLC data types, as `import_blocks`, then compile them."""
    return udts.compile_imported(session, device, put_types(session, device, path, folder, override=override))


def put_types(session: Session, device: str, path: Path, folder: str, *, override: bool) -> list[str]:
    """Import PLC data types, as `import_blocks`, without a compilation, which no transaction allows; returns their names."""
    options = _options(session, override=override)
    with transaction(session, f"Import {path.name}"):
        group = groups.find_or_create(plc(session, device).TypeGroup, folder, device)
        with refused_as("udt.import_refused", Kind.REFUSED, device=device):
            result = group.Types.ImportFromDocuments(di(session.model, path.parent), path.stem, options)
        _require(result, "udt.import_refused", Kind.REFUSED, device=device, path=str(path))
        return [str(udt.Name) for udt in result.ImportedPlcTypes]


def _options(session: Session, *, override: bool) -> Any:
    _require_version(session)
    return enum(session.model, "ImportDocumentOptions", "Override" if override else "None")


def _require_version(session: Session) -> None:
    if not session.model.has("ImportDocumentOptions"):
        msg = f"TIA Portal V{session.model.version} has no SIMATIC SD documents: use V20 or later, or SimaticML."
        raise Problem("documents.version", msg, kind=Kind.UNSUPPORTED)


def _export(session: Session, item: Any, folder: Path, kind: str, device: str) -> list[Path]:
    _require_version(session)
    with refused_as(f"{kind}.export_refused", Kind.CONFLICT, device=device, object=str(item.Name)):
        result = item.ExportAsDocuments(di(session.model, folder), "content")
    _require(result, f"{kind}.export_refused", Kind.CONFLICT, device=device, object=str(item.Name))
    return sorted(Path(str(each.FullName)) for each in result.ExportedDocuments)


def _require(result: Any, code: str, kind: Kind, **place: Any) -> None:
    """Raise the messages of a result, unless it is a full success; the caller rolls partial changes back."""
    if enum_name(result.State) == "Success":
        return
    texts = [str(message.Message) for message in result.Messages]
    details = [Detail("tia.detail", text) for text in texts]
    msg = texts[0] if texts else "TIA Portal refused the documents without a reason."
    raise Problem(code, msg, kind=kind, details=details).at(**place)
