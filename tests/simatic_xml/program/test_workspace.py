"""A program is checked as a whole, and after an edit only where that matters."""

import pytest

from simatic_xml.model import Block, Tag, UserConstant
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.types import Structure, type_name
from simatic_xml.program.workspace import Workspace

LIBRARY = """
TYPE "Point" STRUCT x : Real; y : Real; END_STRUCT; END_TYPE
FUNCTION "Length" : Real VAR_INPUT p : "Point"; END_VAR BEGIN #Length := SQRT(#p.x * #p.x + #p.y * #p.y); END_FUNCTION
FUNCTION_BLOCK "User" VAR p : "Point"; l : Real; END_VAR BEGIN #l := "Length"(#p); END_FUNCTION_BLOCK
FUNCTION "Alone" : Int BEGIN #Alone := 1; END_FUNCTION
"""


def codes(workspace: Workspace) -> set[str]:
    """Return the codes of everything that is found."""
    return {found.code for found in workspace.check()}


def library() -> Workspace:
    """Return a program of four objects that was checked."""
    workspace = Workspace()
    assert workspace.put_source(LIBRARY, "library.scl") == []
    assert codes(workspace) == set()
    assert workspace.pending() == []
    return workspace


def test_a_change_inside_a_block_types_that_block_only() -> None:
    """Callers see the interface of a function, not its body."""
    workspace = library()
    workspace.put_source(LIBRARY.replace("SQRT(", "2.0 * SQRT("), "library.scl")
    assert "Alone" in workspace.pending() or workspace.pending()
    workspace.check()
    workspace.put_source('FUNCTION "Alone2" : Int BEGIN #Alone2 := 2; END_FUNCTION', "other.scl")
    assert workspace.pending() == ["Alone2"]


def test_a_change_of_a_data_type_reaches_everything_that_contains_it() -> None:
    """Users of a data type, directly or through a declaration, are typed again; others are not."""
    workspace = library()
    point = workspace.find("point")
    assert point is not None
    workspace.remove("Point")
    assert set(workspace.pending()) == {"Length", "User"}
    assert "type.unknown" in codes(workspace)
    workspace.put(point)
    assert set(workspace.pending()) == {"Length", "User"}
    assert codes(workspace) == set()


def test_a_name_that_appears_mends_its_users() -> None:
    """Who looked in vain for a name is typed again when it comes."""
    workspace = Workspace()
    workspace.put_source('FUNCTION "F" : Int BEGIN #F := "Speed"; END_FUNCTION', "f.scl")
    assert codes(workspace) == {"name.undefined"}
    workspace.put(Tag("SPEED", "Int", "%MW10"))
    assert codes(workspace) == set()
    workspace.put(Tag("Speed", "Bool", "%M10.0"))
    assert codes(workspace) == {"type.implicit"}
    workspace.put(UserConstant("Speed", "Int", "5"))
    assert codes(workspace) == set()


def test_a_source_that_comes_again_replaces_what_it_held() -> None:
    """Objects that left a source leave the program; a name of another source is refused with its place."""
    workspace = library()
    workspace.put_source(LIBRARY.replace('"Alone"', '"Single"'), "library.scl")
    assert workspace.find("Alone") is None
    assert workspace.find("Single") is not None
    found = workspace.put_source('\nFUNCTION "single" : Int BEGIN #single := 2; END_FUNCTION', "other.scl")
    assert [(each.code, each.place.line) for each in found] == [("name.duplicate", 2)]


def test_numbers_are_compared_over_the_whole_program() -> None:
    """Equal numbers, numbers out of range, and an OB number that is not of its event."""
    workspace = Workspace()
    workspace.put(Block("FC", "A", 7))
    workspace.put(Block("FC", "B", 7))
    workspace.put(Block("GlobalDB", "D", 60000))
    workspace.put(Block("OB", "Start", 35, secondary_type="Startup"))
    found = [(each.code, each.place.block) for each in workspace.check() if each.code.startswith("number")]
    assert found == [
        ("number.duplicate", "A"),
        ("number.duplicate", "B"),
        ("number.range", "D"),
        ("number.event", "Start"),
    ]


def test_languages_that_a_cpu_does_not_have() -> None:
    """An S7-1200 has no STL."""
    workspace = Workspace(Cpu("S7-1200", "V4.5"))
    workspace.put(Block("FC", "A", 7, language="STL"))
    assert codes(workspace) == {"block.language"}


