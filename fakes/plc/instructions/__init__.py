"""What each instruction does, once for all tiers: plain functions of values, by the names of the catalogue.

A tier calls `bind` for each `InstructionCall` and `conversion` for each `Convert`; a download asks `unsupported`.
"""

from fakes.plc.instructions.binding import bind, implementation, supported, unsupported
from fakes.plc.instructions.conversions import checked_conversion, conversion
from fakes.plc.instructions.operators import binary_operation
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
    "binary_operation",
    "bind",
    "checked_conversion",
    "conversion",
    "implementation",
    "supported",
    "unsupported",
]
