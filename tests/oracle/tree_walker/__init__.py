"""The reference: walks the typed program node by node, as plainly as can be, to tell what every faster tier must do.

It shares with them the data (`storage`, `views`, `memory`) and what instructions do (`instructions`), and nothing else.
Its decisions and their tests: docs/conformance-plc/execution.md, stl.md, graph.md.
"""

from tests.oracle.tree_walker.interpreter import Interpreter, interpret_program

__all__ = ["Interpreter", "interpret_program"]
