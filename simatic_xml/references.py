"""Every use of a name in a program: what compile checks, consistency and cross references start from."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from lxml import etree

from simatic_xml.model import Block, Document, Member, Network, PlcObject, PlcType, TagTable
from simatic_xml.operands import absolute_path, component_names, constant_path, symbol_path
from simatic_xml.xml.residue import local

_QUOTED = re.compile(r'"([^"]+)"')
_BOUND = re.compile(r"\[[^\]]*\]")
_LOCAL_BOUND = re.compile(r'#(\w+|"[^"]+")')


@dataclass(frozen=True, slots=True)
class Reference:
    """One use of a name.

    Attributes:
        kind: ``"global"`` or ``"local"`` variable, ``"constant"``, ``"call"`` of a block, ``"instance"`` of a call,
            ``"type"`` of a declaration, ``"address"`` without a symbol, ``"label"`` of a jump.
        name: The name at the root, without ``#`` or quotes: tag, data block, member, constant, block, data type.
        path: The whole operand as written: ``"Tag"``, ``#x.y[1]``, ``"DB".member``, ``%M0.0``.
        owner: Name of the block, type or tag table that the use is in.
        network: Network, counted from 1; None in a declaration.
        line: Line in the network for SCL and STL, counted from 1, else None.
        uid: UId of the node in the network, where it has one.
        scope: ``"global"`` or ``"local"`` for constants and instances, else ``""``.
        names: The names along the path; ``("DB", "member")``.
        detail: ``FB`` or ``FC`` for a call; the member or tag for a type.
    """

    kind: str
    name: str
    path: str
    owner: str
    network: int | None = None
    line: int | None = None
    uid: int | None = None
    scope: str = ""
    names: tuple[str, ...] = ()
    detail: str = ""


def references(document: Document) -> list[Reference]:
    """Return every use of a name in a document, in the order of the file."""
    return list(chain.from_iterable(object_references(each) for each in document.objects))


def object_references(node: PlcObject) -> Iterator[Reference]:
    """Yield every use of a name in one block, data type or tag table."""
    if isinstance(node, Block):
        if node.instance_of:
            yield _type_reference(node.instance_of, node.name, node.instance_of_type or "")
        for section, member in node.members():
            yield from _find_in_member(member, node.name, f"{section}.")
        for number, network in enumerate(node.networks, start=1):
            yield from network_references(network, number, node.name)
    elif isinstance(node, PlcType):
        for member in node.members:
            yield from _find_in_member(member, node.name, "")
    elif isinstance(node, TagTable):
        for tag in node.tags:
            yield from data_type_references(tag.data_type, node.name, tag.name)


def _find_in_member(member: Member, owner: str, prefix: str) -> Iterator[Reference]:
    place = prefix + member.name
    yield from data_type_references(member.data_type, owner, place)
    for inner in member.members:
        yield from _find_in_member(inner, owner, f"{place}.")


def data_type_references(data_type: str, owner: str, place: str) -> Iterator[Reference]:
    """Yield the names that a data type as written uses: PLC data types, blocks, and constants as bounds."""
    for bound in _BOUND.findall(data_type):
        for name in _LOCAL_BOUND.findall(bound):
            yield _bound_reference(name.strip('"'), f"#{name}", owner, place, "local")
        for name in _QUOTED.findall(_LOCAL_BOUND.sub("", bound)):
            yield _bound_reference(name, f'"{name}"', owner, place, "global")
    for name in _QUOTED.findall(_BOUND.sub("", data_type)):
        yield _type_reference(name, owner, place)


def _bound_reference(name: str, path: str, owner: str, place: str, scope: str) -> Reference:
    return Reference("constant", name, path, owner, scope=scope, names=(name,), detail=place)


def _type_reference(name: str, owner: str, detail: str) -> Reference:
    return Reference("type", name, f'"{name}"', owner, names=(name,), detail=detail)


@dataclass(slots=True)
class _Place:
    """Where in a network the reader is."""

    owner: str
    network: int
    textual: bool
    line: int = 1
    statements: int = field(default=0)

    def reference(
        self, kind: str, node: etree._Element, names: tuple[str, ...], path: str, *, scope: str = "", detail: str = ""
    ) -> Reference:
        uid = node.get("UId", "")
        return Reference(
            kind,
            names[0] if names else "",
            path,
            self.owner,
            self.network,
            self.line if self.textual else None,
            int(uid) if uid.isdecimal() else None,
            scope,
            names,
            detail,
        )


def network_references(network: Network, number: int, owner: str) -> Iterator[Reference]:
    """Yield every use of a name in one network of the block `owner`."""
    if network.source is None:
        return
    root = local(network.source)
    place = _Place(owner, number, root in ("StructuredText", "StatementList"))
    for node in network.source.iter(etree.Element):
        read = _NODES.get(local(node))
        if read is not None:
            yield from read(node, place)


def _new_line(node: etree._Element, place: _Place) -> Iterator[Reference]:
    number = node.get("Num", "1")
    place.line += int(number) if number.isdecimal() and len(number) < 8 else 1
    return iter(())


def _text(node: etree._Element, place: _Place) -> Iterator[Reference]:
    place.line += (node.text or "").count("\n")
    return iter(())


def _statement(_: etree._Element, place: _Place) -> Iterator[Reference]:
    place.statements += 1
    place.line = place.statements
    return iter(())


def _access(node: etree._Element, place: _Place) -> Iterator[Reference]:
    scope = node.get("Scope", "")
    content = next(node.iterchildren("{*}Symbol", "{*}Constant", "{*}Address", "{*}Label"), None)
    if content is None:
        return
    if scope in ("GlobalVariable", "LocalVariable"):
        kind = "global" if scope == "GlobalVariable" else "local"
        yield place.reference(kind, node, component_names(content), symbol_path(content, scope))
    elif scope in ("GlobalConstant", "LocalConstant"):
        names = (_constant_name(content),) if local(content) == "Constant" else component_names(content)
        which = "global" if scope == "GlobalConstant" else "local"
        yield place.reference("constant", node, names, constant_path(names[0] if names else "", which), scope=which)
    elif scope == "Address":
        path = absolute_path(content)
        yield place.reference("address", node, (path,), path)
    elif scope == "Label":
        yield place.reference("label", node, (content.get("Name", ""),), content.get("Name", ""))


def _constant_name(constant: etree._Element) -> str:
    """Return the name of a constant; as an index of an array it is in ConstantValue (measured on V18 exports)."""
    return constant.get("Name") or constant.findtext("{*}ConstantValue") or ""


def _instance(node: etree._Element, place: _Place) -> Iterator[Reference]:
    scope = node.get("Scope", "")
    which = "local" if scope == "LocalVariable" else "global"
    yield place.reference("instance", node, component_names(node), symbol_path(node, scope), scope=which)


def _call(node: etree._Element, place: _Place) -> Iterator[Reference]:
    name = node.get("Name", "")
    if name:
        yield place.reference("call", node, (name,), f'"{name}"', detail=node.get("BlockType", ""))


_NODES: dict[str, Callable[[etree._Element, _Place], Iterator[Reference]]] = {
    "NewLine": _new_line,
    "Text": _text,
    "StlStatement": _statement,
    "Access": _access,
    "Instance": _instance,
    "CallInfo": _call,
}
