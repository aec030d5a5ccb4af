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
        "`placement.csv` has the sections, kinds of block, access, CPU families and firmware of each data type. A type "
        "without a row can be declared anywhere.",
        "D",
        "test_refusals.py",
    ),
    (
        "Instances of instructions and FBs are not temporary variables, constants or function values. An input or output "
        "of an FB can be an instance of an instruction, not of an FB.",
        "D, inputs and outputs of an FB U",
        "test_refusals.py",
    ),
    (
        "An OB has the section Input, which the table of the help leaves out: exports have it.",
        "C",
        "test_refusals.py",
    ),
    (
        "VAR of a function is temporary data in sources for S7-300 and S7-400; on others a function has no such section.",
        "D, the classic form S",
        "test_refusals.py",
    ),
    (
        "Temporary variables, overlaying variables and structured in/outs have no default value; an in/out of a PLC data "
        "type may have one.",
        "D",
        "test_refusals.py",
    ),
    (
        "A variable with AT is directly after the one that it overlays, or after another one over the same. The help "
        "permits any position in the textual interface; we keep the rule of the table.",
        "D, the textual interface U",
        "test_refusals.py",
    ),
    (
        "AT needs standard access, or a variable that is set in the IDB. A Byte may overlay an array of Bool and the other "
        "way round: a program that TIA Portal compiled has the first, against a footnote of the help.",
        "D, C (the footnote)",
        "test_refusals.py",
    ),
    (
        "A comparison does not join Real and LReal; a number without a type takes part with either.",
        "D, the number U",
        "test_refusals.py",
    ),
    (
        "SCL does not compare an S5Time, except with a Word, which has a rule of its page. LAD and FBD do.",
        "D",
        "test_refusals.py",
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
    (
        "MOVE of LAD and FBD has its own table (`simatic_xml/program/types/moves.csv`): bits of integers, bit strings, times and "
        "characters, without an IEC check between nearly all of them; a REAL only as a DWord, an LREAL as an LWord. A larger target gets "
        "zeros, also for a negative number. Constants, Bool, texts, structures, timers and counters: as in an assignment.",
        "D, the last U",
        "test_moves.py",
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
        parts.append(
            f"| {left} | {operator} | {right} | {result} | {_FAMILIES.get(cpus, cpus) or 'all'} | {each.mark} |"
        )
    return "\n".join(parts) + "\n"


def _conversions(chosen: list[Rule]) -> Iterator[str]:
    targets: dict[tuple[str, str], dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for rule in chosen:
        targets[rule.source, rule.mark][rule.checked].append(rule.target)
    for (source, mark), of in targets.items():
        yield f"| {source} | {', '.join(of[True])} | {', '.join(of[False])} | {mark} |"


if __name__ == "__main__":
    sys.stdout.write(page())
