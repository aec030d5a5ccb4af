"""MOVE of LAD and FBD: which types it transfers with and without the IEC check, for every pair, and what arrives."""

from __future__ import annotations

from simatic_xml.flgnet import from_json
from simatic_xml.program.lad_fbd.network import network
from simatic_xml.program.nodes import Assign, Convert
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.types.types import type_name
from tests.simatic_xml.program.program_of import typed_body

BITS = ["Byte", "Word", "DWord", "LWord"]
INTEGERS = ["SInt", "USInt", "Int", "UInt", "DInt", "UDInt", "LInt", "ULInt"]
TIMES = ["Time", "LTime", "Date", "LDT", "Time_Of_Day", "LTime_Of_Day"]
OTHERS = ["Real", "LReal", "S5Time", "Date_And_Time", "Char", "WChar"]
NEW = [*BITS, *INTEGERS, *TIMES, *OTHERS]
CLASSIC = [
    "Byte",
    "Word",
    "DWord",
    "Int",
    "DInt",
    "Time",
    "Date",
    "Time_Of_Day",
    "Real",
    "S5Time",
    "Date_And_Time",
    "Char",
]
PATTERNS = {("Real", "DWord"), ("LReal", "LWord"), ("S5Time", "Word")}


def _expected(source: str, target: str, *, checked: bool) -> bool:
    """Return whether the help lists a pair, said in words instead of rows."""
    if source == target:
        return True
    if checked:
        wider = [BITS, [each for each in INTEGERS if each.startswith("U")]]
        return any(source in each and target in each and each.index(source) < each.index(target) for each in wider)
    whole = [*BITS, *INTEGERS]
    return (
        (source in whole and target in [*whole, *TIMES])
        or (source in TIMES and target in whole)
        or (source in BITS and target == "Char")
        or (source in ("Char", "WChar") and target in [*BITS, "Char"])
        or (source, target) in PATTERNS
        or (target, source) in PATTERNS
    )


def _typed(types: list[str], family: str, *, checked: bool) -> tuple[list[Assign], list[str]]:
    """Return the assignments of a MOVE from each type to all types, and the messages of the errors."""
    declared = "VAR " + " ".join(f"from_{name} : {name}; to_{name} : {name};" for name in types) + " END_VAR"
    _, scope = typed_body("", declared, cpu=Cpu(family), iec_check=checked)
    rungs = [[{"move": f"#from_{source}", "to": [f"#to_{target}" for target in types]}] for source in types]
    statements = network(scope, from_json({"rungs": rungs}), "LAD", 1)
    made = [each for each in statements if isinstance(each, Assign)]
    return made, [each.message for each in scope.diagnostics if each.code == "type.implicit"]


def test_move_transfers_the_pairs_of_its_table() -> None:
    wrong = []
    for family, types in (("S7-1500", NEW), ("S7-300", CLASSIC)):
        for checked in (False, True):
            _, messages = _typed(types, family, checked=checked)
            refused = [(a, b) for a in types for b in types if not _expected(a, b, checked=checked)]
            assert len(messages) == len(refused)
            for (source, target), message in zip(refused, messages, strict=True):
                relaxed = checked and _expected(source, target, checked=False)
                start = f"MOVE does not transfer {source} to {target}. "
                if not message.startswith(start) or ("IEC check" in message) is not relaxed:
                    wrong.append((family, checked, source, target, message))
    assert wrong == []


def test_a_signed_number_goes_by_the_bit_string_of_its_width_to_a_larger_type() -> None:
    found = next(each.value for each in _typed(["Int", "DInt"], "S7-1500", checked=False)[0] if _is_widened(each))
    types = []
    while isinstance(found, Convert):
        types.append(type_name(found.type))
        found = found.operand
    assert types == ["DInt", "DWord", "Word"]


def _is_widened(made: Assign) -> bool:
    return type_name(made.target.type) == "DInt" and isinstance(made.value, Convert)
