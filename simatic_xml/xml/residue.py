"""What a file says beyond the model: edits from the XML that a node usually has to the XML that was read.

Each node of the model (block, network, section, member, tag...) keeps the edits for its own part of the tree, so that
they stay with it when other nodes are added, moved or removed. Edits are plain JSON data:

- ``["attributes", path, {"set": {name: value}, "drop": [name], "order": [name]}]``
- ``["text", path, usual, found]`` made only while the usual text is still there
- ``["tail", path, found]`` text after an element
- ``["children", path, [0, "<Unknown/>", 1, ...], 3]`` index of a usual child, or the XML of one that the model lacks;
  last how many usual children there were, so that children added or removed since are distinguished from those left out

A path is the list of child positions from the node's element.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.xml.layout import compact
from simatic_xml.xml.parsing import parse_own

Edit = list[Any]
NODE_TAGS = frozenset({"Member", "Section", "Subelement"})
"""Elements that are nodes of the model and keep their own edits, as all objects do."""
_UNCOMPARED = frozenset({"ID"})


def difference(usual: etree._Element, found: etree._Element, node_tags: frozenset[str] = NODE_TAGS) -> list[Edit]:
    """Return the edits that turn the element `usual` into `found`, leaving out what belongs to nodes within.

    Args:
        usual: The node's element as the model gives it.
        found: The element that was read.
        node_tags: Elements that keep their own edits.
    """
    return list(_compare(usual, found, [], node_tags))


def apply(text: str, edits: list[Edit]) -> str:
    """Return the XML `text` of a node with `edits` made.

    Raises:
        SimaticMLError: ``"character"``, where an edit has a name or text that XML does not allow.
    """
    root = parse_own(text)
    targets = [_follow(root, edit[1]) for edit in edits]
    try:
        for edit, target in zip(edits, targets, strict=True):
            if target is not None:
                _MAKE[edit[0]](target, *edit[2:])
    except SimaticMLError:
        raise
    except ValueError as error:
        raise SimaticMLError("character", f"An edit of an element is not valid: {error}.") from error
    return compact(root)


def are_edits(data: list[Any]) -> bool:
    """Return whether JSON data is a list of edits."""
    return all(
        isinstance(edit, list)
        and len(edit) > 2
        and isinstance(edit[1], list)
        and all(isinstance(step, int) and step >= 0 for step in edit[1])
        and _is_edit(edit[0], edit[2:])
        for edit in data
    )


def _is_edit(kind: object, rest: list[Any]) -> bool:
    match kind, rest:
        case "text", [str(), str()]:
            return True
        case "tail", [str()]:
            return True
        case "attributes", [dict(change)]:
            return _is_attribute_change(change)
        case "children", [list(sequence), int(count)]:
            return all(isinstance(item, str) or (isinstance(item, int) and 0 <= item < count) for item in sequence)
    return False


def _is_attribute_change(change: dict[Any, Any]) -> bool:
    values = change.get("set", {})
    names = [change.get("drop", []), change.get("order", [])]
    return (
        isinstance(values, dict)
        and all(isinstance(value, str) for value in values.values())
        and all(isinstance(each, list) and all(isinstance(name, str) for name in each) for each in names)
    )


def same(one: etree._Element, other: etree._Element) -> bool:
    """Return whether two trees are equal, object IDs and the text after them apart."""
    return (
        one.tag == other.tag
        and _attributes(one) == _attributes(other)
        and (one.text or "") == (other.text or "")
        and len(one) == len(other)
        and all(
            (ours.tail or "") == (theirs.tail or "") and same(ours, theirs)
            for ours, theirs in zip(one, other, strict=True)
        )
    )


def _attributes(element: etree._Element) -> list[tuple[object, object]]:
    return [item for item in element.items() if item[0] not in _UNCOMPARED]


def local(element: etree._Element) -> str:
    """Return the element's name without its namespace, or ``""`` for a comment or processing instruction."""
    return _local(element.tag)


