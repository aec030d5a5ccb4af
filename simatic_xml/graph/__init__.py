"""GRAPH networks: the ``Graph`` element as readable JSON and as typed steps, transitions and connections."""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from simatic_xml.graph.convert import from_json, program, sequence, to_json
    from simatic_xml.graph.errors import GraphError
    from simatic_xml.graph.interface import block, graph_version, interface
    from simatic_xml.graph.model import Action, Branch, Connection, Logic, Node, Program, Sequence, Step, Transition

__all__ = [
    "Action",
    "Branch",
    "Connection",
    "GraphError",
    "Logic",
    "Node",
    "Program",
    "Sequence",
    "Step",
    "Transition",
    "block",
    "from_json",
    "graph_version",
    "interface",
    "program",
    "sequence",
    "to_json",
]
import_on_use(
    __name__,
    by_module(
        convert="from_json program sequence to_json",
        errors="GraphError",
        interface="block graph_version interface",
        model="Action Branch Connection Logic Node Program Sequence Step Transition",
    ),
)
