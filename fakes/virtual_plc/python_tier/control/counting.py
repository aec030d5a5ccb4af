"""Counts of what is reached, for coverage; without coverage nothing is written."""

from __future__ import annotations

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.python_text import Text
from virtual_plc.python_tier.block_code import BlockCode


def count(code: BlockCode, place: Place, *, taken: bool | None = None) -> None:
    """Count a statement, or the way that a condition decided."""
    if not code.context.coverage:
        return
    draft = code.draft
    name = code.bind("counts", draft.counters)
    code.writer.line("{}[{}] += 1", name, len(draft.counters))
    draft.counters.append(0)
    draft.counted.append((place, taken))


def turns(code: BlockCode, count: Text | int) -> None:
    """Write the lines that count turns of loops, whether there is coverage or not."""
    code.counts_turns = True
    code.writer.line("left -= {}", count)
    code.writer.line("if left < 0:")
    with code.writer.deeper():
        code.writer.line("left = spend(left)")
