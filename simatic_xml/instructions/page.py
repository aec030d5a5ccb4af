"""The page that lists the catalogue; `python -m simatic_xml.instructions.page` writes it to the output."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from simatic_xml.instructions.catalogue import GROUPS, classes, instructions
from simatic_xml.instructions.model import Direction, Instruction
from simatic_xml.instructions.naming import conversion, conversions

_INTRODUCTION = """\
# Instructions

The instructions of SIMATIC PLCs in the program model. The facts are the JSON files of `simatic_xml/instructions`.

A call lists inputs, `=>` outputs, `<=>` in/outs, `->` value. `?` marks an optional parameter, `!` an in/out that
SCL writes with `=>`, too, `..` a series (IN3, IN4). A single letter is a type variable; the column *types* lists its types. CPU
families have the lowest firmware: TIA Portal has the instruction for the family, but not each of its CPUs does. On S7-300 and
S7-400, which have no unsigned integers, a parameter of such a type takes an Int or a bit string.

Basis of a row: **D** checked against a system manual (S7-1200, S7-300/400); **S** secondary source: lists extracted from the
online help, pins of real exports; **U** unverified. The lowest firmware is always unverified. A name in *italics* has
unlisted parameters; a call with them is not refused.

## Types of a call

1. A type in the name (`SCALE_X_REAL`), a template of a LAD box, the type of the instance (`TON_LTIME`) decides.
2. Otherwise the in/outs and inputs: their common type, as for a comparison, within the allowed class; a type without loss
   is preferred.
3. Otherwise the operand of an output; otherwise the literals, which adapt to everything else.
4. Otherwise the default (`ROUND`: DInt, `DECO`: DWord, `PEEK`: Byte, `NORM_X`: Real).

Documented: the types in names, the default of ROUND, and the widest operand for numbers. Unverified: the same for times,
dates and texts, rule 3 and the other defaults. In a row with D, the types that only an S7-1500 has (LTime, LDT and so on)
follow the secondary source.
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
        f"{each.name}{'!' if each.either else ''}{'?' if each.optional and optional else ''}: "
        f"{each.type}{'..' if each.name == last else ''}"
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
