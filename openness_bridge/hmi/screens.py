"""Lists screens of panels, as a tree and with their items; makes them on Unified panels, imports them on classic ones.

A classic screen is described by its export. TIA Portal does not refuse a screen number that is used twice there, it
ends. So the bridge compares numbers before an import. Facts: docs/facts/openness-hmi.md#classic-panels;
docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.hmi import formatted_text, panels, xml
from openness_bridge.hmi.formatted_text import Element
from openness_bridge.hmi.panels import Panel
from openness_bridge.hmi.putting import Destination, Put, import_document, names_of
from openness_bridge.hmi.xml import Binding, ScreenItem
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.project.texts import Text
from openness_bridge.values import boxed, enum_name, set_attribute

NO_FILE = "its screens have no files. Read and write them through hmi/screens and hmi/screens/{screenName}/items."
_TREES = (
    ("ScreenFolder", "Screens", "Screen", "Screens"),
    ("ScreenTemplateFolder", "ScreenTemplates", "Template", "Templates"),
    ("ScreenPopupFolder", "ScreenPopups", "PopUp", "Pop-up screens"),
)
"""The folders of a classic panel, the collection in them, its kind, and the kind of the folder."""


ScreenKind = Annotated[str, one_of("ScreenKind", "Screen", "Template", "PopUp")]
ScreenNodeKind = Annotated[
    str,
    one_of(
        "ScreenNodeKind",
        *("Folder", "UserFolder", "Screen", "Template", "PopUp", "SlideIn", "GlobalElements", "Overview"),
    ),
]
HmiFamily = Annotated[str, one_of("HmiFamily", "classic", "unified")]


class ScreenInfo(msgspec.Struct, rename="camel", frozen=True):
    """A screen.

    Attributes:
        kind: Screen, Template or PopUp.
        number: Null where it has none; a template has none.
        width: In pixels; null where TIA Portal does not show it. Height likewise.
        folder: Names of its folders from the root, joined by /; a slash in a name is %2F.
    """

    name: str
    kind: ScreenKind
    number: int | None
    width: int | None
    height: int | None
    folder: str
    device: str


class ScreenNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder or screen of the tree.

    Attributes:
        node_type: Folder, UserFolder, Screen, Template, PopUp, SlideIn, GlobalElements or Overview.
        path: Names of its folders and its own, joined by /; its name in other calls. Empty without a name.
    """

    name: str
    node_type: ScreenNodeKind
    is_folder: bool
    path: str
    children: list[ScreenNode] = []


class ScreenDetails(msgspec.Struct, rename="camel", frozen=True):
    """A screen with its items.

    Attributes:
        family: classic or unified.
        template: The template that a classic screen is based on, or empty.
    """

    screen: ScreenInfo
    family: HmiFamily
    template: str
    item_count: int
    items: list[ScreenItem]


@dataclass(frozen=True, slots=True)
class NewItem:
    """A screen item that is wanted on a Unified panel; None leaves a property as TIA Portal makes it.

    Attributes:
        type: Its .NET type, such as HmiIOField.
        bindings: Properties that tags set.
    """

    name: str
    type: str
    left: float | None = None
    top: float | None = None
    width: int | None = None
    height: int | None = None
    texts: tuple[Text, ...] = ()
    bindings: tuple[Binding, ...] = ()


# -- reading ------------------------------------------------------------------------------


def list_screens(session: Session, device: str) -> list[ScreenInfo]:
    """Return the screens of a panel, from all its folders."""
    found = panels.panel(session, device)
    return [_info(session, found, *each) for each in _all(found) if each[1] == "Screen"]


def all_screens(session: Session) -> list[ScreenInfo]:
    """Return the screens of all panels."""
    return [each for found in panels.panels(session) for each in list_screens(session, found.device)]


def tree(session: Session, device: str) -> ScreenNode:
    """Return the folders of a panel with its screens; on a classic panel those of the other kinds too."""
    found = panels.panel(session, device)
    if found.unified:
        top = _node(found.software, "Screens", "ScreenGroups", "Screen", "Screens", ())
        return ScreenNode(str(found.software.Name), "Folder", True, "", [top])
    software = found.software
    children = [
        _node(getattr(software, folder), kind, "Folders", word, title, ()) for folder, kind, word, title in _TREES
    ]
    sides = [enum_name(each.SlideinType) for each in software.ScreenSlideinFolder.ScreenSlideins]
    children.append(
        ScreenNode("Slide-in screens", "Folder", True, "", [ScreenNode(side, "SlideIn", False, "") for side in sides])
    )
    children.append(ScreenNode("Global elements", "GlobalElements", False, ""))
    children.append(ScreenNode("Screen overview", "Overview", False, ""))
    return ScreenNode(str(software.Name), "Folder", True, "", children)


