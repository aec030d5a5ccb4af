"""The SimaticML of classic HMI objects: read for an import, written for an export.

An object of a classic panel is known by its document alone: the object model shows little more than its name. Facts:
docs/facts/openness.md#import-and-export-options, docs/facts/openness-hmi.md#classic-panels; exports of V18.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from lxml import etree

import simatic_xml
from fake_dotnet.system import FileInfo, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import DocumentInfoOptions, ExportOptions, ImportOptions
from fake_openness.core.texts import LanguageSettings
from fake_openness.program import exporting, importing
from simatic_xml.limits import LimitError
from simatic_xml.model import Opaque

Element = etree._Element


def read(owner: EngineeringObject, file: FileInfo, options: ImportOptions, kind: str) -> list[Element]:
    """Return the objects of a file that is to be imported.

    Args:
        owner: The target of the import.
        file: The file.
        options: Whether to replace, and what to do with languages that are not active.
        kind: Name of the element that is taken, such as Hmi.Screen.Screen.

    Raises:
        EngineeringTargetInvocationException: No such file, no SimaticML, of a newer version, or of another kind.
    """
    try:
        document = simatic_xml.load(importing.content_of_file(file, options, owner._context.version))
    except LimitError:
        raise
    except simatic_xml.SimaticMLError as error:
        raise importing.unreadable(error) from error
    importing.require_version(document.engineering, owner._context.version)
    found = [item for item in document.objects if isinstance(item, Opaque) and item.kind == kind]
    if len(found) != len(document.objects) or not found:
        others = ", ".join(sorted({item.kind for item in document.objects} - {kind})) or "nothing"
        msg = f"A {type(owner).__name__} can import {kind} only; the file has {others}."
        raise EngineeringTargetInvocationException(msg, code="import.wrong_kind")
    return [item.element for item in found]


def settle_cultures(settings: LanguageSettings, element: Element, options: ImportOptions) -> None:
    """Refuse, skip or activate the languages of an object that the project does not have.

    Raises:
        EngineeringTargetInvocationException: There are some, and no option skips or activates them.
    """
    known = {language._culture for language in settings._active._items}
    items = [each for each in element.iter() if isinstance(each.tag, str) and each.findtext("AttributeList/Culture")]
    strange = [each for each in items if each.findtext("AttributeList/Culture") not in known]
    if not strange:
        return
    missing = sorted({each.findtext("AttributeList/Culture") or "" for each in strange})
    if options.HasFlag(ImportOptions.SkipInactiveCultures):
        for each in strange:
            above = each.getparent()
            if above is not None:
                above.remove(each)
    elif options.HasFlag(ImportOptions.ActivateInactiveCultures):
        importing.activate(settings, missing)
    else:
        msg = f"The file has texts in languages that are not active in the project: {', '.join(missing)}."
        raise EngineeringTargetInvocationException(msg, code="import.culture", place={"name": name_of(element)})


def name_of(element: Element) -> str:
    """Return the name that a document gives its object."""
    return element.findtext("AttributeList/Name") or ""


def to_bytes(owner: EngineeringObject, element: Element) -> bytes:
    """Return the file content of one object."""
    return simatic_xml.dump(simatic_xml.Document(owner._context.version.engineering, [Opaque(element)]))


def from_bytes(content: bytes) -> Element:
    """Read one object from its file content."""
    (item,) = simatic_xml.load(content, own=True).objects
    assert isinstance(item, Opaque)  # noqa: S101 - nothing else is kept
    return item.element


def export(owner: EngineeringObject, element: Element, file: FileInfo, options: ExportOptions) -> Path:
    """Write an object to a new file, its ids counted from 0.

    Raises:
        EngineeringTargetInvocationException: The file exists.
    """
    require_type(options, ExportOptions, "exportOptions")
    path = exporting.new_file(file)
    copy = deepcopy(element)
    copy.attrib.pop("CompositionName", "")
    _count_anew(copy)
    exporting.write(owner, Opaque(copy), path, options, DocumentInfoOptions.All)
    return path


def _count_anew(element: Element) -> None:
    """Number the objects of a document from 0, and what links to them likewise."""
    numbered = [item for item in element.iter() if "ID" in item.attrib]
    new = {str(item.get("ID")): f"{number:X}" for number, item in enumerate(numbered)}
    for item in numbered:
        item.set("ID", new[str(item.get("ID"))])
    for link in element.iter():
        target = str(link.get("TargetID", "")).removeprefix("#")
        if target in new:
            link.set("TargetID", f"#{new[target]}")