def test_recursion_and_depth_of_calls() -> None:
    """A circle is told once; a chain deeper than the CPU allows is an error at its OB."""
    circle = 'FUNCTION "A" : Void BEGIN "B"(); END_FUNCTION FUNCTION "B" : Void BEGIN "A"(); END_FUNCTION'
    workspace = Workspace()
    workspace.put_source(circle)
    assert [each.code for each in workspace.check()] == ["call.recursion"]
    chain = "".join(f'FUNCTION "F{i}" : Void BEGIN "F{i + 1}"(); END_FUNCTION\n' for i in range(30))
    deep = Workspace()
    deep.put_source(
        chain
        + 'FUNCTION "F30" : Void BEGIN ; END_FUNCTION ORGANIZATION_BLOCK "Main" BEGIN "F0"(); END_ORGANIZATION_BLOCK'
    )
    assert [(each.code, each.place.block) for each in deep.check()] == [("call.depth", "Main")]


def test_addresses_that_overlap_in_part() -> None:
    """Bits of a word are intended; half a word, and the address of another tag, are not."""
    workspace = Workspace()
    for name, address in (("a", "%MW10"), ("b", "%MW11"), ("bit", "%M10.3"), ("same", "%MW20"), ("again", "%MW20")):
        workspace.put(Tag(name, "Bool" if name == "bit" else "Int", address))
    found = [(each.code, each.place.block) for each in workspace.check()]
    assert found == [("address.overlap", "b"), ("address.shared", "again")]


@pytest.mark.parametrize(
    ("family", "number", "event", "refused"),
    [
        ("S7-1500", 121, "ProgrammingError", False),
        ("S7-1200", 121, "ProgrammingError", True),
        ("S7-1200", 122, "", True),
        ("S7-1200", 61, "SynchronousCycle", True),
        ("S7-1200", 32, "CyclicInterrupt", False),
        ("S7-1500", 81, "PowerSupplyError", True),
        ("S7-1500", 85, "", True),
        ("S7-1500", 60, "", True),
        ("S7-300", 81, "PowerSupplyError", False),
        ("S7-300", 60, "", False),
        ("S7-300", 123, "ProgramCycle", True),
        ("S7-400", 91, "", True),
    ],
)
def test_the_organization_blocks_of_a_family(family: str, number: int, event: str, refused: bool) -> None:
    workspace = Workspace(Cpu(family, ""))
    workspace.put(Block("OB", "Event", number, secondary_type=event))
    assert codes(workspace) == ({"number.event"} if refused else set())


@pytest.mark.parametrize(
    ("cpu", "blocks", "most"),
    [
        (Cpu("S7-1200", ""), [Block("FC", f"F{number}", number) for number in range(1, 1026)], 1024),
        (
            Cpu("S7-300", "", order_number="6ES7 315-2EH14-0AB0"),
            [Block("GlobalDB", f"D{number}", number) for number in range(1, 1026)],
            1024,
        ),
        (
            Cpu("S7-1200", ""),
            [Block("OB", f"Day{n}", n, secondary_type="TimeOfDay") for n in (10, 11, 12)],
            2,
        ),
    ],
    ids=["blocks of an S7-1200", "blocks of a CPU 315", "time-of-day interrupts"],
)
def test_how_many_blocks_a_cpu_has(cpu: Cpu, blocks: list[Block], most: int) -> None:
    """One block more than the CPU takes is an error; without it there is none."""
    assert len(blocks) == most + 1
    for number, block in enumerate(blocks):
        block.networks = []
        if number == 0:
            workspace = Workspace(cpu)
        workspace.put(block)
    assert codes(workspace) == {"block.count"}
    workspace.remove(blocks[-1].name)
    assert codes(workspace) == set()


