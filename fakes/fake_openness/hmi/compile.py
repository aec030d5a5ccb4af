"""What the compiler of panels finds: links to objects that are not there.

A document may name anything: an import does not check links. That a missing graphic fails the compilation was measured;
that the other links do is this project's decision. The sentences are its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fake_openness.core.compile_messages import CompilerResultState, _Finding
from fake_openness.hmi.documents import Element
from fake_openness.hmi.hmi_object import _ClassicSoftware
from fake_openness.hmi.tags import tag_elements
from fake_openness.hmi.unified_objects import _UnifiedObject

_SCREEN_LINKS = {
    "Tag": "tags",
    "Template": "templates",
    "TextList": "textLists",
    "PictureList": "graphicLists",
    "Picture": "graphics",
    "PictureOn": "graphics",
    "PictureOff": "graphics",
}
_WORDS = {
    "tags": "tag",
    "templates": "template",
    "textLists": "text list",
    "graphicLists": "graphic list",
    "graphics": "graphic",
    "connections": "connection",
    "cycles": "cycle",
}
_TAG_LINKS = {"Connection": "connections", "AcquisitionCycle": "cycles"}
_SCREENS = {"screens": "Screens", "templates": "Templates", "popups": "Pop-up screens", "slideins": "Slide-in screens"}
_NAMES = "ObjectName", "Name"


def classic_findings(target: _ClassicSoftware) -> list[_Finding]:
    """Compile a classic panel."""
    known = {
        tree: _keys(target._all(tree)) for tree in ("templates", "textLists", "graphicLists", "connections", "cycles")
    }
    project: Any = target._item._device._hardware.project
    known["graphics"] = _keys(project._graphics._items)
    tables: list[Any] = list(target._all("tags"))
    known["tags"] = {key for table in tables for key in table._load()._by_name}
    found = [
        each
        for tree, title in _SCREENS.items()
        for screen in target._all(tree)
        for each in _links((title, screen._name), screen._element(), _SCREEN_LINKS, known)
    ]
    for table in tables:
        for tag in tag_elements(table._element()):
            found += _links(("HMI tags", table._name, _title(tag)), tag, _TAG_LINKS, known)
    return found or [_up_to_date()]


def compile_unified(objects: Iterable[tuple[tuple[str, ...], _UnifiedObject]]) -> list[_Finding]:
    """Compile a Unified panel: return what Validate reports for each object."""
    found = []
    for path, item in objects:
        for result in item.Validate():
            for texts, state in (
                (result.Errors, CompilerResultState.Error),
                (result.Warnings, CompilerResultState.Warning),
            ):
                found += [_Finding((*path, result.PropertyName), text, state, "hmi.validation") for text in texts]
    return found or [_up_to_date()]


def _up_to_date() -> _Finding:
    return _Finding(("",), "The software of the panel was compiled.", CompilerResultState.Success, "compile.success")


def _keys(items: Iterable[Any]) -> set[str]:
    return {item._name.casefold() for item in items}


def _links(
    path: tuple[str, ...], root: Element, kinds: dict[str, str], known: dict[str, set[str]]
) -> Iterator[_Finding]:
    """Yield a finding for each open link of a document whose target is not there."""
    for link in root.iter(*kinds):
        name = link.findtext("Name") or ""
        kind = kinds[str(link.tag)]
        if link.get("TargetID") == "@OpenLink" and name and name.casefold() not in known[kind]:
            text = f"There is no {_WORDS[kind]} '{name}': create it, or name another."
            yield _Finding((*path, _holder(link, root)), text, code=f"hmi.missing_{_WORDS[kind].replace(' ', '_')}")


def _holder(link: Element, root: Element) -> str:
    """Return the screen item that a link belongs to."""
    for above in link.iterancestors():
        if above is root:
            break
        name = above.findtext("AttributeList/ObjectName")
        if name:
            return name
    return _title(root)


def _title(element: Element) -> str:
    return next((name for each in _NAMES if (name := element.findtext(f"AttributeList/{each}"))), "")
