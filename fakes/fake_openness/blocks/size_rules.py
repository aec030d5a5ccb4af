"""How large the data of a block or data type may be: an import and a generation refuse more before any change.

The compiler reports the same (`simatic_xml.program.types.declarations`), also after a change of types. Facts:
docs/facts/tia-rules.md#data-types; data sheets of the CPUs.
"""

from __future__ import annotations

from collections.abc import Sequence

from fake_openness.program.plc import Row, _Plc
from fake_openness.program.references import everywhere, sections_of
from fake_openness.program.symbols import _Names
from simatic_xml.limits import LIMITS, most
from simatic_xml.model import Block, Member, PlcType

_SIZES = (
    "structure_members",
    "block_structures",
    "structure_nesting",
    "type_nesting",
    "expanded_members",
    "standard_block_bytes",
    "largest_data_kb",
    "temporary_bytes",
)
_CODES = frozenset(LIMITS[name].code for name in _SIZES)
_MARKS = ("[", '"')

Fault = tuple[str, str, str, str]
"""Name of the object, code, sentence, and the member that it is about."""


def faults(plc: _Plc, contents: Sequence[Block | PlcType]) -> list[Fault]:
    """Return the faults of too large data in contents that are imported together."""
    symbols = _Arriving(plc, contents).symbols
    return [
        (content.name, code, text, member)
        for content in contents
        if _is_worth_a_look(content)
        for member, code, text in symbols.problems(content.name)
        if code in _CODES
    ]


def _is_worth_a_look(content: Block | PlcType) -> bool:
    """Return whether something may be too large: it has arrays, texts or other types, or many or deep members."""
    for count, member in enumerate(everywhere(content), 1):
        if count > most("block_structures") or any(mark in member.data_type for mark in _MARKS):
            return True
    return any(_levels(section.members) > most("structure_nesting") for section in sections_of(content))


def _levels(members: Sequence[Member]) -> int:
    return max((1 + _levels(each.members) for each in members if each.members), default=0)


class _Arriving(_Names):
    """The names of a PLC, with contents that are about to be imported."""

    def __init__(self, plc: _Plc, contents: Sequence[Block | PlcType]) -> None:
        super().__init__(plc)
        self._new = {content.name.casefold(): content for content in contents}

    def find(self, name: str) -> Block | PlcType | Row | None:
        return self._new.get(name.casefold()) or super().find(name)
