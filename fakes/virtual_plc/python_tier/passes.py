"""The passes that make a program executable, in their order: each is a function of earlier results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from virtual_plc.python_tier.body import write_body
from virtual_plc.python_tier.facts import facts_of
from virtual_plc.python_tier.functions import function_of
from virtual_plc.python_tier.layout import layout_of
from virtual_plc.python_tier.sharing.linking import link
from virtual_plc.python_tier.sharing.units import unit_of
from virtual_plc.python_tier.signatures import signature_of


class Pass(NamedTuple):
    """One pass over a block.

    Attributes:
        makes: name of its result.
        work: its function.
        reads: names of the results that it takes, in the order of its parameters.
    """

    makes: str
    work: Callable[..., Any]
    reads: tuple[str, ...]

    def run(self, results: dict[str, Any]) -> None:
        """Add its result to the earlier ones of a block."""
        results[self.makes] = self.work(*[results[name] for name in self.reads])


SURVEY = (
    Pass("facts", facts_of, ("block",)),
    Pass("signature", signature_of, ("block", "facts")),
)
"""For all blocks, before anything is written: a call needs the signature of its callee."""

WRITING = (
    Pass("layout", layout_of, ("context", "block", "facts", "signature")),
    Pass("body", write_body, ("context", "block", "facts", "signature", "layout")),
    Pass("function", function_of, ("body",)),
    Pass("unit", unit_of, ("context", "setting", "body", "function")),
)
"""For the blocks without code that fits."""

LINKING = (Pass("linked", link, ("context", "unit")),)
"""For all blocks in each CPU."""
