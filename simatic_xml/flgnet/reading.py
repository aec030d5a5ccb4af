"""Read the ``FlgNet`` element as the typed graph."""

from lxml import etree

from simatic_xml import limits
from simatic_xml.flgnet.catalogue import pin_type
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
from simatic_xml.flgnet.operand import operand_text
from simatic_xml.flgnet.raw import child, children, local_name
from simatic_xml.interruption import checkpoint
from simatic_xml.xml.numbers import whole_number


def graph(element: etree._Element) -> NetworkGraph:
    """Read a ``FlgNet`` element as a typed graph.

    Raises:
        LimitError: there are too many parts.
        FlgNetError: a node has no number where it needs one, or a wire end of unknown kind.
    """
    network = NetworkGraph()
    for node in _section(element, "Labels"):
        network.labels.append(Label(_uid(node), str((node[0].get("Name") if len(node) else None) or "")))
    nodes = _section(element, "Parts")
    limits.require("network_parts", len(nodes))
    checkpoint()
    network.parts = [_part(node) for node in nodes if local_name(node) in ("Part", "Call")]
    network.wires = [_wire(node) for node in _section(element, "Wires")]
    expected = _find_expected_types(network)
    for node in nodes:
        if local_name(node) == "Access":
            uid = _uid(node)
            text = operand_text(node, expected.get(uid))
            network.accesses.append(Access(uid, text, node.get("Scope", "")))
    return network


def _section(element: etree._Element, name: str) -> list[etree._Element]:
    section = child(element, name)
    return [] if section is None else list(section)


def _find_expected_types(network: NetworkGraph) -> dict[int, str | None]:
    """Return the data type that the pin of each operand requires, where it is known."""
    parts = {part.uid: part for part in network.parts}
    expected: dict[int, str | None] = {}
    for wire in network.wires:
        pins = [end for end in wire.ends if isinstance(end, Pin) and end.part in parts]
        for end in wire.ends:
            if isinstance(end, Ident) and pins:
                expected[end.access] = pin_type(parts[pins[0].part], pins[0].name)
    return expected


def _uid(node: etree._Element) -> int:
    number = whole_number(node.get("UId"))
    if number is None:
        name = local_name(node)
        raise FlgNetError(
            "uid", f"<{name}> has no number in UId ({node.get('UId')!r}); number all nodes of the network."
        )
    return number


def _part(node: etree._Element) -> Part:
    if local_name(node) == "Call":
        return _call(node)
    instance = child(node, "Instance")
    eno = node.get("DisabledENO")
    return Part(
        uid=_uid(node),
        name=node.get("Name", ""),
        version=node.get("Version"),
        instance=None if instance is None else operand_text(instance),
        instance_uid=None if instance is None else _uid(instance),
        negated=_read_negated(node),
        templates=_templates(node),
        equation=_text(child(node, "Equation")),
        disabled_eno=None if eno is None else eno == "true",
    )


def _call(node: etree._Element) -> Part:
    info = child(node, "CallInfo")
    if info is None:
        raise FlgNetError("call", f"The call {node.get('UId')} has no CallInfo; add the name of the called block.")
    instance = child(info, "Instance")
    return Part(
        uid=_uid(node),
        name=info.get("Name", ""),
        block_type=info.get("BlockType", ""),
        instance=None if instance is None else operand_text(instance),
        instance_uid=None if instance is None else _uid(instance),
        negated=_read_negated(node),
        parameters=tuple(
            Parameter(p.get("Name", ""), p.get("Section"), p.get("Type")) for p in children(info, "Parameter")
        ),
    )


def _read_negated(node: etree._Element) -> tuple[str, ...]:
    return tuple(negated.get("Name", "") for negated in children(node, "Negated"))


def _text(node: etree._Element | None) -> str | None:
    return None if node is None else node.text or ""


def _templates(node: etree._Element) -> tuple[Template, ...]:
    found: list[Template] = []
    for entry in node:
        if local_name(entry) == "TemplateValue":
            found.append(Template(entry.get("Name", ""), entry.get("Type", ""), entry.text or ""))
        elif local_name(entry) == "AutomaticTyped":
            found.append(Template(entry.get("Name", ""), "Type", None))
    return tuple(found)


def _wire(node: etree._Element) -> Wire:
    return Wire(_uid(node), tuple(_end(entry) for entry in node))


def _end(node: etree._Element) -> End:
    match local_name(node):
        case "Powerrail":
            return Rail()
        case "NameCon":
            return Pin(_uid(node), node.get("Name", ""))
        case "IdentCon":
            return Ident(_uid(node))
        case "OpenCon":
            return Open(_uid(node))
    raise FlgNetError(
        "wire-end", f"A wire cannot end in <{local_name(node)}>; use a pin, an operand, the rail or an open end."
    )