def details(session: Session, device: str, name: str) -> ScreenDetails:
    """Return a screen with its items; of a classic panel a template or pop-up screen, too.

    Raises:
        Problem: There is none, or TIA Portal does not export it.
    """
    found = panels.panel(session, device)
    screen, kind, folder = find(found, name)
    if found.unified:
        items = [_typed_item(session, each) for each in screen.ScreenItems]
        info, template = _info(session, found, screen, kind, folder), ""
    else:
        element = panels.element(session, screen, found.device)
        items, template = xml.screen_items(element), xml.link(element, "Template")
        info = _classic_info(found, element, kind, folder)
    return ScreenDetails(info, found.family, template, len(items), items)


def find(found: Panel, name: str) -> tuple[Any, str, tuple[str, ...]]:
    """Return a screen by its name or path: the screen, its kind and the names of its folders.

    Raises:
        Problem: There is none.
    """
    *above, last = groups.split(name) or ("",)
    matching = (each for each in _all(found) if not above or [part.casefold() for part in each[2]] == _fold(above))
    key = last.casefold()
    screen = next((each for each in matching if str(each[0].Name).casefold() == key), None)
    return screen or panels.only(_all(found), "screen", name, found.device, lambda each: str(each[0].Name))


def _fold(names: list[str]) -> list[str]:
    return [name.casefold() for name in names]


def _all(found: Panel) -> Iterator[tuple[Any, str, tuple[str, ...]]]:
    """Yield every screen with its kind and the names of its folders."""
    if found.unified:
        yield from ((each, "Screen", names) for each, names in panels.walk(found.software, "Screens", "ScreenGroups"))
        return
    for folder, kind, word, _ in _TREES:
        root = getattr(found.software, folder)
        yield from ((each, word, names) for each, names in panels.walk(root, kind, "Folders"))


def _node(folder: Any, collection: str, inner: str, word: str, title: str, names: tuple[str, ...]) -> ScreenNode:
    children = [
        _node(below, collection, panels.deeper(inner), word, str(below.Name), (*names, str(below.Name)))
        for below in getattr(folder, inner)
    ]
    children += [
        ScreenNode(str(each.Name), word, False, groups.join((*names, str(each.Name))))
        for each in getattr(folder, collection)
    ]
    return ScreenNode(title, "UserFolder" if names else "Folder", True, groups.join(names), children)


def _info(session: Session, found: Panel, screen: Any, kind: str, folder: tuple[str, ...]) -> ScreenInfo:
    if not found.unified:
        return _classic_info(found, panels.element(session, screen, found.device), kind, folder)
    return ScreenInfo(
        name=str(screen.Name),
        kind=kind,
        number=int(screen.ScreenNumber),
        width=int(screen.Width),
        height=int(screen.Height),
        folder=groups.join(folder),
        device=found.device,
    )


def _classic_info(found: Panel, element: Element, kind: str, folder: tuple[str, ...]) -> ScreenInfo:
    number, width, height = (xml.number(element, name) for name in ("Number", "Width", "Height"))
    return ScreenInfo(
        name=xml.attribute(element, "Name"),
        kind=kind,
        number=None if number is None else int(number),
        width=None if width is None else int(width),
        height=None if height is None else int(height),
        folder=groups.join(folder),
        device=found.device,
    )


def _typed_item(session: Session, item: Any) -> ScreenItem:
    moved = [each for each in item.Dynamizations if hasattr(each, "Tag")]
    text = getattr(item, "Text", None)
    return ScreenItem(
        name=str(item.Name),
        type=type(item).__name__,
        left=_number(item, "Left"),
        top=_number(item, "Top"),
        width=_number(item, "Width"),
        height=_number(item, "Height"),
        visible=bool(item.Visible),
        layer=None,
        text="" if text is None else next(iter(formatted_text.read(session, text).values()), ""),
        group="",
        bindings=[Binding(str(each.PropertyName), str(each.Tag)) for each in moved],
    )


def _number(item: Any, name: str) -> float | None:
    value = getattr(item, name, None)
    if value is None:
        return None
    return int(value) if float(value).is_integer() else float(value)


# -- files --------------------------------------------------------------------------------


def export(session: Session, device: str, name: str, path: Path) -> None:
    """Write a classic screen to a new SimaticML file.

    Raises:
        Problem: A Unified panel, no such screen, or TIA Portal refuses.
    """
    found = panels.classic(session, device, NO_FILE)
    panels.export(session, find(found, name)[0], path, found.device)


def require_files(session: Session, device: str) -> None:
    """Refuse a panel whose screens have no files.

    Raises:
        Problem: A Unified panel, or no panel.
    """
    panels.classic(session, device, NO_FILE)


def import_file(
    session: Session, device: str, path: Path, elements: list[Element], folder: str, *, override: bool
) -> list[Put]:
    """Import the screens, templates or pop-up screens of a SimaticML file; returns them.

    Args:
        session: The portal.
        device: The panel.
        path: The file.
        elements: Its objects.
        folder: The folder.
        override: Whether screens of the same names are replaced.

    Raises:
        Problem: A Unified panel, a refused file, or a used screen number; then TIA Portal imports nothing.
    """
    found = panels.classic(session, device, NO_FILE)
    where = _place_of(elements, path)
    if where[2] == "Screen":
        _require_free_numbers(session, found, elements)
    destination = Destination(getattr(found.software, where[0]), where[1], tuple(groups.split(folder)))
    return import_document(session, destination, path, names_of(elements), found.device, where[2], override=override)


