"""Blocks, their networks, and PLC data types in JSON."""

from typing import Any

from lxml import etree

from simatic_xml.json_form.defaults import block_entries, complete, default_language, shorten, type_entries
from simatic_xml.json_form.members import member_from_json, member_to_json, sections_from_json, sections_to_json
from simatic_xml.json_form.reader import Reader
from simatic_xml.json_form.texts import Cultures, Json, entries_to_json, put, put_rest
from simatic_xml.model import Block, Network, PlcType, Section
from simatic_xml.network_codecs import root_of, source_from_json, source_to_json
from simatic_xml.versions import TiaVersion
from simatic_xml.xml.tree import from_tree, to_tree

_MEMBERS_ONLY = ("GlobalDB",)
"""Kinds whose interface is one section, written as ``members``."""


def block_to_json(block: Block, version: TiaVersion, cultures: Cultures) -> Json:
    """Return a block."""
    result: Json = {"kind": block.kind, "name": block.name}
    entries, omitted = _beyond(_entries(block), block_entries(block.kind, version, numbered=block.number is not None))
    usual = default_language(block.kind)
    put(
        result,
        number=block.number,
        language=None if block.language == usual and not block.networks else block.language,
        secondaryType=block.secondary_type,
        instanceOf=block.instance_of,
        instanceOfType=None if block.instance_of and block.instance_of_type == "FB" else block.instance_of_type,
        memoryLayout=entries.pop("MemoryLayout", None),
    )
    if "AutoNumber" in entries:
        result["autoNumber"] = entries.pop("AutoNumber") == "true"
    cultures.put(result, "title", block.title)
    cultures.put(result, "comment", block.comment)
    rest = _interface_to_json(block, result, cultures)
    put(
        result,
        attributes=entries_to_json(entries),
        readOnly=entries_to_json(block.read_only),
        networks=[network_to_json(network, block, version, cultures) for network in block.networks],
    )
    omitted += _missing(block, usual)
    put_rest(result, block.extra, omit=omitted, parts=_parts_to_json(block.parts), **rest)
    return result


def _entries(block: Block) -> dict[str, str]:
    entries = dict(block.attributes)
    if block.auto_number is not None:
        entries["AutoNumber"] = "true" if block.auto_number else "false"
    if block.memory_layout is not None:
        entries["MemoryLayout"] = block.memory_layout
    return entries


def _missing(block: Block, usual_language: str) -> list[str]:
    missing = ["ProgrammingLanguage"] if block.language is None and usual_language else []
    if block.instance_of is not None and block.instance_of_type is None:
        missing.append("InstanceOfType")
    if block.kind == "OB" and block.secondary_type is None:
        missing.append("SecondaryType")
    return missing


