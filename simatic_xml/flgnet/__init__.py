"""LAD and FBD networks: the ``FlgNet`` element as readable JSON, as a typed graph, checked, and drawn.

A network is written as rungs of contacts, coils and boxes in series and in parallel; wires and numbers are made.
"""

from simatic_xml.flgnet.convert import from_json, to_json
from simatic_xml.flgnet.errors import FlgNetError, Problem
from simatic_xml.flgnet.model import NetworkGraph
from simatic_xml.flgnet.reading import graph

__all__ = ["FlgNetError", "NetworkGraph", "Problem", "from_json", "graph", "to_json"]
