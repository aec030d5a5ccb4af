"""A document as plain text, the same for the same program: to read, to search, and for ``git diff``."""

from collections.abc import Iterator, Sequence

from simatic_xml.diff.changes import format_value
from simatic_xml.diff.plain_xml import xml_lines
from simatic_xml.model import (
    Block,
    Document,
    Member,
    Network,
    Opaque,
    PlcObject,
    PlcType,
    Section,
    TagTable,
    Texts,
    WatchTable,
)
from simatic_xml.operands import quote_if_needed

_INDENT = "  "


def to_text(document: Document) -> str:
    """Return a document as readable text: interface, rungs in words, SCL, tags.

    IDs, dates, the list of installed products and the layout are left out.
    """
    return "\n".join("".join(f"{line}\n" for line in _object(node)) for node in document.objects)


def _object(node: PlcObject) -> Iterator[str]:
    if isinstance(node, Block):
        return _block(node)
    if isinstance(node, PlcType):
        return _type(node)
    if isinstance(node, TagTable):
        return _tag_table(node)
    if isinstance(node, WatchTable):
        return _watch_table(node)
    return _opaque(node)


def _opaque(node: Opaque) -> Iterator[str]:
    yield f'{node.kind} "{node.name}"'
    yield from (_INDENT + line for line in xml_lines(node.element))


def _block(block: Block) -> Iterator[str]:
    yield f'{block.kind} "{block.name}"'
    entries = {
        "number": None if block.number is None else str(block.number),
        "language": block.language,
        "memory layout": block.memory_layout,
        "event class": block.secondary_type,
        "instance of": block.instance_of,
    }
    yield from _entries(entries | block.attributes, _INDENT)
    yield from _texts(block.title, block.comment, _INDENT)
    yield from _sections(block.interface, _INDENT)
    for name, part in block.parts.items():
        yield f"{_INDENT}{name}"
        yield from (_INDENT * 2 + line for line in xml_lines(part))
    for number, network in enumerate(block.networks, start=1):
        yield ""
        yield from _network(number, network)


def network_text(number: int, network: Network) -> str:
    """Return one network of a block as readable text."""
    return "\n".join(line.removeprefix(_INDENT) for line in _network(number, network))


def _network(number: int, network: Network) -> Iterator[str]:
    from simatic_xml.diff.source_lines import source_lines  # loads the languages, which few callers need

    yield f"{_INDENT}network {number} {network.language}"
    yield from _texts(network.title, network.comment, _INDENT * 2)
    yield from _entries(network.attributes, _INDENT * 2)
    yield from (f"{_INDENT * 2}{line}".rstrip() for line in source_lines(network.source, network.language))


def _type(node: PlcType) -> Iterator[str]:
    yield f'UDT "{node.name}"'
    yield from _entries(node.attributes, _INDENT)
    yield from _texts(node.title, node.comment, _INDENT)
    yield from _members(node.members, _INDENT)


def _tag_table(table: TagTable) -> Iterator[str]:
    yield f'TagTable "{table.name}"'
    yield from _entries(table.attributes, _INDENT)
    for tag in table.tags:
        flags = {
            "not accessible": tag.external_accessible,
            "not visible": tag.external_visible,
            "not writable": tag.external_writable,
        }
        closed = "".join(f" {word}" for word, flag in flags.items() if flag is False)
        yield f"{_INDENT}{quote_if_needed(tag.name)} : {tag.data_type} {tag.address}{closed}{_comment(tag.comment)}"
    for each in table.constants:
        name = quote_if_needed(each.name)
        yield f"{_INDENT}const {name} : {each.data_type} := {each.value}{_comment(each.comment)}"


def _watch_table(table: WatchTable) -> Iterator[str]:
    yield f'{table.kind} "{table.name}"'
    yield from _entries(table.attributes, _INDENT)
    for entry in table.entries:
        values = [entry.name, entry.address, entry.display_format]
        values += [f"{name} {value}" for name, value in entry.attributes.items() if value]
        yield _INDENT + " ".join(value for value in values if value) + _comment(entry.comment)


def _sections(sections: Sequence[Section], indent: str) -> Iterator[str]:
    for section in sections:
        if section.members or section.base:
            base = f" of {section.base_type}" if section.base_type else ""
            yield f"{indent}{section.name}{base}"
            yield from _members(section.members, indent + _INDENT)
            yield from _sections(section.base, indent + _INDENT)


def _members(members: Sequence[Member], indent: str) -> Iterator[str]:
    for member in members:
        yield f"{indent}{_declaration(member)}"
        for element in member.subelements:
            value = f" := {element.start_value}" if element.start_value is not None else ""
            yield f"{indent}{_INDENT}[{element.path}]{value}{_comment(element.comment)}"
        yield from _members(member.members, indent + _INDENT)
        yield from _sections(member.sections, indent + _INDENT)


def _declaration(member: Member) -> str:
    name = quote_if_needed(member.name)
    value = f" := {format_value(member.start_value)}" if member.start_value is not None else ""
    marks = [each for each in (member.remanence, member.accessibility) if each not in (None, "NonRetain", "Public")]
    marks += [f"{each.name}={each.value}" for each in member.attributes]
    version = f" {member.version}" if member.version else ""
    noted = f" {{{', '.join(str(mark) for mark in marks)}}}" if marks else ""
    return f"{name} : {member.data_type}{version}{value}{noted}{_comment(member.comment)}"


def _entries(entries: dict[str, str | None] | dict[str, str], indent: str) -> Iterator[str]:
    for name, value in entries.items():
        if value and value.lower() != "false":
            yield f"{indent}{name} {format_value(value)}"


def _texts(title: Texts, comment: Texts, indent: str) -> Iterator[str]:
    for word, texts in (("title", title), ("comment", comment)):
        for culture, text in texts.items():
            if text:
                yield f"{indent}{word} {culture} {format_value(text)}"


def _comment(texts: Texts) -> str:
    """Return comments for the end of a line; the culture is given only where there are several."""
    filled = {culture: text for culture, text in texts.items() if text}
    parts = [
        format_value(text) if len(filled) == 1 else f"{culture} {format_value(text)}"
        for culture, text in filled.items()
    ]
    return f" // {' / '.join(parts)}" if parts else ""
