"""Draw networks, for tools that show programs without a TIA Portal."""

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Network
from simatic_xml.xml.residue import local


def svg(network: Network) -> str:
    """Draw a network in LAD or FBD as an SVG document.

    Raises:
        SimaticMLError: ``"drawing"``, where the network is empty or its language has no drawing.
    """
    if network.source is None:
        raise SimaticMLError("drawing", "The network is empty, so there is nothing to draw.")
    if local(network.source) != "FlgNet":
        message = f"A network in {network.language} is not drawn; only LAD and FBD are. Read it as text instead."
        raise SimaticMLError("drawing", message)
    from simatic_xml import flgnet  # large, and few callers draw

    return flgnet.svg(network.source)
