"""What each instruction does, once for all tiers: plain functions of values, by the names of the catalogue.

A tier calls `bind` for each `InstructionCall` and `conversion` for each `Convert`; a download asks `find_unsupported`.
"""

from virtual_plc.instructions.binding import bind, find_unsupported, implementation, is_supported, keeps_target
from virtual_plc.instructions.calculation.conversions import checked_conversion, conversion
from virtual_plc.instructions.calculation.operators import binary_operation
from virtual_plc.instructions.registry import (
    ENO,
    IMPLEMENTATIONS,
    KEEP,
    RESULT,
    Binding,
    Implementation,
    Parameter,
    Reference,
    Site,
)

__all__ = [
    "ENO",
    "IMPLEMENTATIONS",
    "KEEP",
    "RESULT",
    "Binding",
    "Implementation",
    "Parameter",
    "Reference",
    "Site",
    "binary_operation",
    "bind",
    "checked_conversion",
    "conversion",
    "find_unsupported",
    "implementation",
    "is_supported",
    "keeps_target",
]
