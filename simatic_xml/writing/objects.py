"""Write blocks, PLC data types, tag tables, watch tables and force tables."""

import re

from lxml import etree

from simatic_xml.model import (
    Block,
    Network,
    Opaque,
    PlcObject,
    PlcType,
    Section,
    Tag,
    TagTable,
    UserConstant,
    WatchEntry,
    WatchTable,
)
from simatic_xml.writing.interface import interface
from simatic_xml.writing.parts import attribute_list, element, multilingual, object_list, with_extra
from simatic_xml.xml.escape import branch
from simatic_xml.xml.layout import Writer, compact

_RICH_TEXT = re.compile(r"<Text>(<body>.*?</body>)</Text>", re.DOTALL)


def write_object(node: PlcObject, writer: Writer) -> str:
    """Return the XML of one object of a document."""
    if isinstance(node, Opaque):
        return _opaque(node, writer)
    if isinstance(node, Block):
        return _block(node, writer)
    if isinstance(node, PlcType):
        return _type(node, writer)
    return _tag_table(node) if isinstance(node, TagTable) else _watch_table(node)


def _opaque(node: Opaque, writer: Writer) -> str:
    text = compact(node.element)
    if "<body>" in text:
        return _RICH_TEXT.sub(lambda match: f"<Text>{writer.hold_raw(match[1])}</Text>", text)
    return text


def write_network(node: Network, writer: Writer) -> str:
    """Return the XML of one network."""
    source = branch("NetworkSource", "" if node.source is None else writer.hold_element(node.source))
    attributes = attribute_list(
        {**node.attributes, "ProgrammingLanguage": node.language}, parts={"NetworkSource": source}
    )
    objects = object_list(multilingual("Comment", node.comment) + multilingual("Title", node.title))
    return with_extra(element("SW.Blocks.CompileUnit", "CompileUnits", attributes + objects), node.extra)


def _block(node: Block, writer: Writer) -> str:
    plain = {
        **node.attributes,
        "AutoNumber": node.auto_number,
        "InstanceOfName": node.instance_of,
        "InstanceOfType": node.instance_of_type,
        "MemoryLayout": node.memory_layout,
        "Name": node.name,
        "Number": node.number,
        "ProgrammingLanguage": node.language,
        "SecondaryType": node.secondary_type,
    }
    parts: dict[str, etree._Element | str] = dict(node.parts)
    if node.interface:
        parts["Interface"] = interface(node.interface, node.interface_version, writer)
    objects = object_list(
        multilingual("Comment", node.comment)
        + "".join([write_network(network, writer) for network in node.networks])
        + multilingual("Title", node.title)
    )
    group = "TechnologicalObjects" if node.kind == "TechnologicalInstanceDB" else "Blocks"
    content = attribute_list(plain, node.read_only, parts) + objects
    return with_extra(element(f"SW.{group}.{node.kind}", "", content), node.extra)


def _type(node: PlcType, writer: Writer) -> str:
    parts: dict[str, etree._Element | str] = dict(node.parts)
    parts["Interface"] = interface([Section("None", node.members)], node.interface_version, writer)
    attributes = attribute_list({**node.attributes, "Name": node.name}, node.read_only, parts)
    objects = object_list(multilingual("Comment", node.comment) + multilingual("Title", node.title))
    return with_extra(element("SW.Types.PlcStruct", "", attributes + objects), node.extra)


def _tag_table(node: TagTable) -> str:
    attributes = attribute_list({**node.attributes, "Name": node.name})
    objects = "".join([write_tag(tag) for tag in node.tags] + [write_constant(each) for each in node.constants])
    return with_extra(element("SW.Tags.PlcTagTable", "", attributes + object_list(objects)), node.extra)


def write_tag(node: Tag) -> str:
    """Return the XML of one tag."""
    plain = {
        **node.attributes,
        "DataTypeName": node.data_type,
        "ExternalAccessible": node.external_accessible,
        "ExternalVisible": node.external_visible,
        "ExternalWritable": node.external_writable,
        "LogicalAddress": node.address,
        "Name": node.name,
    }
    objects = object_list(multilingual("Comment", node.comment))
    return with_extra(element("SW.Tags.PlcTag", "Tags", attribute_list(plain) + objects), node.extra)


def write_constant(node: UserConstant) -> str:
    """Return the XML of one user constant."""
    plain = {**node.attributes, "DataTypeName": node.data_type, "Name": node.name, "Value": node.value}
    objects = object_list(multilingual("Comment", node.comment))
    content = attribute_list(plain) + objects
    return with_extra(element("SW.Tags.PlcUserConstant", "UserConstants", content), node.extra)


def _watch_table(node: WatchTable) -> str:
    tag = f"SW.WatchAndForceTables.Plc{node.kind}"
    entries = "".join(write_entry(entry, f"{tag}Entry") for entry in node.entries)
    attributes = attribute_list({**node.attributes, "Name": node.name})
    return with_extra(element(tag, "", attributes + object_list(entries)), node.extra)


def write_entry(node: WatchEntry, tag: str = "SW.WatchAndForceTables.PlcWatchTableEntry") -> str:
    """Return the XML of one line of a watch or force table, as an element `tag`."""
    plain = {**node.attributes, "Address": node.address, "DisplayFormat": node.display_format, "Name": node.name}
    content = attribute_list(plain) + object_list(multilingual("Comment", node.comment))
    return with_extra(element(tag, "Entries", content), node.extra)