@lru_cache(maxsize=4096)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _compare(
    usual: etree._Element, found: etree._Element, path: list[int], node_tags: frozenset[str]
) -> Iterator[Edit]:
    attributes = _compare_attributes(dict(usual.items()), dict(found.items()))
    if attributes:
        yield ["attributes", path, attributes]
    if (usual.text or "") != (found.text or ""):
        yield ["text", path, usual.text or "", found.text or ""]
    sequence, pairs = _match_children(usual, found)
    if sequence != list(range(len(usual))):
        yield ["children", path, sequence, len(usual)]
    for index, ours, theirs in pairs:
        if (ours.tail or "") != (theirs.tail or ""):
            yield ["tail", [*path, index], theirs.tail or ""]
        if not _is_node(ours, node_tags):
            yield from _compare(ours, theirs, [*path, index], node_tags)


def _is_node(element: etree._Element, node_tags: frozenset[str]) -> bool:
    name = local(element)
    return name in node_tags or name.startswith(("SW.", "Hmi."))


def _compare_attributes(usual: dict[Any, Any], found: dict[Any, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    changed = {key: value for key, value in found.items() if key not in _UNCOMPARED and usual.get(key) != value}
    dropped = [key for key in usual if key not in found]
    if changed:
        result["set"] = changed
    if dropped:
        result["drop"] = dropped
    if [key for key in usual if key in found] + [key for key in found if key not in usual] != list(found):
        result["order"] = list(found)
    return result


def _match_children(
    usual: etree._Element, found: etree._Element
) -> tuple[list[int | str], list[tuple[int, etree._Element, etree._Element]]]:
    open_places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index in range(len(usual) - 1, -1, -1):
        open_places[_key(usual[index])].append(index)
    sequence: list[int | str] = []
    pairs = []
    for child in found:
        places = open_places.get(_key(child))
        if places:
            index = places.pop()
            sequence.append(index)
            pairs.append((index, usual[index], child))
        else:
            sequence.append(_literal(child, found))
    return sequence, pairs


def _key(element: etree._Element) -> tuple[Any, ...]:
    if not isinstance(element.tag, str):
        return (str(element.tag), element.text)
    return (local(element), element.get("CompositionName"))


def _literal(child: etree._Element, parent: etree._Element) -> str:
    text = etree.tostring(child, encoding="unicode")
    namespace = parent.nsmap.get(None)
    return text.replace(f' xmlns="{namespace}"', "", 1) if namespace else text


def _follow(root: etree._Element, path: list[int]) -> etree._Element | None:
    element = root
    for index in path:
        if index >= len(element):
            return None
        element = element[index]
    return element


def _edit_attributes(target: etree._Element, change: dict[str, Any]) -> None:
    attributes = {str(key): str(value) for key, value in target.attrib.items()}
    attributes |= change.get("set", {})
    for key in change.get("drop", ()):
        attributes.pop(key, None)
    order = change.get("order", ())
    target.attrib.clear()
    for key in [key for key in order if key in attributes] + [key for key in attributes if key not in order]:
        target.set(key, attributes[key])


def _edit_text(target: etree._Element, usual: str, found: str) -> None:
    if (target.text or "") == usual:
        target.text = found or None


def _edit_tail(target: etree._Element, found: str) -> None:
    target.tail = found or None


def _edit_children(target: etree._Element, sequence: list[int | str], count: int) -> None:
    usual = list(target)
    if len(usual) == count:
        target[:] = [_child(item, target) if isinstance(item, str) else usual[item] for item in sequence]
        return
    before = None
    for item in sequence:
        if isinstance(item, int):
            before = usual[item] if item < len(usual) else before
            continue
        child = _child(item, target)
        target.insert(0 if before is None else target.index(before) + 1, child)
        before = child


def _child(text: str, parent: etree._Element) -> etree._Element:
    namespace = parent.nsmap.get(None)
    declaration = f' xmlns="{namespace}"' if namespace else ""
    holder = parse_own(f"<x{declaration}>{text}</x>")
    if len(holder) != 1 or holder.text:
        raise ValueError("an addition must be one element")
    return holder[0]


_MAKE: dict[str, Callable[..., None]] = {
    "attributes": _edit_attributes,
    "text": _edit_text,
    "tail": _edit_tail,
    "children": _edit_children,
}
