"""Drawings of a block's networks in LAD, FBD and GRAPH, with what a viewer needs to link them and to paint current on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, cast, get_args

import msgspec
from lxml import etree

from engineering_api.features.blocks.block_content import first_text, only_block
from engineering_api.features.blocks.documents import parse, understood
from openness_bridge.enumerations import ProgrammingLanguage
from openness_bridge.errors import Kind, Place, Problem
from simatic_xml.diff.listing import network_text
from simatic_xml.model import Block, Network
from simatic_xml.svg import is_drawn, svg
from simatic_xml.xml.parsing import harmless_parser

MOST_NETWORKS = 300
"""Networks in one answer."""
DrawingFormat = Annotated[Literal["svg", "json"], msgspec.Meta(title="DrawingFormat")]
DRAWN = ("LAD", "FBD", "GRAPH")
"""Languages with drawings; those of fail-safe blocks have F_ before them."""
MarkKind = Literal["line", "text", "rect", "path"]
_GEOMETRY = ("x", "y", "x1", "y1", "x2", "y2", "width", "height", "d", "transform", "text-anchor")


class DrawingMark(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """A line, text, frame or path of a drawing.

    Attributes:
        kind: Element of SVG: line, text, rect or path.
        style: Class of SVG: line (a wire or the outline of a symbol), rail, bar, grid, frame, operand, title, pin, letter,
            type, node, dot, arrow, continuation, name, action, jump.
        geometry: Its attributes of SVG.
        lines: Of a text its lines.
        part: Number of the part in its network; 0 for none.
        wire: Number of the wire in its network; 0 for none.
        pin: Pin that an operand is at.
        operand: The operand as TIA Portal shows it.
        place: In GRAPH the step, transition or condition that it belongs to, such as T1, S1 or S1.interlock.
    """

    kind: Annotated[MarkKind, msgspec.Meta(title="DrawingMarkKind")]
    style: str
    geometry: dict[str, str]
    lines: list[str] = []
    part: int = 0
    wire: int = 0
    pin: str = ""
    operand: str = ""
    place: str = ""


class DrawnNetwork(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """A network with its drawing.

    Attributes:
        text: The network as text, for readers who do not see the drawing.
        width: Width of the drawing in pixels; 0 where there is none: for an empty network, or one in SCL or STL.
        svg: The SVG document.
        marks: What the drawing consists of, in the order in which it is painted.
    """

    number: int
    title: str
    comment: str
    language: ProgrammingLanguage
    text: str
    width: int = 0
    height: int = 0
    svg: str = ""
    marks: list[DrawingMark] = []


class BlockDrawing(msgspec.Struct, rename="camel", frozen=True):
    """Networks of a block.

    Attributes:
        total: How many networks the block has.
    """

    name: str
    language: ProgrammingLanguage
    total: int
    networks: list[DrawnNetwork]


def draw(
    xml: bytes, language: str, first: int, count: int, form: DrawingFormat, width: int, device: str
) -> BlockDrawing:
    """Return the drawings of networks of an exported block.

    Raises:
        Problem: The block has no drawing, or there is no such network.
    """
    block = only_block(parse(xml))
    require_drawing(block, language, device)
    if first > max(1, len(block.networks)):
        msg = f"'{block.name}' has {len(block.networks)} networks: ask for one of them."
        raise Problem("block.network_not_found", msg, kind=Kind.MISSING, place=Place(device=device, block=block.name))
    chosen = list(enumerate(block.networks, 1))[first - 1 : first - 1 + count]
    with understood():
        return BlockDrawing(
            block.name,
            language,
            len(block.networks),
            [_draw(number, network, form, width) for number, network in chosen],
        )


def require_drawing(block: Block, language: str, device: str) -> None:
    """Refuse a block without a network in LAD, FBD or GRAPH.

    Raises:
        Problem: It has none, although it has a program.
    """
    if language.removeprefix("F_") in DRAWN or any(map(is_drawn, block.networks)):
        return
    msg = (
        f"'{block.name}' is in {language or block.kind}, which has no drawing: "
        "read it as text by GET /api/devices/{deviceName}/blocks/{blockName}/content."
    )
    raise Problem("block.no_drawing", msg, kind=Kind.REFUSED, place=Place(device=device, block=block.name))


def _draw(number: int, network: Network, form: DrawingFormat, width: int) -> DrawnNetwork:
    found = DrawnNetwork(
        number,
        first_text(network.title),
        first_text(network.comment),
        network.language,
        network_text(number, network),
    )
    if not is_drawn(network):
        return found
    text = svg(network, width)
    root = etree.fromstring(text, harmless_parser())
    size = {"width": int(root.get("width", "0")), "height": int(root.get("height", "0"))}
    if form == "svg":
        return msgspec.structs.replace(found, **size, svg=text)
    return msgspec.structs.replace(found, **size, marks=list(_marks(root)))


def _marks(root: etree._Element) -> Iterator[DrawingMark]:
    """Yield the marks of an SVG document."""
    for element in root:
        kind = etree.QName(element).localname
        if kind not in get_args(MarkKind):
            continue
        yield DrawingMark(
            kind=cast("MarkKind", kind),
            style=element.get("class", ""),
            geometry={name: value for name in _GEOMETRY if (value := element.get(name)) is not None},
            lines=[line.text or "" for line in element] or ([element.text] if element.text else []),
            part=int(element.get("data-part", "0")),
            wire=int(element.get("data-wire", "0")),
            pin=element.get("data-pin", ""),
            operand=element.get("data-operand", ""),
            place=element.get("data-place", ""),
        )
