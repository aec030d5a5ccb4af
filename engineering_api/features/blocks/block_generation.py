"""Blocks from a JSON specification: as SimaticML text with its networks drawn and checked, without a portal."""

from __future__ import annotations

from typing import Annotated, Any, TypeGuard

import msgspec
from lxml import etree

from engineering_api.features.blocks.bulk_import import Sent
from engineering_api.features.blocks.documents import (
    EntriesForm,
    InterfaceForm,
    Json,
    MemberForm,
    NetworkForm,
    ObjectForm,
    from_json,
    parse,
    understood,
    without_empty,
)
from engineering_api.operations.combinations import at_least_one, at_most_one, combine
from engineering_api.operations.fields import Model, Request, named
from openness_bridge.enumerations import (
    MemoryLayout,
    NewBlockKind,
    ObjectKind,
    ProgrammingLanguage,
    SourceLanguage,
    one_of,
    values_of,
)
from openness_bridge.errors import Kind, Place, Problem
from simatic_xml import Block, flgnet
from simatic_xml.model import Network
from simatic_xml.svg import is_drawn, svg

JSON_FORM = "In the JSON form of simatic_xml (docs/simatic_xml.md)."
ALIASES = {"DB": "GlobalDB"}


FindingSeverity = Annotated[str, one_of("FindingSeverity", "error", "warning")]


@combine(
    at_most_one(
        "document",
        (
            "name",
            "kind",
            "language",
            "number",
            "title",
            "comment",
            "interface",
            "members",
            "networks",
            "instance_of",
            "secondary_type",
            "memory_layout",
            "attributes",
        ),
    ),
    at_least_one("name", "document"),
    at_least_one("kind", "document"),
)
class Specification(Request, kw_only=True):
    """A block: by its parts, or as one whole document. What is left out gets TIA Portal's defaults."""

    name: Annotated[str | None, named("Name of the block.", "blockName")] = ""
    kind: Annotated[
        NewBlockKind | None,
        named("OB, FB, FC, GlobalDB, InstanceDB or ArrayDB; DB means GlobalDB.", "blockType", "type"),
    ] = None
    language: Annotated[SourceLanguage | None, named("LAD, FBD, SCL, STL or GRAPH.", "programmingLanguage")] = None
    number: Annotated[int, named("Block number; the next free one by default.", ge=0)] | None = None
    title: Annotated[str | None, named("Title.")] = None
    comment: Annotated[str | None, named("Comment.", "description")] = None
    interface: Annotated[InterfaceForm, named(f"Sections with their members. {JSON_FORM}")] = msgspec.field(
        default_factory=dict
    )
    members: Annotated[list[MemberForm], named(f"Members of a data block. {JSON_FORM}")] = msgspec.field(
        default_factory=list
    )
    networks: Annotated[list[NetworkForm], named(f"Networks. {JSON_FORM}")] = msgspec.field(default_factory=list)
    instance_of: Annotated[str | None, named("The FB of an instance DB.", "instanceOfName")] = None
    secondary_type: Annotated[str | None, named("Event class of an OB, such as ProgramCycle.")] = None
    memory_layout: Annotated[MemoryLayout | None, named("Optimized or Standard.")] = None
    attributes: Annotated[EntriesForm, named("Further attributes by their SimaticML names.")] = msgspec.field(
        default_factory=dict
    )
    document: Annotated[ObjectForm | None, named(f"The whole object instead: also a UDT or a table. {JSON_FORM}")] = (
        None
    )
    culture: Annotated[str | None, named("Language of title and comments given as plain text, such as en-US.")] = None


class Drawing(Model):
    """A network as an SVG document; null in a language that is text, and where a network is empty."""

    number: int
    title: str
    svg: str | None


class Finding(Model):
    """Something that TIA Portal would refuse, or that is probably a mistake.

    Attributes:
        severity: error or warning.
        pointer: The node in the network's SimaticML, such as /Parts/24.
    """

    network: int
    severity: FindingSeverity
    code: str
    message: str
    pointer: str


