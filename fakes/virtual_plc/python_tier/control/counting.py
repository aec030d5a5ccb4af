"""Counts of what is reached, for coverage; without coverage nothing is written."""

from __future__ import annotations

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.python_text import Text
from virtual_plc.python_tier.block_code import BlockCode


def statement(code: BlockCode, place: Place) -> None:
    """Count a statement."""
    _count(code, place, None)


def branch(code: BlockCode, place: Place, *, taken: bool) -> None:
    """Count the way that a condition decided."""
    _count(code, place, taken)


def _count(code: BlockCode, place: Place, taken: bool | None) -> None:
    context = code.context
    if not context.coverage:
        return
    name = code.bind("counts", context.counters)
    code.writer.line("{}[{}] += 1", name, len(context.counters))
    context.counters.append(0)
    context.counted.append((place, taken))


def turns(code: BlockCode, count: Text | int) -> None:
    """Write the lines that count turns of loops, whether there is coverage or not."""
    code.counts_turns = True
    code.writer.line("left -= {}", count)
    code.writer.line("if left < 0:")
    with code.writer.deeper():
        code.writer.line("left = spend(left)")