@pytest.mark.parametrize(
    ("family", "article", "operand", "refused"),
    [
        ("S7-1200", "6ES7 214-1AG40-0XB0", "%MB8191", False),
        ("S7-1200", "6ES7 214-1AG40-0XB0", "%MB8192", True),
        ("S7-1200", "6ES7 211-1AE40-0XB0", "%MB4096", True),
        ("S7-1200", "6AG1 212-1AE40-2XB0", "%MB4096", True),
        ("S7-1200", "6ES7 212-1AG50-0XB0", "%MB4096", False),
        ("S7-300", "6ES7 314-1AG14-0AB0", "%MB256", True),
        ("S7-300", "6ES7 315-2EH14-0AB0", "%MB2047", False),
        ("S7-300", "", "%MB8191", False),
        ("S7-400", "6ES7 412-2EK06-0AB0", "%MB4096", True),
        ("S7-1500", "6ES7 518-4AP00-0AB0", "%IB32768", True),
    ],
)
def test_the_areas_of_a_single_cpu(family: str, article: str, operand: str, refused: bool) -> None:
    workspace = Workspace(Cpu(family, "", order_number=article))
    workspace.put_source(f'FUNCTION "F" : Void VAR_TEMP b : Byte; END_VAR BEGIN #b := {operand}; END_FUNCTION')
    assert ("address.range" in codes(workspace)) is refused


def test_findings_of_a_source_have_its_lines() -> None:
    """Places of a source are those of the file, not of the block."""
    workspace = Workspace()
    workspace.put_source('\n\nFUNCTION "F" : Int\nBEGIN\n  #F := #missing;\nEND_FUNCTION')
    [found] = [each for each in workspace.check() if each.code != "flow.unassigned"]
    assert (found.place.line, found.place.column) == (5, 9)


def test_start_values_find_their_types_in_other_sources() -> None:
    """A data block may come before the function block whose instance it is; then its values find their place."""
    workspace = Workspace()
    workspace.put_source('DATA_BLOCK "D" "Motor" BEGIN speed := 7; limits.low := 3; END_DATA_BLOCK', "data.db")
    workspace.put_source(
        'TYPE "Limits" STRUCT low : Int; END_STRUCT; END_TYPE\n'
        'FUNCTION_BLOCK "Motor" VAR_INPUT speed : Int; END_VAR VAR limits : "Limits"; END_VAR BEGIN #limits.low := #speed; '
        "END_FUNCTION_BLOCK",
        "motor.scl",
    )
    assert workspace.check() == []
    symbol = workspace.symbols.lookup("D")
    assert isinstance(symbol, DataBlockDeclaration)
    assert dict(symbol.starts) == {".speed": "7", ".limits.low": "3"}


def test_start_values_of_system_types_and_lists() -> None:
    """Values of a timer, and of an array whose end is a constant."""
    workspace = Workspace()
    workspace.put(UserConstant("MAX", "Int", "2"))
    workspace.put_source(
        'DATA_BLOCK "D" STRUCT t : TON_TIME; list : Array[0.."MAX"] of Int := [5, 6, 7]; END_STRUCT;\n'
        "BEGIN t.PT := T#2s; END_DATA_BLOCK"
    )
    assert workspace.check() == []
    symbol = workspace.symbols.lookup("D")
    assert isinstance(symbol, DataBlockDeclaration) and isinstance(symbol.type, Structure)
    assert {"t", "list"} == set(symbol.type.by_name)
    assert symbol.type.by_name["list"].starts == (("[0]", "5"), ("[1]", "6"), ("[2]", "7"))
    assert symbol.type.by_name["t"].starts == ((".PT", "T#2s"),)


def test_an_array_data_block_has_its_array() -> None:
    """A data block that is one array."""
    workspace = Workspace()
    workspace.put_source('DATA_BLOCK "D" Array[0..3] of Int BEGIN END_DATA_BLOCK')
    symbol = workspace.symbols.lookup("D")
    assert isinstance(symbol, DataBlockDeclaration)
    assert type_name(symbol.type) == "Array[0..3] of Int"


def test_a_start_value_without_a_member_is_told() -> None:
    """A value that has no place is not dropped in silence."""
    workspace = Workspace()
    workspace.put_source('DATA_BLOCK "D" STRUCT a : Int; END_STRUCT; BEGIN b := 1; END_DATA_BLOCK')
    assert [(each.code, each.place.line) for each in workspace.check()] == [("syntax.start-value", 1)]


def test_other_temporary_variables_are_known_to_the_block_itself() -> None:
    """Nobody else sees them, but the block is typed with the new ones."""
    workspace = Workspace()
    first = 'FUNCTION "F" : Void VAR_TEMP a : Int; END_VAR BEGIN #a := 1; END_FUNCTION'
    for name in ("a", "b", "c"):
        workspace.put_source(first.replace("a : Int", f"{name} : Int").replace("#a", f"#{name}"), "f.scl")
        assert codes(workspace) == set()
