"""Reads the SimaticML of classic HMI objects: screens with their items, tags, lists, connections.

Facts: exports of V18; element names in docs/facts/openness-hmi.md#classic-panels. A text is a small HTML document in a
text.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from openness_bridge.hmi.formatted_text import Element, join_paragraphs, to_plain
from openness_bridge.project.texts import Text, as_list

ITEM = "ScreenItems"
LIMIT = 2**53


class Binding(msgspec.Struct, rename="camel", frozen=True):
    """A property that a tag sets at run time.

    Attributes:
        property: Such as ProcessValue; of an animation its name.
    """

    property: str
    tag: str


class ScreenItem(msgspec.Struct, rename="camel", frozen=True):
    """An item of a screen. Places and sizes are in pixels; null where the item has none.

    Attributes:
        type: Its kind in TIA Portal, such as Button or HmiIOField.
        layer: Index of its layer; null on a Unified panel.
        text: Its text, in the first language that has one.
        group: The group that it is in, or empty.
    """

    name: str
    type: str
    left: float | None
    top: float | None
    width: float | None
    height: float | None
    visible: bool
    layer: int | None
    text: str
    group: str
    bindings: list[Binding]


class ListEntry(msgspec.Struct, rename="camel", frozen=True):
    """An entry of a text or graphic list.

    Attributes:
        to: The end of its range; the same as its start for a single value.
        texts: Its text in each language that has one; empty in a graphic list.
        graphic: The graphic of an entry of a graphic list.
    """

    start: str
    to: str
    texts: list[Text]
    graphic: str


def attribute(element: Element, name: str) -> str:
    """Return a value of an object's own attribute list, or empty."""
    return element.findtext(f"AttributeList/{name}") or ""


def link(element: Element, name: str) -> str:
    """Return the name of the linked object, or empty."""
    return element.findtext(f"LinkList/{name}/Name") or ""


def number(element: Element, name: str) -> float | None:
    """Return a number of an object's attribute list, or None where none could be a place, size or number."""
    text = attribute(element, name)
    try:
        found = float(text)
    except ValueError:
        return None
    if not abs(found) < LIMIT:
        return None
    return int(found) if found.is_integer() else found


def texts(element: Element, composition: str) -> dict[str, str]:
    """Return a text of an object by language, without markup, without languages that have none."""
    found = {}
    for item in element.findall(f"ObjectList/MultilingualText[@CompositionName='{composition}']/ObjectList/*"):
        text = _plain(item.find("AttributeList/Text"))
        if text:
            found[attribute(item, "Culture")] = text
    return found


def _plain(text: Element | None) -> str:
    """Return a text without its markup, which is either escaped or there as elements."""
    if text is None:
        return ""
    return (join_paragraphs(text) if len(text) else to_plain((text.text or "").strip())).strip()


# -- screens ------------------------------------------------------------------------------


def screen_items(screen: Element) -> list[ScreenItem]:
    """Return the items of a screen, those in groups too, in the order of the document."""
    layers = screen.findall("ObjectList/*[@CompositionName='Layers']")
    return [item for layer in layers for item in _items(layer, int(number(layer, "Index") or 0), "")]


def _items(owner: Element, layer: int, group: str) -> Iterator[ScreenItem]:
    for element in owner.findall(f"ObjectList/*[@CompositionName='{ITEM}']"):
        name = attribute(element, "ObjectName") or attribute(element, "Name")
        yield ScreenItem(
            name=name,
            type=str(element.tag).rpartition(".")[2],
            left=number(element, "Left"),
            top=number(element, "Top"),
            width=number(element, "Width"),
            height=number(element, "Height"),
            visible=attribute(element, "Visible") != "false",
            layer=layer,
            text=_first_text(element),
            group=group,
            bindings=list(_bindings(element)),
        )
        yield from _items(element, layer, name)


def _first_text(element: Element) -> str:
    found = (text for composition in ("Text", "TextOff", "TextOn") for text in texts(element, composition).values())
    return next(found, "")


def _bindings(item: Element) -> Iterator[Binding]:
    for tag in item.iter("Tag"):
        owners = [each for each in tag.iterancestors() if each.get("CompositionName")]
        if next(each for each in owners if each.get("CompositionName") == ITEM) is not item:
            continue
        inside = owners[: owners.index(item)]
        named = next((attribute(each, "Name") for each in reversed(inside) if attribute(each, "Name")), "")
        yield Binding(named, tag.findtext("Name") or "")


# -- lists --------------------------------------------------------------------------------


def entries(element: Element) -> list[ListEntry]:
    """Return the entries of a text or graphic list."""
    return [
        ListEntry(
            start=attribute(entry, "From"),
            to=attribute(entry, "To"),
            texts=as_list(texts(entry, "Text")),
            graphic=link(entry, "Graphic") or link(entry, "Picture"),
        )
        for entry in element.findall("ObjectList/*[@CompositionName='Entries']")
    ]
