"""The catalogue: names that are found, facts that fit together, CPUs that have an instruction."""

import csv
import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.instructions import available, classes, conversion, conversions, find, instructions, of_part
from simatic_xml.program.types.conversions import rules
from simatic_xml.program.types.system_types import system_type
from simatic_xml.program.types.types import ELEMENTARY
from tests.simatic_xml.corpus import CORPUS, corpus_files

NAMES = [*instructions(), *conversions()]
EVERY = pytest.mark.parametrize("instruction", instructions().values(), ids=lambda each: each.name)
KINDS = {"*", "Array", "Struct", "Reference"}
LISTED = CORPUS.parent / "plc" / "instructions.csv"
NO_INSTRUCTIONS = {"GOTO", "AssignmentAttempt"}
"""What the list of the online help names, but is a statement or an operator."""


@dataclass
class Cpu:
    family: str
    firmware: str = "V3.1"


def mixed(name: str, upper: list[bool]) -> str:
    return "".join(c.upper() if up else c.lower() for c, up in zip(name, upper, strict=True))


@given(st.data())
def test_names_are_found_without_regard_to_case(data):
    name = data.draw(st.sampled_from(NAMES))
    written = mixed(name, data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name))))
    assert find(written) == find(name)
    assert find(name).instruction.name == name


@pytest.mark.parametrize(
    "name", ["", "_", "TO", "_TO_", "INT_TO_", "_TO_INT", "INT_TO_INT", "REAL_TO_WORD", "LIMIT_", "FOO"]
)
def test_what_does_not_exist_is_not_found(name):
    assert find(name) is None


@pytest.mark.parametrize(
    ("written", "name", "explicit"),
    [
        ("scale_x_real", "SCALE_X", "Real"),
        ("ROUND_INT", "ROUND", "Int"),
        ("CONCAT_WSTRING", "CONCAT", "WString"),
        ("PEEK_WORD", "PEEK", "Word"),
        ("PEEK_BOOL", "PEEK_BOOL", ""),
        ("T_DIFF_LTIME", "T_DIFF", "LTime"),
        ("T_COMBINE_DTL", "T_COMBINE", "DTL"),
    ],
)
def test_a_type_behind_the_name_is_told_apart(written, name, explicit):
    found = find(written)
    assert (found.instruction.name, found.explicit) == (name, explicit)


def test_a_type_that_the_instruction_does_not_have_is_no_part_of_a_name():
    assert find("NORM_X_INT") is None
    assert find("TON_TIME") is None


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("INT_TO_REAL", "Int", "Real"),
        ("bcd16_to_int", "Word", "Int"),
        ("DATE_AND_TIME_TO_TIME_OF_DAY", "Date_And_Time", "Time_Of_Day"),
        ("DTL_TO_LDT", "DTL", "LDT"),
    ],
)
def test_a_conversion_is_made_of_its_name(name, source, target):
    made = find(name).instruction
    assert (made.parameters[0].type, made.result) == (source, target)


def test_a_conversion_exists_where_both_types_do():
    assert set(conversion("INT_TO_REAL").families) == {"S7-300", "S7-400", "S7-1200", "S7-1500"}
    assert set(conversion("DTL_TO_TOD").families) == {"S7-1200", "S7-1500"}
    assert set(conversion("LINT_TO_INT").families) == {"S7-1500"}
    assert set(conversion("S5TIME_TO_TIME").families) == {"S7-300", "S7-400", "S7-1500"}


def test_what_converts_by_itself_can_be_converted_by_name():
    short = {"Time_Of_Day": "TOD", "LTime_Of_Day": "LTOD", "Date_And_Time": "DT"}
    names = [f"{short.get(rule.source, rule.source)}_TO_{short.get(rule.target, rule.target)}" for rule in rules()]
    assert [name for name in names if find(name) is None] == []


def test_names_differ_by_more_than_case():
    assert len({name.casefold() for name in NAMES}) == len(NAMES)


@EVERY
def test_types_are_known(instruction):
    texts = {each.type for each in instruction.parameters} | {instruction.result}
    for text in texts - {""} - set(instruction.variables):
        element = text.rpartition(" of ")[2]
        assert element in instruction.variables or element.upper() in ELEMENTARY or is_named(element), text
        assert element not in classes()


@EVERY
def test_variables_stand_for_types_that_exist(instruction):
    for members in instruction.variables.values():
        unknown = [
            name for name in members if name not in KINDS and name.upper() not in ELEMENTARY and not is_named(name)
        ]
        assert unknown == []


def is_named(name: str) -> bool:
    texts = name in {"String", "WString", "Variant", "Any", "Block_DB", "ResolvedSymbol"}
    passed_through = name in {"DataType", "ErrorStruct", "PE_PLUS", "DiagnosticDetail"}
    found = find(name)
    return texts or passed_through or system_type(name) is not None or bool(found and found.instruction.instance)


