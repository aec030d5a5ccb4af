"""Write a document for another TIA version: namespaces, entries and spelling of that version, or a clear refusal."""

import re
from dataclasses import replace

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Block, Document, Member, Network, PlcObject, PlcType
from simatic_xml.versions import VERSIONS, TiaVersion, tia_version
from simatic_xml.xml.layout import compact, regular_layout
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.residue import local

_SINCE = {"DBAccessibleFromOPCUA": "V15", "DBAccessibleFromWebserver": "V17", "Namespace": "V18"}
_INSIGNIFICANT = frozenset({"", "false", "true"})
_NAMESPACE_NUMBER = re.compile(r"(/NetworkSource/\w+/v)\d+")


def for_version(document: Document, name: str) -> Document:
    """Return a copy of a document that TIA Portal `name` can import; the document itself stays as it is.

    The list of installed products and all read-only entries are left out, as no import reads them.

    Raises:
        SimaticMLError: ``"version"``, where the version is not known or lacks something that the document uses.
    """
    target = tia_version(name)
    layout = regular_layout(target)
    if document.layout is not None:
        layout = replace(layout, encoding=document.layout.encoding)
    return Document(name, [_convert(node, target) for node in document.objects], [], layout)


def _convert(node: PlcObject, target: TiaVersion) -> PlcObject:
    if isinstance(node, Block):
        for section, member in node.members():
            _check_member(member, target, f"{node.name}.{section}")
        return replace(
            node,
            attributes=_entries(node.attributes, target, node.name, code=bool(node.networks)),
            read_only={},
            networks=[_network(network, target, node.name) for network in node.networks],
            interface_version=None,
        )
    if isinstance(node, PlcType):
        for member in node.members:
            _check_member(member, target, node.name)
        entries = _entries(node.attributes, target, node.name, code=False)
        return replace(node, attributes=entries, read_only={}, interface_version=None)
    return node


def _entries(entries: dict[str, str], target: TiaVersion, owner: str, *, code: bool) -> dict[str, str]:
    result = dict(entries)
    order = list(VERSIONS)
    for name, since in _SINCE.items():
        if name in result and order.index(target.name) < order.index(since):
            if result[name] not in _INSIGNIFICANT:
                raise _lacking(target, f"{name} of {owner!r}", since)
            del result[name]
    if target.namespace_attribute:
        result.setdefault("Namespace", "")
    if "SetENOAutomatically" in result:
        value = result["SetENOAutomatically"].lower()
        result["SetENOAutomatically"] = value.capitalize() if target.capital_eno else value
    elif code:
        result["SetENOAutomatically"] = "False" if target.capital_eno else "false"
    return result


def _check_member(member: Member, target: TiaVersion, place: str) -> None:
    path = f"{place}.{member.name}"
    if member.subelements and not target.subelements:
        raise _lacking(target, f"start values of single array elements ({path})", "V16")
    for inner in member.members:
        _check_member(inner, target, path)


def _network(network: Network, target: TiaVersion, owner: str) -> Network:
    return network if network.source is None else replace(network, source=_source(network.source, target, owner))


def _source(source: etree._Element, target: TiaVersion, owner: str) -> etree._Element:
    name = local(source)
    number = target.source_version(name)
    if number is None:
        message = f"The {name} format of TIA Portal {target.name} is not known; write {owner!r} for another version."
        raise SimaticMLError("version", message)
    return parse_own(_NAMESPACE_NUMBER.sub(rf"\g<1>{number}", compact(source), count=1))


def _lacking(target: TiaVersion, what: str, since: str) -> SimaticMLError:
    return SimaticMLError("version", f"TIA Portal {target.name} cannot hold {what}; write it for {since} or later.")
