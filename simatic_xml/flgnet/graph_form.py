"""The graph form: parts and wires as they are in the XML, for what no series of steps can express.

``{"parts": [{"id": 21, "operand": "#a"}, {"id": 22, "box": "Contact"}], "wires": [["rail", [22, "in"]], [21, [22,
"operand"]]]}``. An end of a wire is ``"rail"``, ``"open"``, the id of an operand, or ``[id, pin]`` of a part. Numbers
that are not given (instances, open ends, wires) follow the highest id.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from lxml import etree

from simatic_xml.flgnet.building import build
from simatic_xml.flgnet.catalogue import parts as catalogue
from simatic_xml.flgnet.deviation import find_elements, put_elements
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.model import (
    Access,
    End,
    Ident,
    Label,
    NetworkGraph,
    Open,
    Parameter,
    Part,
    Pin,
    Rail,
    Template,
    Wire,
)
from simatic_xml.flgnet.operand import UNSAYABLE
from simatic_xml.flgnet.reading import graph

_HIGHEST_ID = 999_999_999
_MEMBERS = {"parts", "wires", "labels", "x"}


def write(element: etree._Element) -> dict[str, Any]:
    """Write a ``FlgNet`` element in the graph form."""
    network = graph(element)
    data: dict[str, Any] = {}
    if network.labels:
        data["labels"] = [{"id": label.uid, "name": label.name} for label in network.labels]
    data["parts"] = [{"id": access.uid, "operand": access.text} for access in network.accesses]
    data["parts"] += [_part(part) for part in network.parts]
    data["wires"] = [{"id": wire.uid, "ends": [_end(end) for end in wire.ends]} for wire in network.wires]
    elements = find_elements(build(network, etree.QName(element).namespace or ""), element)
    return data | ({"x": {"elements": elements}} if elements else {})


def _part(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"id": part.uid, "call" if part.is_call else "box": part.name}
    known = None if part.is_call else catalogue().get(part.name)
    if part.is_call:
        data["kind"] = part.block_type
        data["parameters"] = [[p.name, p.section, p.data_type] for p in part.parameters]
    elif part.version != (known.version if known else None):
        data["version"] = part.version
    if part.instance is not None:
        data |= {"instance": part.instance, "instanceId": part.instance_uid}
    if part.templates:
        data["templates"] = [[t.name, t.kind, t.value] for t in part.templates]
    if part.equation is not None:
        data["equation"] = part.equation
    if part.disabled_eno is not None:
        data["disabledENO"] = part.disabled_eno
    return data | ({"negated": list(part.negated)} if part.negated else {})


def _end(end: End) -> Any:
    match end:
        case Pin(part, name):
            return [part, name]
        case Ident(access):
            return access
        case Open(uid):
            return {"open": uid}
    return "rail"


def read(data: dict[str, Any], namespace: str) -> etree._Element:
    """Build the ``FlgNet`` element of a network in the graph form.

    Raises:
        FlgNetError: the data has another shape, or a wire ends at nothing.
    """
    if extra := sorted(set(data) - _MEMBERS):
        raise FlgNetError("member", f"A network has no member {extra[0]!r}; remove it.", f"/{extra[0]}")
    reader = _Reader(data)
    network = reader.network()
    elements = data.get("x", {}).get("elements", {}) if isinstance(data.get("x", {}), dict) else None
    if not isinstance(elements, dict):
        raise FlgNetError("x", "Member 'x' is an object that only an export writes; remove it.", "/x")
    for access in network.accesses:
        if access.text == UNSAYABLE and str(access.uid) not in elements:
            raise FlgNetError("operand", "'?' is a placeholder; write the operand.", reader.pointers[access.uid])
    root = build(network, namespace, reader.pointers)
    put_elements(root, elements, namespace)
    return root


class _Reader:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.pointers: dict[int, str] = {}
        self.kinds: dict[int, type] = {}
        self.fresh: Iterator[int] = count(1)

    def network(self) -> NetworkGraph:
        network = NetworkGraph()
        entries = self.entries("parts")
        self.fresh = count(max([20, *self._ids()]) + 1)
        for index, entry in enumerate(self.entries("labels")):
            pointer = f"/labels/{index}"
            network.labels.append(Label(self.id(entry, pointer), self.text(entry, "name", pointer)))
        for index, entry in enumerate(entries):
            self.node(entry, f"/parts/{index}", network)
        for index, wire in enumerate(self.entries("wires", (dict, list))):
            network.wires.append(self.wire(wire, f"/wires/{index}"))
        return network

    def _ids(self) -> Iterator[int]:
        """Yield every number that is given."""
        wires = [wire for wire in self.entries("wires", (dict, list)) if isinstance(wire, dict)]
        ends = [end for wire in wires if isinstance(wire.get("ends"), list) for end in wire["ends"]]
        for entry in [*self.entries("parts"), *self.entries("labels"), *wires, *ends]:
            if isinstance(entry, dict):
                yield from (entry[key] for key in ("id", "instanceId", "open") if type(entry.get(key)) is int)

    def entries(self, key: str, kinds: tuple[type, ...] = (dict,)) -> list[Any]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, kinds) for entry in value):
            raise FlgNetError("shape", f"Write a list of objects as {key!r}.", f"/{key}")
        return value

    def id(self, entry: dict[str, Any], pointer: str, key: str = "id") -> int:
        value = entry.get(key)
        if type(value) is not int or not 0 <= value <= _HIGHEST_ID:
            raise FlgNetError("id", f"Give a number up to {_HIGHEST_ID} as {key!r}.", f"{pointer}/{key}")
        return value

    def text(self, entry: dict[str, Any], key: str, pointer: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str):
            raise FlgNetError("shape", f"Write a text as {key!r}.", f"{pointer}/{key}")
        return value

    def node(self, entry: dict[str, Any], pointer: str, network: NetworkGraph) -> None:
        uid = self.id(entry, pointer)
        if uid in self.pointers:
            raise FlgNetError("id", f"The id {uid} is given twice.", f"{pointer}/id")
        self.pointers[uid] = pointer
        self.kinds[uid] = Access if "operand" in entry else Part
        if "operand" in entry:
            network.accesses.append(Access(uid, self.text(entry, "operand", pointer), ""))
        else:
            network.parts.append(self.part(uid, entry, pointer))

    def part(self, uid: int, entry: dict[str, Any], pointer: str) -> Part:
        is_call = "call" in entry
        name = self.text(entry, "call" if is_call else "box", pointer)
        known = None if is_call else catalogue().get(name)
        version = entry.get("version", known.version if known else None)
        instance = self.text(entry, "instance", pointer) if "instance" in entry else None
        eno = entry.get("disabledENO")
        return Part(
            uid=uid,
            name=name,
            block_type=self.text({"kind": "FB" if instance else "FC"} | entry, "kind", pointer) if is_call else None,
            version=None if version is None else str(version),
            instance=instance,
            instance_uid=self._number(entry, "instanceId", pointer) if instance is not None else None,
            negated=tuple(str(pin) for pin in self._rows(entry, "negated", pointer)),
            templates=tuple(Template(*row) for row in self._triples(entry, "templates", pointer)),
            parameters=tuple(Parameter(*row) for row in self._triples(entry, "parameters", pointer)),
            equation=self.text(entry, "equation", pointer) if "equation" in entry else None,
            disabled_eno=None if eno is None else bool(eno),
        )

    def _number(self, entry: dict[str, Any], key: str, pointer: str) -> int:
        return self.id(entry, pointer, key) if key in entry else next(self.fresh)

    def _rows(self, entry: dict[str, Any], key: str, pointer: str) -> list[Any]:
        rows = entry.get(key, [])
        if not isinstance(rows, list):
            raise FlgNetError("shape", f"Write a list as {key!r}.", f"{pointer}/{key}")
        return rows

    def _triples(self, entry: dict[str, Any], key: str, pointer: str) -> list[list[Any]]:
        rows = self._rows(entry, key, pointer)
        for index, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != 3 or not all(isinstance(v, str | None) for v in row):
                raise FlgNetError("shape", f"Write three texts as one of {key!r}.", f"{pointer}/{key}/{index}")
        return rows

    def wire(self, entry: Any, pointer: str) -> Wire:
        ends = entry if isinstance(entry, list) else entry.get("ends")
        place = pointer if isinstance(entry, list) else f"{pointer}/ends"
        if not isinstance(ends, list):
            raise FlgNetError("shape", "Write a list of ends.", place)
        read = tuple(self.end(end, f"{place}/{index}") for index, end in enumerate(ends))
        return Wire(next(self.fresh) if isinstance(entry, list) else self._number(entry, "id", pointer), read)

    def end(self, data: Any, pointer: str) -> End:
        match data:
            case "rail":
                return Rail()
            case "open":
                return Open(next(self.fresh))
            case {"open": int(uid)} if 0 <= uid <= _HIGHEST_ID:
                return Open(uid)
            case int(uid) if self.kinds.get(uid) is Access:
                return Ident(uid)
            case [int(uid), str(pin)] if self.kinds.get(uid) is Part:
                return Pin(uid, pin)
        raise FlgNetError("end", "Write 'rail', 'open', the id of an operand or [id, pin] of a part.", pointer)
