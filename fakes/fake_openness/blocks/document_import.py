"""Reading SIMATIC SD documents: blocks and data types taken from `.s7dcl` and `.s7res` files (V20 and later).

A block without a number gets a free one. That None refuses an existing name is documented; one report of
V21 saw it replaced. Facts: docs/facts/tia-operations.md#simatic-sd (languages, states); type lists and reports of V20
and V21.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import simatic_xml
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DirectoryInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.options import ImportOptions, _CombinedFlags
from fake_openness.program.documents import (
    DocumentResultMessage,
    DocumentResultState,
    messages_of,
    require_family,
    text_of,
)
from fake_openness.program.importing import settle_cultures
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.program.surroundings import surroundings
from simatic_xml import sd
from simatic_xml.model import Block, PlcType

P = TypeVar("P", Block, PlcType)
T = TypeVar("T")


class ImportDocumentOptions(_CombinedFlags):
    """Whether an import of documents replaces, and what it does with languages that the project does not have."""

    None_ = 0
    Override = 1
    SkipInactiveCultures = 2
    ActivateInactiveCultures = 4


@dataclass(frozen=True, slots=True)
class DocumentImportResult(NetObject):
    """What ImportFromDocuments returns."""

    State: DocumentResultState
    Messages: NetList[DocumentResultMessage]


@dataclass(frozen=True, slots=True)
class DocumentImportResultForBlocks(DocumentImportResult):
    """What an import of blocks returns."""

    ImportedPlcBlocks: NetList[Any]


@dataclass(frozen=True, slots=True)
class DocumentImportResultForTypes(DocumentImportResult):
    """What an import of data types returns."""

    ImportedPlcTypes: NetList[Any]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """The outcome of an import: the state, its messages, and the new objects."""

    state: DocumentResultState
    messages: NetList[DocumentResultMessage]
    made: NetList[T]


def take(
    target: _ProgramComposition[Any],
    directory: DirectoryInfo,
    name: str,
    options: ImportDocumentOptions,
    kind: type[P],
    put: Callable[[list[P], ImportOptions], list[T]],
) -> Outcome[T]:
    """Import the objects of `name.s7dcl`, all or none.

    Args:
        target: where they go.
        directory: the folder of the documents.
        name: their name without suffix.
        options: whether to replace, and what to do with languages that are not active.
        kind: what the target takes.
        put: takes the objects over, or raises.
    """
    folder = absolute(directory, DirectoryInfo, "path")
    chosen = ImportOptions(require_type(options, ImportDocumentOptions, "importDocumentOptions").value)
    try:
        contents, warnings = read(target, folder / f"{require_type(name, str, 'name')}.s7dcl", kind)
        for content in contents:
            settle_cultures(target._plc, content, chosen)
        made = put(contents, chosen)
    except EngineeringTargetInvocationException as refusal:
        return Outcome(DocumentResultState.Failure, messages_of(text_of(refusal)), NetList())
    return Outcome(DocumentResultState.Success, messages_of(*warnings), NetList(made))


def read(target: _ProgramComposition[Any], path: Path, kind: type[P]) -> tuple[list[P], list[str]]:
    """Return the objects of a document, ready for a collection, and the messages.

    Raises:
        EngineeringTargetInvocationException: No such file, errors in it, or objects of another kind.
    """
    plc = target._plc
    plc._require_offline("Importing")
    require_family(plc)
    if not path.is_file():
        msg = f"There is no document '{path}' to import."
        raise EngineeringTargetInvocationException(msg, code="import.not_found")
    beside = path.with_suffix(".s7res")
    texts = beside.read_bytes() if beside.is_file() else b""
    version = target._context.version.engineering
    made = sd.generate(path.read_bytes(), texts, version, surroundings(plc), plc._cultures()[0])
    errors = [str(finding) for finding in made.diagnostics if finding.severity is sd.Severity.ERROR]
    if errors or not made.documents:
        msg = f"'{path.name}' cannot be imported. {' '.join(errors[:20]) or 'The document has no object.'}"
        raise EngineeringTargetInvocationException(msg, code="document.errors")
    contents = [simatic_xml.load(document).objects[0] for document in made.documents]
    foreign = next((content for content in contents if not isinstance(content, kind)), None)
    if foreign is not None:
        msg = f"'{foreign.name}' ({foreign.kind}) cannot be imported into a {type(target).__name__}."
        raise EngineeringTargetInvocationException(msg, code="import.wrong_kind", place={"name": foreign.name})
    return [content for content in contents if isinstance(content, kind)], list(map(str, made.diagnostics))