class Generated(Model):
    """A generated object.

    Attributes:
        xml: Its SimaticML.
        findings: What is wrong with its LAD and FBD networks.
        drawings: Its networks, where they were asked for.
        path: The file that was written, where one was asked for.
    """

    name: str
    kind: ObjectKind
    language: ProgrammingLanguage | None
    xml: str
    findings: list[Finding]
    drawings: list[Drawing] = []
    path: str | None = None


def to_json_form(request: Specification, culture: str = "") -> Json:
    """Return the JSON form of a specification.

    Args:
        request: The specification.
        culture: The language of plain texts where the specification names none.

    Raises:
        Problem: It says nothing, or the same twice.
    """
    given = without_empty(
        name=request.name,
        kind=ALIASES.get(request.kind or "", request.kind),
        language=request.language,
        title=request.title,
        comment=request.comment,
        interface=request.interface,
        members=request.members,
        networks=request.networks,
        instanceOf=request.instance_of,
        secondaryType=request.secondary_type,
        memoryLayout=request.memory_layout,
        attributes=request.attributes,
    )
    if request.number is not None:
        given["number"] = request.number
    if request.document is not None:
        given = request.document
    _check_language(given.get("language"), "/language" if request.document is None else "/document/language")
    return in_culture(given, request.culture or culture)


def _check_language(language: Any, pointer: str) -> None:
    """Refuse a language that TIA Portal does not have."""
    known = values_of(SourceLanguage if pointer == "/language" else ProgrammingLanguage)
    if isinstance(language, str) and language not in known:
        message = f"There is no programming language '{language[:50]}': use one of {', '.join(known)}."
        raise Problem("block.language", message, kind=Kind.REFUSED, place=Place(pointer=pointer))


def sent(request: Specification) -> Sent:
    """Return what the client sent, for the places of compile messages."""
    if request.document is not None:
        return Sent(pointer="/document", data=request.document)
    return Sent(data={"interface": request.interface, "members": request.members, "networks": request.networks})


def in_culture(data: Json, culture: str) -> Json:
    """Return a JSON form whose plain texts are of a language, unless it names one itself."""
    return ({"cultures": [culture]} if culture else {}) | data


def document_xml(data: Json, version: str, culture: str, pointer: str = "") -> bytes:
    """Return the SimaticML of an object in the JSON form, with the short names of kinds.

    Raises:
        Problem: The JSON form has an error; with its place.
    """
    kind = data.get("kind")
    named_kind = {"kind": ALIASES.get(kind, kind)} if isinstance(kind, str) else {}
    return from_json(in_culture(data | named_kind, culture), version, pointer)


def xml_of(request: Specification, version: str, culture: str = "") -> bytes:
    """Return the SimaticML of a specification.

    Raises:
        Problem: It says something that no block can be; with its place in the request.
    """
    return from_json(to_json_form(request, culture), version, "" if request.document is None else "/document")


def describe(xml: bytes, *, drawings: bool) -> Generated:
    """Return an object with what is to be known of it before it is imported.

    Args:
        xml: Its SimaticML.
        drawings: Whether its networks are drawn.
    """
    content = parse(xml).objects[0]
    networks = content.networks if isinstance(content, Block) else []
    numbered = list(enumerate(networks, 1))
    return Generated(
        name=content.name,
        kind=content.kind,
        language=content.language if isinstance(content, Block) else None,
        xml=xml.decode("utf-8-sig"),
        findings=[finding for number, network in numbered for finding in _findings(number, network)],
        drawings=[_draw(number, network) for number, network in numbered] if drawings else [],
    )


def _findings(number: int, network: Network) -> list[Finding]:
    if not _is_logic(network.source):
        return []
    return [
        Finding(network=number, severity=each.severity, code=each.code, message=each.message, pointer=each.pointer)
        for each in flgnet.check(network.source)
    ]


def _draw(number: int, network: Network) -> Drawing:
    title = next((text for text in network.title.values() if text), "")
    if not is_drawn(network):
        return Drawing(number=number, title=title, svg=None)
    with understood(f"/networks/{number - 1}"):
        return Drawing(number=number, title=title, svg=svg(network))


def _is_logic(source: Any) -> TypeGuard[etree._Element]:
    """Return whether a network is of LAD or FBD."""
    return source is not None and etree.QName(source).localname == "FlgNet"
