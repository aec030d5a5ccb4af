"""CreateFromDocuments: types and versions from SIMATIC SD documents (V20 and later), and the Export of a version.

Facts: type lists of V20 and V21; reports of their users: a document for a PLC needs a folder of the PLC as environment
for the test instance of the new version; CreateOptions.None refuses where a version is in work. A version's export has
its number, author and comment, no content.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DirectoryInfo, NetEnum, absolute, require_type
from fake_openness.blocks import document_import
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ImportOptions, _CombinedFlags
from fake_openness.library import instances, placement
from fake_openness.library.library_object import refusal
from fake_openness.program import importing
from fake_openness.program.elements import _Element
from simatic_xml.model import Block, PlcType

if TYPE_CHECKING:
    from fake_openness.library.types import LibraryType, LibraryTypeComposition
    from fake_openness.library.versions import LibraryTypeVersion, LibraryTypeVersionComposition


class CreateOptions(NetEnum):
    """What CreateFromDocuments does with a version in work."""

    None_ = 0
    Override = 1


class LibraryImportOptions(_CombinedFlags):
    """What CreateFromDocuments does with languages that the project does not have."""

    None_ = 0
    SkipInactiveCultures = 1
    ActivateInactiveCultures = 2


class TransferResultState(NetEnum):
    """The state of a creation from documents; a failure throws."""

    Success = 0
    Warning = 1


class TransferResultMessage(NetObject):
    """One message of a creation from documents."""

    def __init__(self, text: str) -> None:
        """Hold a message."""
        self.Message = text


class _TransferResults(NetObject):
    """The state and messages of a creation from documents."""

    def __init__(self, messages: list[str]) -> None:
        """Hold the messages."""
        self.TransferResultState = TransferResultState.Warning if messages else TransferResultState.Success
        self.Messages = NetList([TransferResultMessage(each) for each in messages])


class TypeCreateTransferResults(_TransferResults):
    """The result of the creation of a type."""

    def __init__(self, created: LibraryType, messages: list[str]) -> None:
        """Hold the type."""
        super().__init__(messages)
        self.CreatedType = created


class VersionCreateTransferResults(_TransferResults):
    """The result of the creation of a version."""

    def __init__(self, created: LibraryTypeVersion, messages: list[str]) -> None:
        """Hold the version."""
        super().__init__(messages)
        self.CreatedVersion = created


def create_type(
    target: LibraryTypeComposition, directory: DirectoryInfo, name: str, *rest: Any
) -> TypeCreateTransferResults:
    """Make a type and its first version."""
    environment, options = _split(rest, 1)
    target._folder._require_writable()
    home, content, warnings = _read(environment, directory, name, options[0])
    with home._plc._context.whole(), target._context.whole():
        user = target._context.machine.user
        made = target._make(content.name, "", content.kind, user)
        version = made._versions._make(made._versions._next_number(), "", user)
        _fill(version, home, content)
    return TypeCreateTransferResults(made, warnings)


def create_version(
    target: LibraryTypeVersionComposition, directory: DirectoryInfo, name: str, *rest: Any
) -> VersionCreateTransferResults:
    """Make a version in work, or replace the existing one."""
    environment, (create, options) = _split(rest, 2)
    owner = target._type
    owner._require_writable()
    if require_type(create, CreateOptions, "createOptions") is CreateOptions.None_:
        owner._require_none_in_work()
    home, content, warnings = _read(environment, directory, name, options)
    if content.kind != owner._kind:
        msg = (
            f"The document has '{content.name}' ({content.kind}): a version of '{owner._name}' must be a {owner._kind}."
        )
        raise refusal("other_kind", msg, content.name)
    with home._plc._context.whole(), target._context.whole():
        version = owner._in_work() or target._make(target._next_number(), "", target._context.machine.user)
        _fill(version, home, content)
    return VersionCreateTransferResults(version, warnings)


def export_version(version: LibraryTypeVersion, path: Path) -> None:
    """Write number, author and comment of a version."""
    if path.exists():
        msg = f"The export cannot be made because the file '{path}' already exists: delete it or choose another."
        raise EngineeringTargetInvocationException(msg, code="export.file_exists")
    root = etree.Element("Document")
    etree.SubElement(root, "Engineering", version=version._context.version.engineering)
    attributes = etree.SubElement(etree.SubElement(root, "Library.LibraryTypeVersion", ID="0"), "AttributeList")
    for name, value in (("Author", version._author), ("VersionNumber", version._number.ToString())):
        etree.SubElement(attributes, name).text = value
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _split(rest: tuple[Any, ...], options: int) -> tuple[EngineeringObject | None, tuple[Any, ...]]:
    """Separate the environment, which may be left out, from the options."""
    if len(rest) == options:
        return None, rest
    if len(rest) == options + 1 and isinstance(rest[0], EngineeringObject):
        return rest[0], rest[1:]
    raise TypeError("No method matches given arguments for CreateFromDocuments")


def _read(
    environment: EngineeringObject | None, directory: DirectoryInfo, name: str, options: LibraryImportOptions
) -> tuple[Any, Block | PlcType, list[str]]:
    """Return the collection of the environment, and the one object of the document."""
    folder = absolute(directory, DirectoryInfo, "directory")
    chosen = ImportOptions(require_type(options, LibraryImportOptions, "libraryImportOptions").value * 2)
    home = getattr(environment, "_blocks", None) or getattr(environment, "_types", None)
    if home is None:
        msg = "A document for a PLC needs a folder of its blocks or data types as environment."
        raise refusal("no_environment", msg, name)
    kind: Any = Block if hasattr(environment, "_blocks") else PlcType
    contents, warnings = document_import.read(home, folder / f"{require_type(name, str, 'name')}.s7dcl", kind)
    if len(contents) != 1 or contents[0].kind not in instances.TYPED_KINDS:
        msg = f"'{name}.s7dcl' must have one FB, FC, OB or PLC data type: nothing else can be a type."
        raise refusal("not_a_type", msg, name)
    importing.settle_cultures(home._plc, contents[0], chosen)
    return home, contents[0], warnings


def _fill(version: LibraryTypeVersion, home: Any, content: Block | PlcType) -> None:
    """Put the test instance into its folder and the content into the version."""
    old = home._plc._program.find(content.name)
    if old is not None and old._state.kind != content.kind:
        msg = f"The PLC has '{content.name}' as {old._state.kind}: choose another folder or name."
        raise refusal("name_used", msg, content.name)
    element: _Element = placement.put(home, content, ImportOptions.Override)
    needed = instances.dependencies_of(element)
    version._assign("_dependencies", tuple(sorted({each._guid for each in needed})))
    version._keep(element._store.get(element._file))
    instances.tie(element, version)