@EVERY
def test_facts_fit_together(instruction):
    variables = instruction.variables
    used = {each.type.rpartition(" of ")[2] for each in instruction.parameters} | {instruction.result}
    assert set(variables) <= used, "a variable that nothing has"
    assert {*instruction.defaults, *instruction.templates.values()} <= set(variables)
    assert not instruction.explicit or instruction.explicit in variables
    assert all(default in variables[variable] for variable, default in instruction.defaults.items())
    for row in instruction.combinations:
        assert all(name in allowed for name, allowed in zip(row, variables.values(), strict=True))
    assert set(instruction.instance_types) <= set(instruction.instance)
    assert all(name in variables["T"] for name in instruction.instance_types.values())
    assert set(instruction.languages) <= {"LAD", "FBD", "SCL", "STL"}
    assert instruction.languages


@EVERY
def test_cpus_are_named_with_their_firmware(instruction):
    assert set(instruction.families) <= {"S7-300", "S7-400", "S7-1200", "S7-1500"}
    assert instruction.families
    assert all(re.fullmatch(r"(V\d+\.\d+)?", least) for least in instruction.families.values())
    assert instruction.mark in ("D", "S", "U")


@EVERY
def test_an_instance_is_a_system_type_or_bears_the_name(instruction):
    assert all(each == instruction.name or system_type(each) for each in instruction.instance)
    assert instruction.default_instance == (instruction.instance[0] if instruction.instance else "")


def test_repeated_parameters_go_on():
    add, mux = of_part("Add"), find("MUX").instruction
    assert add.parameter("in17").name == "IN17"
    assert [mux.parameter(name) is not None for name in ("IN0", "IN9", "IN01", "INELSE", "IN", "INX")] == [
        True,
        True,
        False,
        True,
        False,
        False,
    ]
    assert find("LIMIT").instruction.parameter("IN1") is None


def test_a_cpu_has_what_its_family_and_firmware_say():
    gather, bounds = find("BLKMOV").instruction, find("UPPER_BOUND").instruction
    assert available(gather, Cpu("S7-1500"))
    assert not available(gather, Cpu("S7-1200", "V4.6"))
    assert available(bounds, Cpu("S7-1200", "V4.2"))
    assert available(bounds, Cpu("S7-1200", "V4.10"))
    assert not available(bounds, Cpu("S7-1200", "V4.1"))
    assert available(bounds, Cpu("S7-1500", "unknown"))
    assert not available(bounds, Cpu("S7-300", "V3.3"))


def test_every_instruction_of_the_online_help_is_found():
    if not LISTED.exists():
        pytest.skip(f"{LISTED} is not there")
    with LISTED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"].startswith("AutoPLC")]
    names = {row["instruction"] for row in rows} - NO_INSTRUCTIONS
    assert len(names) > 200
    assert sorted(name for name in names if find(name) is None) == []


def test_every_instruction_of_the_exports_is_found():
    files = corpus_files()
    if not files:
        pytest.skip(f"{CORPUS} is not there")
    texts = [path.read_text("utf-8-sig", "replace") for path in files]
    called = {name for text in texts for name in re.findall(r'<Instruction [^>]*?Name="([^"]+)"', text)}
    assert len(called) > 20
    assert sorted(name for name in called if find(name) is None) == []


def test_every_instruction_of_the_sources_is_found():
    files = [path for path in (CORPUS / "scl").rglob("*") if path.is_file()]
    if not files:
        pytest.skip(f"{CORPUS} is not there")
    texts = [plain(path.read_text("utf-8-sig", "replace")) for path in files]
    own = {name.upper() for text in texts for name in re.findall(r"\bFUNCTION(?:_BLOCK)?\s+\"?(\w+)", text)}
    called = {name.upper() for text in texts for name in re.findall(r"(?<![#\"\w.%])([A-Za-z]\w*)\s*\(", text)}
    statements = {"IF", "ELSIF", "NOT", "AND", "OR", "XOR", "UNTIL", "TO", "WHILE", "CASE", "RETURN", "BY", "MOD", "OF"}
    missing = sorted(name for name in called - own - statements if find(name) is None)
    assert missing == sorted(FOREIGN & called)


FOREIGN = {"ONDELAY", "SWEEP", "TONOPEN", "TONCLOSE"}
"""What sources call by names that their own declarations bring along."""


def plain(text: str) -> str:
    """Return a source without comments and texts."""
    return re.sub(r"//.*|'[^'\n]*'", "", re.sub(r"\(\*.*?\*\)", "", text, flags=re.DOTALL))
