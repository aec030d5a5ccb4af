"""Write the typed graph as the ``FlgNet`` element, in the order and spelling of TIA Portal's export."""

from lxml import etree

from simatic_xml.flgnet.catalogue import pin_type
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Part, Pin, Template
from simatic_xml.flgnet.operand import access_element, instance_element
from simatic_xml.flgnet.raw import new_root, qualify

Attributes = dict[str, str]


def build(network: NetworkGraph, namespace: str, pointers: dict[int, str] | None = None) -> etree._Element:
    """Write the graph as a ``FlgNet`` element: operands before parts, both in the graph's order.

    Args:
        network: the graph, fully numbered.
        namespace: namespace of every element; empty for none.
        pointers: JSON pointer by UId of an operand or part, for error messages.

    Raises:
        FlgNetError: an operand text that is none, or text that XML does not allow.
    """
    try:
        return _Builder(namespace, pointers or {}).network(network)
    except FlgNetError:
        raise
    except ValueError as error:
        raise FlgNetError("characters", f"A name or text has characters that XML does not allow: {error}.") from error


class _Builder:
    def __init__(self, namespace: str, pointers: dict[int, str]) -> None:
        self.namespace = namespace
        self.pointers = pointers

    def network(self, network: NetworkGraph) -> etree._Element:
        root = new_root("FlgNet", self.namespace)
        if network.labels:
            labels = self.add(root, "Labels")
            for label in network.labels:
                self.add(self.add(labels, "LabelDeclaration", {"UId": str(label.uid)}), "Label", {"Name": label.name})
        parts = self.add(root, "Parts")
        self.accesses(network, parts)
        for part in network.parts:
            self.part(parts, part)
        wires = self.add(root, "Wires")
        for wire in network.wires:
            node = self.add(wires, "Wire", {"UId": str(wire.uid)})
            for end in wire.ends:
                self.end(node, end)
        return root

    def add(
        self, parent: etree._Element, tag: str, attributes: Attributes | None = None, text: str | None = None
    ) -> etree._Element:
        node = etree.SubElement(parent, qualify(tag, self.namespace), attributes or {})
        node.text = text
        return node

    def accesses(self, network: NetworkGraph, parent: etree._Element) -> None:
        parts = {part.uid: part for part in network.parts}
        expected = {
            access.uid: pin_type(parts[pin.part], pin.name)
            for pin, access in network.operands().items()
            if pin.part in parts
        }
        for access in network.accesses:
            pointer = self.pointers.get(access.uid, "")
            element = access_element(access.text, self.namespace, expected.get(access.uid), pointer)
            element.set("UId", str(access.uid))
            parent.append(element)

    def part(self, parent: etree._Element, part: Part) -> None:
        if part.is_call:
            self.call(parent, part)
            return
        optional = {"Version": part.version, "UId": str(part.uid), "DisabledENO": _boolean(part.disabled_eno)}
        attributes = {"Name": part.name} | {name: value for name, value in optional.items() if value is not None}
        node = self.add(parent, "Part", attributes)
        self.instance(node, part)
        if part.equation is not None:
            self.add(node, "Equation", text=part.equation)
        for template in part.templates:
            self.template(node, template)
        self.negations(node, part)

    def call(self, parent: etree._Element, part: Part) -> None:
        node = self.add(parent, "Call", {"UId": str(part.uid)})
        info = self.add(node, "CallInfo", {"Name": part.name, "BlockType": part.block_type or "FC"})
        self.instance(info, part)
        for parameter in part.parameters:
            values = {"Name": parameter.name, "Section": parameter.section, "Type": parameter.data_type}
            self.add(info, "Parameter", {name: value for name, value in values.items() if value is not None})
        self.negations(node, part)

    def instance(self, parent: etree._Element, part: Part) -> None:
        if part.instance is not None:
            node = instance_element(part.instance, self.namespace, self.pointers.get(part.uid, "") + "/instance")
            node.set("UId", str(part.instance_uid))
            parent.append(node)

    def template(self, parent: etree._Element, template: Template) -> None:
        if template.value is None:
            self.add(parent, "AutomaticTyped", {"Name": template.name})
        else:
            self.add(parent, "TemplateValue", {"Name": template.name, "Type": template.kind}, template.value)

    def negations(self, parent: etree._Element, part: Part) -> None:
        for name in part.negated:
            self.add(parent, "Negated", {"Name": name})

    def end(self, parent: etree._Element, end: End) -> None:
        match end:
            case Pin():
                self.add(parent, "NameCon", {"UId": str(end.part), "Name": end.name})
            case Ident():
                self.add(parent, "IdentCon", {"UId": str(end.access)})
            case Open():
                self.add(parent, "OpenCon", {"UId": str(end.uid)})
            case _:
                self.add(parent, "Powerrail")


def _boolean(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()
