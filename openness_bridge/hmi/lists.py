"""Scripts, text lists and graphic lists of panels.

Classic ones are SimaticML; those of a Unified panel are .hmi.yml files, a script with a .hmi.js file next to it (V20
and later). Facts: docs/facts/openness-hmi.md, docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.hmi import files as hmi_files
from openness_bridge.hmi import panels
from openness_bridge.hmi import xml as hmi_xml
from openness_bridge.hmi.panels import Panel
from openness_bridge.hmi.putting import Destination, ExportNamed, Put, import_document, import_markup
from openness_bridge.hmi.xml import ListEntry
from openness_bridge.portal.portal import Session
from openness_bridge.project.texts import as_list
from openness_bridge.values import di

SINCE_V20 = "Openness gives access to scripts and lists of Unified panels from V20 on."


ScriptLanguage = Annotated[str, one_of("ScriptLanguage", "VBScript", "JavaScript")]
ScriptKind = Annotated[str, one_of("ScriptKind", "Sub", "Function", "Module")]
ScriptNodeKind = Annotated[str, one_of("ScriptNodeKind", "Folder", "UserFolder", "Script")]


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list.

    Attributes:
        word: Its usual name.
        classic: The collection of a classic panel.
        unified: The collection of a Unified panel.
        key: The key of its objects in a .hmi.yml file.
    """

    word: str
    classic: str
    unified: str
    key: str


TEXT = ListKind("text list", "TextLists", "HmiTextLists", "TextLists")
GRAPHIC = ListKind("graphic list", "GraphicLists", "HmiGraphicLists", "GraphicLists")


class ScriptNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder or script of the tree.

    Attributes:
        node_type: Folder, UserFolder or Script.
        path: Names of its folders and its own, joined by /.
    """

    name: str
    node_type: ScriptNodeKind
    is_folder: bool
    path: str
    children: list[ScriptNode] = []


class ScriptTree(msgspec.Struct, rename="camel", frozen=True):
    """The scripts of a panel.

    Attributes:
        language: VBScript or JavaScript.
        note: The reason where this version of TIA Portal shows none; empty otherwise.
    """

    device: str
    language: ScriptLanguage
    note: str
    root: ScriptNode


class ScriptFile(msgspec.Struct, rename="camel", frozen=True):
    """A file of a script."""

    name: str
    text: str


class ScriptContent(msgspec.Struct, rename="camel", frozen=True):
    """A script.

    Attributes:
        type: Sub or Function of a VB script; Module of a JavaScript module.
        code: Its source.
        declarations: The part of a VB script before its code, or empty.
        files: Its files as TIA Portal exports them.
    """

    name: str
    language: ScriptLanguage
    type: ScriptKind
    code: str
    declarations: str
    files: list[ScriptFile]


class HmiList(msgspec.Struct, rename="camel", frozen=True):
    """A text list or graphic list.

    Attributes:
        range: The meaning of its entries: Decimal, Bit or BitNumber; empty where TIA Portal does not name it.
        entries: In the order of the list; of a Unified panel those of its file whose form the bridge knows.
        document: The file of a list of a Unified panel, as TIA Portal exports it; empty for a classic one.
    """

    name: str
    range: str
    entry_count: int
    entries: list[ListEntry]
    document: str = ""


# -- scripts ------------------------------------------------------------------------------


def script_tree(session: Session, device: str) -> ScriptTree:
    """Return the folders of a panel with its scripts; a Unified panel has no folders."""
    found = panels.panel(session, device)
    if not found.unified:
        return ScriptTree(found.device, "VBScript", "", _node(found.software.VBScriptFolder, "VB scripts", ()))
    modules = panels.member(found, "Scripts")
    leaves = [ScriptNode(str(each.Name), "Script", False, str(each.Name)) for each in modules or ()]
    note = SINCE_V20 if modules is None else ""
    return ScriptTree(found.device, "JavaScript", note, ScriptNode("Scripts", "Folder", True, "", leaves))


def _node(folder: Any, title: str, names: tuple[str, ...]) -> ScriptNode:
    children = [_node(below, str(below.Name), (*names, str(below.Name))) for below in folder.Folders]
    children += [
        ScriptNode(str(each.Name), "Script", False, groups.join((*names, str(each.Name)))) for each in folder.VBScripts
    ]
    return ScriptNode(title, "UserFolder" if names else "Folder", True, groups.join(names), children)


def script(session: Session, device: str, name: str) -> ScriptContent:
    """Return a script with its source.

    Raises:
        Problem: There is none, or this version of TIA Portal shows none.
    """
    found = panels.panel(session, device)
    if found.unified:
        return _module(session, found, name)
    scripts = panels.walk(found.software.VBScriptFolder, "VBScripts", "Folders")
    last = groups.split(name)[-1:] or ("",)
    chosen, _ = panels.only(scripts, "script", last[0], found.device, lambda each: str(each[0].Name))
    xml = panels.export_xml(session, chosen, found.device)
    element = panels.elements(xml, own=True)[0]
    kind, code, before = (hmi_xml.attribute(element, each) for each in ("Type", "Code", "PreCode"))
    files = [ScriptFile(f"{chosen.Name}.xml", xml.decode("utf-8-sig"))]
    return ScriptContent(str(chosen.Name), "VBScript", kind or "Sub", code, before, files)


def _module(session: Session, found: Panel, name: str) -> ScriptContent:
    chosen = panels.only(
        iter(_require_collection(found, "Scripts")), "script", name, found.device, lambda each: str(each.Name)
    )
    with hmi_files.folder() as place:
        _export_module(session, found, chosen, place)
        files = [ScriptFile(path.name, _text(path)) for path in sorted(place.iterdir())]
        code = _text(hmi_files.find_exported(place, ".hmi.js"))
    return ScriptContent(str(chosen.Name), "JavaScript", "Module", code, "", files)


def _export_module(session: Session, found: Panel, module: Any, place: Path) -> None:
    with refused_as("hmi.export_refused", Kind.CONFLICT, device=found.device, object=str(module.Name)):
        module.Export(di(session.model, place))


def _text(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def import_scripts(
    session: Session, device: str, path: Path, names: Collection[str], folder: str, *, override: bool
) -> list[Put]:
    """Import the VB scripts of a SimaticML file, or the modules of a .hmi.yml file with their .hmi.js files.

    Returns:
        The imported scripts.

    Raises:
        Problem: The file is refused, or a module exists and `override` is not set; then TIA Portal imports nothing.
    """
    found = panels.panel(session, device)
    if not found.unified:
        where = Destination(found.software.VBScriptFolder, "VBScripts", tuple(groups.split(folder)))
        return import_document(session, where, path, names, found.device, "VBScript", override=override)
    modules = _require_collection(found, "Scripts")

    def export(place: Path, names: list[str]) -> None:
        for each in modules:
            if str(each.Name) in names:
                _export_module(session, found, each, place)

    return _import_markup(session, found, modules, path, "ScriptModules", export, override=override)


def _import_markup(
    session: Session, found: Panel, collection: Any, path: Path, key: str, export: ExportNamed, *, override: bool
) -> list[Put]:
    names = {name.casefold() for name in hmi_files.names(path, key)}
    there = [name for each in collection if (name := str(each.Name)).casefold() in names]  # modules have no Find
    if there and not override:
        msg = f"The panel has {', '.join(there)} already: set override to replace them."
        raise Problem("hmi.import_refused", msg, place=Place(device=found.device, object=there[0]))
    return import_markup(session, collection, path, found.device, key, there, export)


def _require_collection(found: Panel, name: str) -> Any:
    """Return a collection of a Unified panel.

    Raises:
        Problem: This version of TIA Portal does not show it.
    """
    collection = panels.member(found, name)
    if collection is None:
        raise Problem("hmi.tia_version", SINCE_V20, kind=Kind.UNSUPPORTED, place=Place(device=found.device))
    return collection


# -- lists --------------------------------------------------------------------------------


def lists(session: Session, device: str, kind: ListKind) -> list[HmiList]:
    """Return the lists of a panel with their entries; none on a Unified panel before V20, which does not show them."""
    found = panels.panel(session, device)
    if found.unified:
        return [_describe(session, found, each, kind) for each in panels.member(found, kind.unified) or ()]
    return [_read(session, found, each) for each in getattr(found.software, kind.classic)]


def _read(session: Session, found: Panel, one: Any) -> HmiList:
    element = panels.element(session, one, found.device)
    entries = hmi_xml.entries(element)
    return HmiList(str(one.Name), hmi_xml.attribute(element, "ListRange"), len(entries), entries)


def _describe(session: Session, found: Panel, one: Any, kind: ListKind) -> HmiList:
    """Return a list of a Unified panel, by its file; the form of the file is not documented."""
    with hmi_files.folder() as place:
        path = _export(session, found, str(one.Name), kind, place)
        values, document = _mapping((hmi_files.objects(path, kind.key) or {}).get(str(one.Name))), _text(path)
    listed = values.get("Entries")
    entries = [_entry(_mapping(each)) for each in listed] if isinstance(listed, list) else []
    return HmiList(str(one.Name), str(values.get("ListRange", "")), len(entries), entries, document)


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _entry(values: dict[Any, Any]) -> ListEntry:
    start = str(values.get("From", ""))
    texts = {str(culture): str(text) for culture, text in _mapping(values.get("Text")).items()}
    return ListEntry(start, str(values.get("To", start)), as_list(texts), str(values.get("Graphic", "")))


def _export(session: Session, found: Panel, name: str, kind: ListKind, place: Path) -> Path:
    with refused_as("hmi.export_refused", Kind.CONFLICT, device=found.device):
        getattr(found.software, kind.unified).Export(di(session.model, place), name)
    return hmi_files.find_exported(place, hmi_files.SUFFIX)


def list_xml(session: Session, device: str, kind: ListKind, name: str) -> bytes:
    """Return a list of a classic panel as SimaticML.

    Raises:
        Problem: A Unified panel, whose lists are no XML, or no such list.
    """
    found = panels.classic(session, device, f"its {kind.word}s are .hmi.yml files, not XML. Export one to a file.")
    return panels.export_xml(session, _find_one(found, kind, name), found.device)


def _find_one(found: Panel, kind: ListKind, name: str) -> Any:
    collection = _require_collection(found, kind.unified) if found.unified else getattr(found.software, kind.classic)
    return panels.only(iter(collection), kind.word, name, found.device, lambda each: str(each.Name))


def export_list(session: Session, device: str, kind: ListKind, name: str, path: Path) -> None:
    """Write a list to a new file: SimaticML of a classic panel, .hmi.yml of a Unified one.

    Raises:
        Problem: No such list, a file name that does not fit, or TIA Portal refuses.
    """
    found = panels.panel(session, device)
    one = _find_one(found, kind, name)
    if not found.unified:
        panels.export(session, one, path, found.device)
        return
    hmi_files.stem(path)
    with hmi_files.folder() as place:
        shutil.move(_export(session, found, str(one.Name), kind, place), path)


def import_lists(
    session: Session, device: str, kind: ListKind, path: Path, names: Collection[str], *, override: bool
) -> list[Put]:
    """Import the lists of a SimaticML file, or of a .hmi.yml file on a Unified panel; returns them.

    Raises:
        Problem: The file is refused, or a list exists and `override` is not set; then TIA Portal imports nothing.
    """
    found = panels.panel(session, device)
    if not found.unified:
        where = Destination(found.software, kind.classic)
        return import_document(session, where, path, names, found.device, kind.key.removesuffix("s"), override=override)

    def export(place: Path, names: list[str]) -> None:
        for name in names:
            _export(session, found, name, kind, place)

    collection = _require_collection(found, kind.unified)
    return _import_markup(session, found, collection, path, kind.key, export, override=override)


def delete_list(session: Session, device: str, kind: ListKind, name: str) -> None:
    """Delete a list of a classic panel.

    Raises:
        Problem: A Unified panel, whose lists cannot be deleted, no such list, or TIA Portal refuses.
    """
    found = panels.classic(session, device, f"Openness cannot delete its {kind.word}s: delete it in TIA Portal.")
    one = _find_one(found, kind, name)
    with refused_as("hmi.delete_refused", Kind.CONFLICT, device=found.device, object=name):
        one.Delete()
