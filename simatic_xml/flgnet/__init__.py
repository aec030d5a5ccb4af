"""LAD and FBD networks: the ``FlgNet`` element as readable JSON, as a typed graph, and checked.

A network is written as rungs of contacts, coils and boxes in series and in parallel; wires and numbers are made.
"""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.flgnet.checking import check
    from simatic_xml.flgnet.convert import from_json, to_json
    from simatic_xml.flgnet.errors import FlgNetError, Problem
    from simatic_xml.flgnet.model import NetworkGraph
    from simatic_xml.flgnet.parts_view import parts_view
    from simatic_xml.flgnet.reading import graph

__all__ = ["FlgNetError", "NetworkGraph", "Problem", "check", "from_json", "graph", "parts_view", "to_json"]
import_on_use(
    __name__,
    by_module(
        checking="check",
        convert="from_json to_json",
        errors="FlgNetError Problem",
        model="NetworkGraph",
        parts_view="parts_view",
        reading="graph",
    ),
)
