"""Read blocks, PLC data types, tag tables, watch tables and force tables."""

from collections.abc import Callable

from lxml import etree

from simatic_xml.model import (
    Block,
    ForceTable,
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
from simatic_xml.model.blocks import BLOCK_KINDS
from simatic_xml.reading.interface import read_interface
from simatic_xml.reading.lists import AttributeList, Pairs, objects_of, read_attributes, read_number, read_texts


def read_object(element: etree._Element, pairs: Pairs) -> PlcObject:
    """Read one object of a document; kinds without a model become `Opaque`."""
    prefix, _, kind = str(element.tag).rpartition(".")
    if prefix in ("SW.Blocks", "SW.TechnologicalObjects") and kind in BLOCK_KINDS:
        return _read_block(kind, element, pairs)
    read = _READERS.get(str(element.tag))
    return Opaque(element) if read is None else read(element, pairs)


def _read_block(kind: str, element: etree._Element, pairs: Pairs) -> Block:
    entries = read_attributes(element)
    plain = entries.plain
    sections, version = read_interface(entries.parts.pop("Interface", None), pairs)
    block = Block(
        kind,
        plain.pop("Name", ""),
        read_number(plain.pop("Number", None), element),
        entries.take_bool("AutoNumber"),
        plain.pop("ProgrammingLanguage", None),
        plain.pop("MemoryLayout", None),
        read_texts(element, "Title"),
        read_texts(element, "Comment"),
        sections,
        [_read_network(unit, pairs) for unit in objects_of(element, "SW.Blocks.CompileUnit")],
        plain,
        entries.read_only,
        entries.parts,
        plain.pop("SecondaryType", None),
        plain.pop("InstanceOfName", None),
        plain.pop("InstanceOfType", None),
        version,
    )
    pairs.append((block, element))
    return block


def _read_network(element: etree._Element, pairs: Pairs) -> Network:
    entries = read_attributes(element)
    source = entries.parts.get("NetworkSource")
    entries.plain.pop("NetworkSource", None)
    network = Network(
        entries.plain.pop("ProgrammingLanguage", ""),
        read_texts(element, "Title"),
        read_texts(element, "Comment"),
        None if source is None else source[0],
        entries.plain,
    )
    pairs.append((network, element))
    return network


def _read_type(element: etree._Element, pairs: Pairs) -> PlcType | Opaque:
    entries = read_attributes(element)
    sections, version = read_interface(entries.parts.pop("Interface", None), pairs)
    if not _is_plain_type(sections):
        return Opaque(element)
    plc_type = PlcType(
        entries.plain.pop("Name", ""),
        sections[0].members,
        read_texts(element, "Title"),
        read_texts(element, "Comment"),
        entries.plain,
        entries.read_only,
        entries.parts,
        version,
    )
    pairs.append((plc_type, element))
    return plc_type


def _is_plain_type(sections: list[Section]) -> bool:
    return len(sections) == 1 and sections[0].name == "None" and not sections[0].base


def _read_tag_table(element: etree._Element, pairs: Pairs) -> TagTable:
    entries = read_attributes(element)
    table = TagTable(entries.plain.pop("Name", ""))
    table.tags = [_read_tag(child, pairs) for child in objects_of(element, "SW.Tags.PlcTag")]
    table.constants = [_read_constant(child, pairs) for child in objects_of(element, "SW.Tags.PlcUserConstant")]
    table.attributes = _all_plain(entries)
    pairs.append((table, element))
    return table


def _read_tag(element: etree._Element, pairs: Pairs) -> Tag:
    entries = read_attributes(element)
    plain = entries.plain
    tag = Tag(
        plain.pop("Name", ""),
        plain.pop("DataTypeName", ""),
        plain.pop("LogicalAddress", ""),
        read_texts(element, "Comment"),
        entries.take_bool("ExternalAccessible"),
        entries.take_bool("ExternalVisible"),
        entries.take_bool("ExternalWritable"),
        _all_plain(entries),
    )
    pairs.append((tag, element))
    return tag


def _read_constant(element: etree._Element, pairs: Pairs) -> UserConstant:
    entries = read_attributes(element)
    plain = entries.plain
    constant = UserConstant(
        plain.pop("Name", ""),
        plain.pop("DataTypeName", ""),
        plain.pop("Value", ""),
        read_texts(element, "Comment"),
        _all_plain(entries),
    )
    pairs.append((constant, element))
    return constant


def _watch_reader(table_type: type[WatchTable], entry_tag: str) -> Callable[[etree._Element, Pairs], WatchTable]:
    def read(element: etree._Element, pairs: Pairs) -> WatchTable:
        entries = read_attributes(element)
        table = table_type(entries.plain.pop("Name", ""))
        table.entries = [_read_entry(child, pairs) for child in objects_of(element, entry_tag)]
        table.attributes = _all_plain(entries)
        pairs.append((table, element))
        return table

    return read


def _read_entry(element: etree._Element, pairs: Pairs) -> WatchEntry:
    entries = read_attributes(element)
    plain = entries.plain
    entry = WatchEntry(
        plain.pop("Name", None),
        plain.pop("Address", None),
        plain.pop("DisplayFormat", None),
        read_texts(element, "Comment"),
        _all_plain(entries),
    )
    pairs.append((entry, element))
    return entry


def _all_plain(entries: AttributeList) -> dict[str, str]:
    return entries.plain | entries.read_only


_READERS: dict[str, Callable[[etree._Element, Pairs], PlcObject]] = {
    "SW.Types.PlcStruct": _read_type,
    "SW.Tags.PlcTagTable": _read_tag_table,
    "SW.WatchAndForceTables.PlcWatchTable": _watch_reader(WatchTable, "SW.WatchAndForceTables.PlcWatchTableEntry"),
    "SW.WatchAndForceTables.PlcForceTable": _watch_reader(ForceTable, "SW.WatchAndForceTables.PlcForceTableEntry"),
}