def _beyond(entries: dict[str, str], usual: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    beyond = {name: value for name, value in entries.items() if usual.get(name) != value}
    return beyond, [name for name in usual if name not in entries]


def _interface_to_json(block: Block, target: Json, cultures: Cultures) -> Json:
    rest: Json = {"interfaceVersion": block.interface_version}
    sections = shorten(block)
    if sections is None:
        rest["sections"] = "as given"
        sections = block.interface
    content = sections_to_json(sections, cultures)
    if block.kind in _MEMBERS_ONLY and isinstance(content, dict) and list(content) in ([], ["Static"]):
        put(target, members=content.get("Static"))
        if list(content) != [section.name for section in sections]:
            rest["sections"] = "none"
    elif content:
        target["interface"] = content
    if rest.get("sections") == "as given" and not block.interface:
        rest["sections"] = "none"
    return rest


def block_from_json(kind: str, reader: Reader) -> Block:
    """Return the block for its JSON, with everything added that its author left out."""
    rest = reader.child("x")
    number = reader.number("number")
    omitted = [str(name) for name in rest.list("omit")] if rest else []
    entries = block_entries(kind, reader.version, numbered=number is not None)
    entries = {name: value for name, value in entries.items() if name not in omitted}
    entries |= reader.entries("attributes")
    language = reader.text("language") or default_language(kind)
    instance_of = reader.text("instanceOf")
    auto_number, layout = entries.pop("AutoNumber", None), entries.pop("MemoryLayout", None)
    given_auto = reader.flag("autoNumber")
    block = Block(
        kind,
        reader.name(),
        number,
        given_auto if given_auto is not None else None if auto_number is None else auto_number == "true",
        None if "ProgrammingLanguage" in omitted else language,
        reader.text("memoryLayout") or layout,
        reader.texts("title"),
        reader.texts("comment"),
        _interface_from_json(kind, reader, rest),
        [network_from_json(each, language) for each in reader.children("networks")],
        entries,
        reader.entries("readOnly"),
        _parts_from_json(rest),
        reader.text("secondaryType") or ("ProgramCycle" if kind == "OB" and "SecondaryType" not in omitted else None),
        instance_of,
        reader.text("instanceOfType") or (None if instance_of is None or "InstanceOfType" in omitted else "FB"),
        rest.number("interfaceVersion") if rest else None,
        reader.extra(),
    )
    reader.refuse_unread()
    return block


def _interface_from_json(kind: str, reader: Reader, rest: Reader | None) -> list[Section]:
    given = sections_from_json(reader, "interface")
    members = [member_from_json(each) for each in reader.children("members")]
    if members:
        given.append(Section("Static", members))
    how = rest.text("sections") if rest else None
    if how == "none":
        return []
    return given if how == "as given" else complete(kind, given)


def network_to_json(network: Network, block: Block, version: TiaVersion, cultures: Cultures) -> Json:
    """Return a network of `block`."""
    result: Json = {}
    cultures.put(result, "title", network.title)
    cultures.put(result, "comment", network.comment)
    if network.language != block.language:
        result["language"] = network.language
    put(result, attributes=entries_to_json(network.attributes))
    namespace = None
    if network.source is not None:
        source = source_to_json(network.source, network.language)
        result["source"] = source.data
        if source.namespace != version.source_version(root_of(network.language)):
            namespace = source.namespace
    put_rest(result, network.extra, namespace=namespace)
    return result


def network_from_json(reader: Reader, block_language: str) -> Network:
    """Return the network for its JSON."""
    language = reader.text("language")
    language = block_language if language is None else language
    rest = reader.child("x")
    namespace = rest.number("namespace") if rest else None
    network = Network(
        language,
        reader.texts("title"),
        reader.texts("comment"),
        _source(reader, language, namespace),
        reader.entries("attributes"),
        reader.extra(),
    )
    reader.refuse_unread()
    return network


def _source(reader: Reader, language: str, namespace: int | None) -> etree._Element | None:
    data: Any = reader.raw("source")
    if data is None:
        return None
    number = reader.version.source_version(root_of(language)) if namespace is None else namespace
    return source_from_json(data, language, number, f"{reader.pointer}/source")


def type_to_json(plc_type: PlcType, version: TiaVersion, cultures: Cultures) -> Json:
    """Return a PLC data type."""
    result: Json = {"kind": "UDT", "name": plc_type.name}
    entries, omitted = _beyond(plc_type.attributes, type_entries(version))
    cultures.put(result, "title", plc_type.title)
    cultures.put(result, "comment", plc_type.comment)
    put(
        result,
        members=[member_to_json(member, cultures) for member in plc_type.members],
        attributes=entries_to_json(entries),
        readOnly=entries_to_json(plc_type.read_only),
    )
    parts = _parts_to_json(plc_type.parts)
    put_rest(result, plc_type.extra, omit=omitted, parts=parts, interfaceVersion=plc_type.interface_version)
    return result


def type_from_json(reader: Reader) -> PlcType:
    """Return the PLC data type for its JSON."""
    rest = reader.child("x")
    omitted = rest.list("omit") if rest else []
    entries = {name: value for name, value in type_entries(reader.version).items() if name not in omitted}
    plc_type = PlcType(
        reader.name(),
        [member_from_json(each) for each in reader.children("members")],
        reader.texts("title"),
        reader.texts("comment"),
        entries | reader.entries("attributes"),
        reader.entries("readOnly"),
        _parts_from_json(rest),
        rest.number("interfaceVersion") if rest else None,
        reader.extra(),
    )
    reader.refuse_unread()
    return plc_type


def _parts_to_json(parts: dict[str, etree._Element]) -> Json:
    return {name: to_tree(element) for name, element in parts.items()}


def _parts_from_json(rest: Reader | None) -> dict[str, etree._Element]:
    found = rest.child("parts") if rest else None
    if found is None:
        return {}
    return {name: from_tree(found.raw(name), f"{found.pointer}/{name}") for name in found.names()}
