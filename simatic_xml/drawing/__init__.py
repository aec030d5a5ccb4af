"""Drawings of programs as SVG: LAD and FBD networks and GRAPH sequences, as TIA Portal shows them."""

from lxml import etree

from simatic_xml.drawing.networks import NetworkDrawing
from simatic_xml.drawing.sequences import draw_program
from simatic_xml.drawing.sheet import write
from simatic_xml.flgnet.reading import graph
from simatic_xml.xml.residue import local


def svg(element: etree._Element, width: float | None = None) -> str:
    """Draw a ``FlgNet`` or ``Graph`` element as an SVG document.

    Args:
        element: the source of a network.
        width: width beyond which a row continues below, with an arrow and a number at both ends; None for any width. A
            single box that is wider stays whole.

    Returns:
        The document. What no series can show is drawn box by box, each wire named by the pin that it comes from.

    Raises:
        SimaticMLError: a step, transition, branch or connection of a sequence lacks what it needs.
    """
    if local(element) == "Graph":
        return write(draw_program(element, width))
    return write(NetworkDrawing(graph(element), width).sheet())
