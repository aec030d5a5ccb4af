"""What each instruction does, once for all tiers: plain functions of values, by the names of the catalogue.

A tier calls `bind` for each `InstructionCall` and `conversion` for each `Convert`; a download asks `unsupported`.
"""

from fakes.plc.instructions.binding import bind, implementation, supported, unsupported
from fakes.plc.instructions.registry import (
    ENO,
    IMPLEMENTATIONS,
    KEEP,
    RESULT,
    Bound,
    Implementation,
    Reference,
    Site,
    Taken,
)

__all__ = [
    "ENO",
    "IMPLEMENTATIONS",
    "KEEP",
    "RESULT",
    "Bound",
    "Implementation",
    "Reference",
    "Site",
    "Taken",
    "bind",
    "implementation",
    "supported",
    "unsupported",
]
