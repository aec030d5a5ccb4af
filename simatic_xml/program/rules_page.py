"""The page of type rules with their marks; `python -m simatic_xml.program.rules_page` writes it to the output."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator

from simatic_xml.program.types.conversions import Rule, rules
from simatic_xml.program.types.operations import moments
from simatic_xml.program.types.types import type_name

_INTRODUCTION = """\
# Conformance: types

Rules of the type check. `python -m simatic_xml.program.rules_page` writes this page from the rules
(`simatic_xml/program/types/conversions.csv`, `operations.csv`), and a test compares.

Marks: **D** documented (online help of STEP 7 and system manuals, read in copies), **S** secondary source, **U** unverified:
our decision, to be tested on a real TIA Portal. [Diagnostics](diagnostics/types.md) describes the findings.

## Rules outside of the tables
"""

_BESIDE = (
    (
        "A literal without a type takes the type of the other operand or the target, if its value fits.",
        "D",
        "test_coercion.py",
    ),
    (
        "A bit string takes whole numbers with a sign, as the pattern of the integer of its width (`WORD#-1`).",
        "D",
        "test_values.py",
    ),
    (
        "Without the IEC check an S7-1500 narrows implicitly (DInt to Int), and real SCL relies on it. The "
        "overview page of the help contradicts its own tables; we follow the tables, and a warning reports "
        "that values may be lost.",
        "D",
        "test_coercion.py",
    ),
    (
        "An S7-1200 converts as an S7-1500.",
        "S",
        "test_conversions.py",
    ),
    (
        "In/out parameters take the exact type only.",
        "D",
        "test_calls.py",
    ),
    (
        "The widest of two integer operands wins; signed and unsigned of one width meet in the next wider signed type.",
        "D, mixed signs U",
        "test_conversions.py",
    ),
    (
        "A comparison converts dates and times to the larger type of their kind, an assignment does not: Date, "
        "Date_And_Time, LDT, DTL; S5Time, Time, LTime.",
        "D",
        "test_conversions.py",
    ),
    (
        "In an expression of SCL a bit string next to a floating-point number counts as the unsigned integer of its width.",
        "D",
        "test_coercion.py",
    ),
    (
        "AND, OR, XOR of bit strings have the width of the wider one.",
        "D",
        "test_conversions.py",
    ),
    (
        "AND, OR, XOR take integers, also two of them, as the bit strings of their widths where the compiler converts "
        "them implicitly: on an S7-1200 and S7-1500 without the IEC check. The result is the wider bit string.",
        "C, the type of the result U",
        "test_conversions.py",
    ),
    (
        "Arrays are assignable when their elements are, and their number is equal; limits may differ.",
        "S",
        "test_conversions.py",
    ),
    (
        "Structures are assignable when their members have equal types in the same order.",
        "S",
        "test_conversions.py",
    ),
    (
        "`Array[*]` is for parameters of an FC and in/outs of an FB.",
        "D",
        "test_type_text.py",
    ),
    (
        "A string assigned to a shorter one is cut off, with a warning.",
        "U",
        "test_coercion.py",
    ),
    (
        "Integer arithmetic with constants that leaves the type is an error of the compiler, not a wrap.",
        "U",
        "test_folding.py",
    ),
    (
        "Hardware data types (HW_IO and so on) behave as the integer that they are based on.",
        "D",
        "test_conversions.py",
    ),
)
"""Rules that no table holds: the rule, its mark, the test."""

_FAMILIES = {"new": "S7-1200 and S7-1500", "classic": "S7-300 and S7-400"}


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [_INTRODUCTION, "| rule | mark | test |", "|---|---|---|"]
    parts += [f"| {rule} | {mark} | {test} |" for rule, mark, test in _BESIDE] + [""]
    for cpus, name in _FAMILIES.items():
        parts += [f"## Implicit conversions: {name}", "", "| from | always | only without IEC check | mark |"]
        parts += ["|---|---|---|---|", *_conversions([rule for rule in rules() if rule.cpus == cpus]), ""]
    parts += [
        "## Operators on times and dates",
        "",
        "| left | operator | right | result | CPUs | mark |",
        "|---|---|---|---|---|---|",
    ]
    for cpus, operator, each in moments():
        left, right, result = (type_name(side) for side in (each.left, each.right, each.result))
        parts.append(f"| {left} | {operator} | {right} | {result} | {_FAMILIES.get(cpus, 'all')} | {each.mark} |")
    return "\n".join(parts) + "\n"


def _conversions(chosen: list[Rule]) -> Iterator[str]:
    targets: dict[tuple[str, str], dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for rule in chosen:
        targets[rule.source, rule.mark][rule.checked].append(rule.target)
    for (source, mark), of in targets.items():
        yield f"| {source} | {', '.join(of[True])} | {', '.join(of[False])} | {mark} |"


if __name__ == "__main__":
    sys.stdout.write(page())
