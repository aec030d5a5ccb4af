"""What each instruction does, once for all tiers: plain functions of values, by the names of the catalogue.

A tier calls `bind` for each `InstructionCall` and `conversion` for each `Convert`; a download asks `unsupported`.
"""

from virtual_plc.instructions.binding import bind, implementation, supported, unsupported
from virtual_plc.instructions.calculation.conversions import checked_conversion, conversion
from virtual_plc.instructions.calculation.operators import binary_operation
from virtual_plc.instructions.registry import (
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
