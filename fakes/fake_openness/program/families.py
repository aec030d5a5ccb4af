"""The CPU families, as far as a program depends on them.

Facts: order number groups of the catalogue (docs/facts/hardware-catalog.md#type-identifiers);
docs/facts/tia-rules.md#block-numbers, docs/facts/tia-rules.md#addresses, docs/facts/tia-rules.md#data-types for what
each family lacks.
"""

from __future__ import annotations

import re
from enum import Enum

_ORDER = re.compile(r"6(?:ES7|AG1|BK1)\s*(\d)", re.IGNORECASE)

SIMULATED_FAMILY = "S7-1500"
"""The family of the CPUs that PLCSIM Advanced simulates."""


class _Family(Enum):
    """A CPU family."""

    S7_1200 = "S7-1200"
    S7_1500 = "S7-1500"
    S7_300 = "S7-300"
    S7_400 = "S7-400"

    @property
    def classic(self) -> bool:
        """Whether it is S7-300 or S7-400."""
        return self in (_Family.S7_300, _Family.S7_400)

    @property
    def missing_languages(self) -> frozenset[str]:
        """Programming languages that its CPUs do not have."""
        return frozenset({"STL", "F_STL", "GRAPH"}) if self is _Family.S7_1200 else frozenset()


def family_of(type_identifier: str) -> _Family:
    """Return the family of a CPU by its type identifier; what is not recognised behaves as an S7-1500."""
    found = _ORDER.search(type_identifier)
    if found is None:
        return _Family.S7_1500
    return {"2": _Family.S7_1200, "3": _Family.S7_300, "4": _Family.S7_400}.get(found[1], _Family.S7_1500)
