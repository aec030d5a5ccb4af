"""The page of documentation that lists the catalogue; `python -m simatic_xml.instructions.page` writes it to the output."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from simatic_xml.instructions.catalogue import GROUPS, classes, instructions
from simatic_xml.instructions.model import Direction, Instruction
from simatic_xml.instructions.naming import conversion, conversions

_INTRODUCTION = """\
# Instructions

What the program model knows of the instructions of SIMATIC PLCs. The facts are the JSON files of
`simatic_xml/instructions`; this page is made from them by `python -m simatic_xml.instructions.page`, and a test compares.

A call reads: inputs, `=>` outputs, `<=>` in/outs, `->` value. `?` may be left out, `..` goes on (IN3, IN4). A single letter
is a type variable; where it needs one, the column *types* says what it may stand for. CPU families stand with the lowest
firmware; that a family is named says that TIA Portal has the instruction for it, not that each CPU of it has.

Basis of a row: **D** checked against a system manual (S7-1200, S7-300/400); **S** secondary source: lists extracted from the
online help, pins of real exports; **U** unverified. The lowest firmware is always unverified. A name in *italics* has
parameters that are not listed; a call of it is not refused for them.

## How the types of a call are found

1. A type in the name (`SCALE_X_REAL`), a template of a LAD box, the type of the instance (`TON_LTIME`) decides.
2. Otherwise the in/outs and inputs: the type that they have in common, as for a comparison, inside the allowed class; of
   the allowed types the one that loses nothing is preferred.
3. Otherwise the operand of an output; otherwise the literals, which adapt to everything else.
4. Otherwise the default (`ROUND`: DInt, `DECO`: DWord, `PEEK`: Byte, `NORM_X`: Real).

Documented are the types in names, the default of ROUND, and for numbers that the widest operand wins. That it is so for
times, dates and texts too, rule 3 and the other defaults are unverified. Where a row says D, the types that only an S7-1500
has (LTime, LDT and so on) are added after the secondary source.
"""

_SIGNS: Mapping[Direction, str] = {"Input": "", "Output": "=> ", "InOut": "<=> "}


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [_INTRODUCTION, *_classes()]
    for group in GROUPS:
        parts += ["", f"## {group.replace('_', ' ').capitalize()}", "", *_rows(group)]
    return "\n".join([*parts, "", *_conversions()]) + "\n"


def call_text(instruction: Instruction) -> str:
    """Return the call of an instruction as one line, as the catalogue writes it."""
    sections = [(direction, _section(instruction, direction)) for direction in _SIGNS]
    text = " ".join(f"{_SIGNS[direction]}{section}" for direction, section in sections if section)
    return f"{text} -> {instruction.result}".strip() if instruction.result else text


def _section(instruction: Instruction, direction: Direction) -> str:
    chosen = [each for each in instruction.parameters if each.direction == direction]
    optional = not instruction.instance or direction == "InOut"
    last = _last_repeated(instruction)
    return ", ".join(
        f"{each.name}{'?' if each.optional and optional else ''}: {each.type}{'..' if each.name == last else ''}"
        for each in chosen
    )


def _last_repeated(instruction: Instruction) -> str:
    first, count = instruction.least
    return f"{instruction.repeats}{first + count - 1}" if instruction.repeats else ""


def _classes() -> Iterator[str]:
    yield "## Classes of types\n\n| class | types |\n|---|---|"
    for name, members in classes().items():
        yield f"| {name} | {', '.join(members)} |"


def _rows(group: str) -> Iterator[str]:
    yield "| name | call | types | CPU families | languages | basis |\n|---|---|---|---|---|---|"
    for name, each in instructions().items():
        if each.group == group:
            shown = name if each.complete else f"*{name}*"
            languages = " ".join(each.languages)
            call = call_text(each).replace("|", "\\|").replace("*", "\\*")
            yield f"| {shown} | {call} | {_types(each)} | {_families(each)} | {languages} | {each.mark} |"


def _types(instruction: Instruction) -> str:
    """Return the type variables by class where there is one that fits."""
    names = {members: name for name, members in classes().items()}
    shown = (f"{variable}: {names.get(each, ', '.join(each))}" for variable, each in instruction.variables.items())
    return "; ".join(shown).replace("*", "any")


def _families(instruction: Instruction) -> str:
    return ", ".join(f"{family} {least}".strip() for family, least in instruction.families.items())


def _conversions() -> Iterator[str]:
    yield "## Conversions by name\n\n`SOURCE_TO_TARGET`. Pairs in *italics* are unverified; a pair that is not listed does not exist.\n"
    yield "| source | targets |\n|---|---|"
    by_source: dict[str, list[str]] = {}
    for name, (source, target) in conversions().items():
        made = conversion(name)
        by_source.setdefault(source, []).append(target if made is not None and made.mark != "U" else f"*{target}*")
    for source, targets in by_source.items():
        yield f"| {source} | {' '.join(targets)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
