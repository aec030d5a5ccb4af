"""A block's content as clients read it: interface, networks and text, in addition to the whole JSON form."""

from __future__ import annotations

from typing import Annotated

import msgspec

import simatic_xml
from engineering_api.features.blocks.documents import ObjectForm, parse, understood
from openness_bridge.enumerations import BlockKind, InterfaceSection, ProgrammingLanguage, Retention, one_of, values_of
from openness_bridge.program.blocks import BlockInfo
from openness_bridge.program.origins import Origin
from simatic_xml import Block, Document, Member, flgnet, scl
from simatic_xml.diff import to_text
from simatic_xml.model import Network

WITH_SOURCE = frozenset({"SCL", "DB"})
"""Languages of blocks that have a source in SCL."""
ContentSection = Annotated[str, one_of("ContentSection", *values_of(InterfaceSection), "Base")]
"""A section of a block as it is read: Base, which exports of some instances have, cannot be written."""


class MemberContent(msgspec.Struct, rename="camel", frozen=True):
    """A member of the interface."""

    section: ContentSection
    name: str
    data_type: str
    start_value: str | None
    comment: str
    remanence: Retention | None
    members: list[MemberContent] = []


class PartParameter(msgspec.Struct, rename="camel", frozen=True):
    """A pin of a part, and its operand."""

    name: str
    value: str


class NetworkPart(msgspec.Struct, rename="camel", frozen=True):
    """A contact, coil, box or call of a network. Texts are empty where there is nothing to say.

    Attributes:
        u_id: Its number in the network.
        type: Name of the instruction; ContactNC for a negated contact, Call for a call.
        signal: Its operand or instance, as TIA Portal shows it.
        is_global: Whether the signal is a tag or an address.
        block_name: The block that a call calls.
        address: The signal, where it is an address.
        parameters: The other pins with operands.
    """

    u_id: str
    type: str
    signal: str
    negated: bool
    is_global: bool
    block_name: str
    address: str
    parameters: list[PartParameter]


class NetworkContent(msgspec.Struct, rename="camel", frozen=True):
    """A network.

    Attributes:
        parts: For LAD and FBD, in reading order.
        text: For SCL, the statements.
    """

    number: int
    title: str
    comment: str
    language: ProgrammingLanguage
    parts: list[NetworkPart]
    text: str | None


class BlockContent(msgspec.Struct, rename="camel", frozen=True):
    """A block with everything in it.

    Attributes:
        needs_compilation: Whether TIA Portal does not export it. Then it has the text that this service imported or
            generated it from, as long as nobody has changed it since; otherwise no interface, networks and texts.
        is_earlier: Whether the interface, networks and texts are that earlier text, and not what TIA Portal has now: a rename
            of a tag or block may have changed names in it since.
        raw_xml: The SimaticML that TIA Portal exports.
        source_text: The SCL source, for SCL blocks and data blocks.
        listing: The block as plain text, in any language; empty where it is not known.
        document: The JSON form, which PUT takes back; empty where it is not known.
    """

    name: str
    block_type: BlockKind
    number: int
    programming_language: ProgrammingLanguage
    title: str
    author: str
    folder: str
    is_protected: bool
    is_know_how_protected: bool
    needs_compilation: bool
    is_earlier: bool
    modified_date: str | None
    raw_xml: str
    source_text: str | None
    listing: str
    interface: list[MemberContent]
    networks: list[NetworkContent]
    document: ObjectForm


def content(info: BlockInfo, xml: bytes) -> BlockContent:
    """Return everything about an exported block.

    Raises:
        Problem: The export is not SimaticML of a block.
    """
    document = parse(xml)
    return _read(info, only_block(document), document, xml, source_text(info, xml))


def content_before_compilation(info: BlockInfo, origin: Origin | None) -> BlockContent:
    """Return what is known of a block that TIA Portal does not export, because it is not consistent.

    Args:
        info: The block.
        origin: The text that it was made of, if that is known.

    Raises:
        Problem: The text cannot be read.
    """
    if origin is not None and origin.form == "xml":
        document = parse(origin.content)
        found = [each for each in document.objects if isinstance(each, Block) and each.name == info.name]
        if found:
            document.objects[:] = found
            xml = simatic_xml.dump(document)
            return _read(info, found[0], document, xml, source_text(info, xml))
    if origin is not None and origin.form == "scl":
        source = scl.parse(origin.content)
        for node, declared, _ in scl.read_declarations(source):
            if node.name.casefold() == info.name.casefold() and isinstance(declared, Block):
                return _read(info, declared, None, b"", source.tree.text(node))
    return _read(info, Block(info.type, info.name), None, b"", None)


def _read(info: BlockInfo, block: Block, document: Document | None, xml: bytes, text: str | None) -> BlockContent:
    with understood():
        data = {} if document is None else simatic_xml.to_json(document)
    return BlockContent(
        name=info.name,
        block_type=info.type,
        number=info.number,
        programming_language=info.language,
        title=first_text(block.title),
        author=block.attributes.get("HeaderAuthor", ""),
        folder=info.folder,
        is_protected=info.is_know_how_protected,
        is_know_how_protected=info.is_know_how_protected,
        needs_compilation=not info.is_consistent,
        is_earlier=not info.is_consistent and (document is not None or text is not None),
        modified_date=info.modified_date,
        raw_xml=xml.decode("utf-8-sig"),
        source_text=text,
        listing="" if document is None else to_text(document),
        interface=[_member(member, section.name) for section in block.interface for member in section.members],
        networks=[_network(network, number) for number, network in enumerate(block.networks, 1)],
        document=data,
    )


def source_text(info: BlockInfo, xml: bytes) -> str | None:
    """Return the SCL source of a block that has one."""
    return scl.source(xml) if info.language in WITH_SOURCE else None


def only_block(document: Document) -> Block:
    """Return the document's block.

    Raises:
        ValueError: It has none.
    """
    return next(item for item in document.objects if isinstance(item, Block))


def first_text(texts: dict[str, str]) -> str:
    """Return a multilingual text in the first language that has one."""
    return next((text for text in texts.values() if text), "")


def _member(member: Member, section: str) -> MemberContent:
    inner = [*member.members, *(m for s in member.sections for m in s.members)]
    return MemberContent(
        section,
        member.name,
        member.data_type,
        member.start_value,
        first_text(member.comment),
        member.remanence,
        [_member(each, section) for each in inner],
    )


def _network(network: Network, number: int) -> NetworkContent:
    parts, text = [], None
    if network.source is not None and network.source.tag.endswith("}FlgNet"):
        parts = msgspec.convert(flgnet.parts_view(network.source), list[NetworkPart])
    elif network.source is not None and network.language == "SCL":
        text = scl.to_text(network.source)
    return NetworkContent(number, first_text(network.title), first_text(network.comment), network.language, parts, text)
