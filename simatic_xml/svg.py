"""Draw networks, for tools that show programs without a TIA Portal."""

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Network
from simatic_xml.xml.residue import local

WIDTH = 1600
"""Width beyond which the rows of a drawing continue below."""

_DRAWN = frozenset({"FlgNet", "Graph"})


def is_drawn(network: Network) -> bool:
    """Return whether the program of a network has a drawing."""
    return network.source is not None and local(network.source) in _DRAWN


def svg(network: Network, width: int | None = WIDTH) -> str:
    """Draw a network in LAD, FBD or GRAPH as an SVG document.

    Args:
        network: the network.
        width: width in pixels beyond which a row continues below, with an arrow and a number at both ends; None for
            any width.

    Raises:
        SimaticMLError: ``"drawing"``, where the network is empty its language has no drawing, or a sequence lacks
            what it needs.
    """
    if network.source is None:
        raise SimaticMLError("drawing", "The network is empty, so there is nothing to draw.")
    if not is_drawn(network):
        message = f"A network in {network.language} cannot be drawn, only LAD, FBD and GRAPH; read it as text instead."
        raise SimaticMLError("drawing", message)
    from simatic_xml import drawing  # large, and few callers draw

    return drawing.svg(network.source, width)
