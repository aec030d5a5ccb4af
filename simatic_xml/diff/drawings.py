"""Drawings of two versions of a network in which each changed element is marked by the attribute ``data-change``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from simatic_xml import drawing
from simatic_xml.diff.changes import Change
from simatic_xml.diff.plain_xml import canonical
from simatic_xml.flgnet.raw import child, children
from simatic_xml.model import Network
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.residue import local

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_DRAWN = frozenset({"FlgNet", "Graph"})
_LOGIC = {"interlock": "Interlocks", "supervision": "Supervisions"}
_OPERATIONS = {"before": "PreOperations", "after": "PostOperations"}


def draw_versions(
    before: Network | None, after: Network | None, changes: Iterable[Change], width: int | None = None
) -> tuple[str | None, str | None]:
    """Draw a network in LAD, FBD or GRAPH as it was and as it is.

    Parts of the network have ``data-part``, steps and transitions ``data-place``. Those that differ have ``data-change``:
    ``removed`` in the first drawing, ``added`` in the second one, ``changed`` in both. The drawing itself has it where the
    other version has no such network.

    Args:
        before: the network in the first version, None where it is not there.
        after: the network in the second version.
        changes: the changes of this network.
        width: beyond which a row continues below, None for any width.

    Returns:
        Both drawings; None where there is no network, or none that is drawn.

    Raises:
        SimaticMLError: a sequence lacks what it needs.
    """
    numbers = [change.parts for change in changes]
    old = {str(part): CHANGED if other else REMOVED for part, other in numbers if part is not None}
    new = {str(part): CHANGED if other else ADDED for other, part in numbers if part is not None}
    places = _find_changed_places(before, after)
    sides = ((before, after, old, REMOVED), (after, before, new, ADDED))
    first, second = (
        _draw(network, marks, places, whole if other is None else "", width) for network, other, marks, whole in sides
    )
    return first, second


def _draw(
    network: Network | None, parts: Mapping[str, str], places: Mapping[str, str], whole: str, width: int | None
) -> str | None:
    if network is None or network.source is None or local(network.source) not in _DRAWN:
        return None
    root = parse_own(drawing.svg(network.source, width))
    marked = [(each, parts.get(each.get("data-part", ""))) for each in root if "data-place" not in each.attrib]
    marked += [(each, places.get(each.get("data-place", ""))) for each in root]
    for element, change in [*marked, (root, whole)]:
        if change:
            element.set("data-change", change)
    return etree.tostring(root, encoding="unicode")


def _find_changed_places(before: Network | None, after: Network | None) -> dict[str, str]:
    """Return what happened to each place of a GRAPH program that both versions of a network have or one lacks."""
    if before is None or after is None:
        return {}
    old, new = dict(_places(before)), dict(_places(after))
    return {
        place: REMOVED if place not in new else ADDED if place not in old else CHANGED
        for place in {**old, **new}
        if old.get(place) != new.get(place)
    }


def _places(network: Network) -> Iterator[tuple[str, str]]:
    """Yield the places of a GRAPH program, as its drawing names them, with what each says."""
    source = network.source
    if source is None or local(source) != "Graph":
        return
    for key, tag in _OPERATIONS.items():
        holder = child(source, tag)
        for number, each in enumerate([] if holder is None else children(holder, "PermanentOperation"), start=1):
            yield f"{key}.{number}", canonical(each)
    for each in source.iter("{*}Transition"):
        yield f"T{each.get('Number')}", canonical(each)
    for each in source.iter("{*}Step"):
        parts = {key: child(each, tag) for key, tag in _LOGIC.items()}
        logic = {key: "" if part is None else canonical(part) for key, part in parts.items()}
        yield from ((f"S{each.get('Number')}.{key}", text) for key, text in logic.items())
        text = canonical(each)
        for inner in logic.values():
            text = text.replace(inner, "") if inner else text
        yield f"S{each.get('Number')}", text
