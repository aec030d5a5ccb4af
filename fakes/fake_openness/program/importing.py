"""Reading a SimaticML file for an import: the rules for every kind of object.

Facts: docs/facts/tia-operations.md#import; docs/facts/openness.md#import-and-export-options. A file is read whole and
checked whole before anything of it is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import simatic_xml
from fake_dotnet.system import CultureInfo, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.options import ImportOptions
from fake_openness.core.texts import LanguageSettings
from fake_openness.core.versions import TiaVersion
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.program.references import everywhere
from simatic_xml.conversion import for_version
from simatic_xml.limits import LimitError
from simatic_xml.model import Block, Opaque, PlcType, TagTable, WatchTable

Importable = Block | PlcType | TagTable | WatchTable | Opaque
P = TypeVar("P", bound=Importable)
_CULTURES_SINCE = 18
_CULTURES = (ImportOptions.SkipInactiveCultures, ImportOptions.ActivateInactiveCultures)
_CULTURES_BOTH = ImportOptions.SkipInactiveCultures | ImportOptions.ActivateInactiveCultures


def read(composition: _ProgramComposition[Any], file: FileInfo, options: ImportOptions, kind: type[P]) -> list[P]:
    """Read the objects of a file that is to be imported.

    Args:
        composition: The target collection.
        file: The file.
        options: Whether to replace, and what to do with languages that are not active.
        kind: What the composition takes.

    Raises:
        EngineeringTargetInvocationException: Online, no SimaticML, of a newer version, of another kind, or with a
            language that the project does not have.
    """
    try:
        document = simatic_xml.load(content_of(composition, file, options))
        require_version(document.engineering, composition._context.version)
        document = in_version(document, composition._context.version)
    except LimitError:
        raise
    except simatic_xml.SimaticMLError as error:
        raise unreadable(error) from error
    objects = _of_kind(document.objects, kind, type(composition).__name__)
    for item in objects:
        settle_cultures(composition._plc, item, options)
    return objects


def content_of(composition: _ProgramComposition[Any], file: FileInfo, options: ImportOptions) -> bytes:
    """Return the content of a file that is to be imported.

    Raises:
        EngineeringTargetInvocationException: Online, no such file, or options that exclude each other.
    """
    composition._plc._require_offline("Importing")
    return content_of_file(file, options, composition._context.version)


def content_of_file(file: FileInfo, options: ImportOptions, version: TiaVersion) -> bytes:
    """Return the content of a file, for any target of the import.

    Raises:
        EngineeringTargetInvocationException: No such file, or options that exclude each other.
    """
    path = absolute(file, FileInfo, "path")
    if require_type(options, ImportOptions, "importOptions").HasFlag(_CULTURES_BOTH):
        msg = "Choose one option: skip the languages that are not active, or activate them."
        raise EngineeringTargetInvocationException(msg, code="import.culture_options")
    if version.number < _CULTURES_SINCE and any(map(options.HasFlag, _CULTURES)):
        msg = f"TIA Portal V{version.text} has no options for languages that are not active."
        raise EngineeringTargetInvocationException(msg, code="import.culture_options")
    if not path.is_file():
        msg = f"There is no file '{path}' to import."
        raise EngineeringTargetInvocationException(msg, code="import.not_found")
    return path.read_bytes()


def in_version(document: simatic_xml.Document, version: TiaVersion) -> simatic_xml.Document:
    """Return a document as this version writes it.

    Raises:
        SimaticMLError: It has something that this version lacks.
    """
    name = version.engineering
    return document if document.engineering == name else for_version(document, name)


def unreadable(error: simatic_xml.SimaticMLError) -> EngineeringTargetInvocationException:
    """Return the refusal of a file that is no SimaticML."""
    place: dict[str, str | int] = {} if error.line is None else {"line": error.line, "column": error.column or 1}
    msg = f"The file cannot be imported: it is not valid SimaticML. {error}"
    return EngineeringTargetInvocationException(msg, code="import.not_simaticml", place=place)


def require_version(engineering: str, version: TiaVersion) -> None:
    """Refuse a file of a newer TIA Portal.

    Raises:
        EngineeringTargetInvocationException: It is newer, or of an unknown version.
    """
    plain = engineering.removeprefix("V").partition(" ")[0]
    try:
        newer = bool(plain) and float(plain) > version.number
    except ValueError:
        newer = True
    if newer:
        msg = f"The engineering version '{engineering}' is not supported by TIA Portal {version.engineering}."
        raise EngineeringTargetInvocationException(msg, code="import.version")


def _of_kind(objects: list[Any], kind: type[P], composition: str) -> list[P]:
    for item in objects:
        if not isinstance(item, kind):
            msg = f"An object of the kind {item.kind} ('{item.name}') cannot be imported into a {composition}."
            raise EngineeringTargetInvocationException(msg, code="import.wrong_kind", place={"name": item.name})
    if not objects:
        msg = "The file has no object to import."
        raise EngineeringTargetInvocationException(msg, code="import.empty")
    return objects


def require_absent(exists: object, name: str, what: str, options: ImportOptions) -> None:
    """Refuse a name that is there when the import does not replace.

    Raises:
        EngineeringTargetInvocationException: It is there, and Override is not set.
    """
    if exists is not None and not options.HasFlag(ImportOptions.Override):
        msg = f"A {what} '{name}' exists already: import with Override to replace it."
        raise EngineeringTargetInvocationException(msg, code="import.exists", place={"name": name})


# -- languages ----------------------------------------------------------------------------


def settle_cultures(plc: _Plc, item: Importable, options: ImportOptions) -> None:
    """Refuse, skip or activate the languages of an object that the project does not have.

    Raises:
        EngineeringTargetInvocationException: There are some, and no option skips or activates them.
    """
    missing = sorted({culture for each in _texts(item) for culture in each} - set(plc._cultures()) - {"", "x-none"})
    if not missing:
        return
    if options.HasFlag(ImportOptions.SkipInactiveCultures):
        for each in _texts(item):
            for culture in missing:
                each.pop(culture, None)
    elif options.HasFlag(ImportOptions.ActivateInactiveCultures):
        activate(plc._language_settings(), missing)
    else:
        msg = f"'{item.name}' has texts in languages that are not active in the project: {', '.join(missing)}."
        raise EngineeringTargetInvocationException(msg, code="import.culture", place={"name": item.name})


def activate(settings: LanguageSettings, cultures: list[str]) -> None:
    """Make languages active in the project.

    Raises:
        EngineeringTargetInvocationException: TIA Portal does not know one.
    """
    for culture in cultures:
        name = CultureInfo(culture).Name
        language = next((each for each in settings.Languages if each._culture == name), None)
        if language is None:
            msg = f"TIA Portal does not know the language {culture}."
            raise EngineeringTargetInvocationException(msg, code="import.culture")
        settings.ActiveLanguages.Add(language)


def _texts(item: Importable) -> Iterator[dict[str, str]]:
    if isinstance(item, TagTable):
        yield from (tag.comment for tag in item.tags)
        yield from (constant.comment for constant in item.constants)
    elif isinstance(item, WatchTable):
        yield from (entry.comment for entry in item.entries)
    elif not isinstance(item, Opaque):
        yield from (item.title, item.comment)
        for member in everywhere(item):
            yield member.comment
            yield from (element.comment for element in member.subelements)
        for network in item.networks if isinstance(item, Block) else ():
            yield from (network.title, network.comment)