def _place_of(elements: list[Element], path: Path) -> tuple[str, str, str, str]:
    kinds = {
        f"Hmi.Screen.{word if word == 'Screen' else 'Screen' + word.title()}": tree
        for tree in _TREES
        for word in [tree[2]]
    }
    found = {str(element.tag) for element in elements}
    if len(found) != 1 or not found <= set(kinds):
        msg = f"'{path.name}' has {', '.join(sorted(found)) or 'nothing'}: it must be one of {', '.join(kinds)}."
        raise Problem("hmi.import_kind", msg, place=Place(path=path.name))
    return kinds[found.pop()]


def _require_free_numbers(session: Session, found: Panel, elements: list[Element]) -> None:
    """Refuse a number that another screen has: it would end TIA Portal."""
    coming = {xml.attribute(each, "Name").casefold(): xml.attribute(each, "Number") for each in elements}
    numbers = [number for number in coming.values() if number]
    others = {
        xml.attribute(element, "Number"): str(screen.Name)
        for screen, kind, _ in _all(found)
        if kind == "Screen" and str(screen.Name).casefold() not in coming
        for element in [panels.element(session, screen, found.device)]
    }
    for number in numbers:
        if number in others or numbers.count(number) > 1:
            owner = others.get(number, "another screen of the file")
            msg = f"'{owner}' uses the screen number {number}: give the screen another number in the file."
            raise Problem("hmi.screen_number", msg, kind=Kind.CONFLICT, place=Place(device=found.device, object=owner))


# -- changing -----------------------------------------------------------------------------


def create(
    session: Session, device: str, name: str, folder: str, width: int | None, height: int | None, number: int | None
) -> ScreenInfo:
    """Make an empty screen on a Unified panel, in a group that is made where it is missing.

    Raises:
        Problem: A classic panel, whose screens are imported; or TIA Portal refuses a name or number.
    """
    found = panels.require_unified(session, device, "its screens are imported: use hmi/screens/actions/import.")
    names = groups.split(folder)
    with (
        transaction(session, f"Create {name}"),
        refused_as("hmi.screen_refused", Kind.REFUSED, device=device, object=name),
    ):
        home = panels.find_or_create_folder(found.software, "ScreenGroups", names, found.device)
        made = home.Screens.Create(name)
        for attribute, kind, value in (
            ("Width", "UInt32", width),
            ("Height", "UInt32", height),
            ("ScreenNumber", "UInt16", number),
        ):
            if value is not None:
                set_attribute(session.model, made, attribute, boxed(session.model, kind, value))
    return _info(session, found, made, "Screen", names)


def add_items(session: Session, device: str, name: str, items: list[NewItem]) -> ScreenDetails:
    """Put items on a screen of a Unified panel, all or none.

    Raises:
        Problem: A classic panel, no such screen or type of item, or TIA Portal refuses one.
    """
    found = panels.require_unified(session, device, "its screens are imported whole: use hmi/screens/actions/import.")
    screen, _, _ = find(found, name)
    with transaction(session, f"Change {name}"):
        for number, item in enumerate(items):
            try:
                with refused_as("hmi.item_refused", Kind.REFUSED, device=device, object=item.name):
                    _add_item(session, screen, item)
            except Problem as problem:
                raise problem.at(pointer=f"/items/{number}") from problem
    return details(session, device, name)


def _add_item(session: Session, screen: Any, item: NewItem) -> None:
    made = screen.ScreenItems.Create[getattr(session.model, item.type)](item.name)
    for attribute, kind, value in (
        ("Left", "Int32", item.left),
        ("Top", "Int32", item.top),
        ("Width", "UInt32", item.width),
        ("Height", "UInt32", item.height),
    ):
        if value is not None:
            _require(made, attribute, item)
            set_attribute(session.model, made, attribute, boxed(session.model, kind, value))
    if item.texts:
        _require(made, "Text", item)
        formatted_text.write(session, made.Text, item.texts)
    for binding in item.bindings:
        moved = made.Dynamizations.Create[session.model.TagDynamization](binding.property)
        set_attribute(session.model, moved, "Tag", binding.tag)


def _require(made: Any, attribute: str, item: NewItem) -> None:
    if not hasattr(made, attribute):
        msg = f"A {item.type} has no {attribute}: leave it out."
        raise Problem("hmi.item_property", msg, place=Place(object=item.name))


def delete(session: Session, device: str, name: str) -> ScreenInfo:
    """Delete a screen; returns the deleted screen.

    Raises:
        Problem: There is none, or TIA Portal refuses.
    """
    found = panels.panel(session, device)
    screen, kind, folder = find(found, name)
    gone = _info(session, found, screen, kind, folder)
    with refused_as("hmi.delete_refused", Kind.CONFLICT, device=device, object=name):
        screen.Delete()
    return gone
