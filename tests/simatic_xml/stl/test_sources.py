"""Sources in STL: whole blocks as text, to SimaticML and back.

No file that TIA Portal or STEP 7 wrote is at hand; the sources here are made up.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simatic_xml import Block, Document, SimaticMLError, dump, load, stl
from simatic_xml.model import Member, Network, Section
from simatic_xml.scl import Program, Severity
from simatic_xml.stl.german import GERMAN
from simatic_xml.stl.mnemonics import MNEMONICS
from tests.simatic_xml.corpus import corpus_files
from tests.simatic_xml.stl.texts import texts

few = settings(max_examples=50)

MOTOR = """FUNCTION_BLOCK "Motor"
TITLE = Starts a motor
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
//Made for the tests
   VAR_INPUT
      start : Bool;   // from the panel
   END_VAR
   VAR_OUTPUT
      speed : Int;
   END_VAR
   VAR
      level : Array[0..3] of Word;
   END_VAR
   VAR CONSTANT
      MAX : Int := 5;
   END_VAR
BEGIN
NETWORK
TITLE = First
//It has a comment
//of two lines

      A     #start;
      AN    M 10.0; // not yet
M001: =     %Q0.0;
      L     #MAX;
      T     #speed;
      JC    M001;

NETWORK
TITLE =

      NOP 0;

END_FUNCTION_BLOCK
"""


def body(*lines: str, declared: str = "") -> str:
    """Return a function with these lines as its body."""
    return f'FUNCTION "F" : Void\n{declared}BEGIN\nNETWORK\nTITLE =\n\n' + "\n".join(lines) + "\n\nEND_FUNCTION\n"


def lines(*source: str, declared: str = "", program: Program | None = None) -> list[str]:
    """Return the lines of the network that a body gives."""
    made = stl.generate(body(*source, declared=declared), program=program)
    assert [each for each in made.diagnostics if each.severity is Severity.ERROR] == []
    network = block(made.documents[0]).networks[0].source
    assert network is not None
    return stl.to_text(network).splitlines()


def findings(source: str) -> list[tuple[int, int, str]]:
    return [(each.line, each.column, each.code) for each in stl.generate(source).diagnostics]


def block(document: bytes) -> Block:
    found = load(document).objects[0]
    assert isinstance(found, Block)
    return found


def test_a_source_gives_its_blocks() -> None:
    made = stl.generate(MOTOR)
    assert (made.diagnostics, made.names) == ([], ["Motor"])
    motor = block(made.documents[0])
    assert (motor.kind, motor.language, motor.memory_layout) == ("FB", "STL", "Standard")
    assert motor.comment == {"en-US": "Made for the tests"}
    assert [member.name for _, member in motor.members()] == ["start", "speed", "level", "MAX"]
    first, second = motor.networks
    assert (first.title, first.comment) == ({"en-US": "First"}, {"en-US": "It has a comment\nof two lines"})
    assert first.source is not None
    assert stl.to_text(first.source).splitlines() == [
        "A #start",
        "AN %M10.0 // not yet",
        "M001: = %Q0.0",
        "L const #MAX",
        "T #speed",
        "JC M001",
    ]
    assert second.source is not None
    assert stl.to_text(second.source) == "NOP 0\n"


@pytest.mark.parametrize("german", [False, True])
def test_text_and_documents_are_stable(german: bool) -> None:
    made = stl.generate(MOTOR)
    text = stl.source(made.documents[0], german=german)
    again = stl.generate(text)
    assert again == made
    assert stl.source(again.documents[0], german=german) == text


def test_german_mnemonics_are_recognised() -> None:
    source = [
        "U E 1.0;",
        "UN A 2.1;",
        "SPB M1;",
        "SE T 5;",
        "SV T 6;",
        "L PEW 256;",
        "L Z 3;",
        "U BIE;",
        "M1: = %A4.0;",
    ]
    assert lines(*source) == [
        "A %I1.0",
        "AN %Q2.1",
        "JC M1",
        "SD %T5",
        "SE %T6",
        "L %IW256:P",
        "L %C3",
        "A BR",
        "M1: = %Q4.0",
    ]
    assert lines("A I 1.0;", "SE T 5;", "= Q 1.0;") == ["A %I1.0", "SE %T5", "= %Q1.0"]


def test_every_german_mnemonic_is_written_and_read() -> None:
    assert set(GERMAN) <= set(MNEMONICS.values())
    for mnemonic in sorted(set(GERMAN) - {"OPN"}):
        operand = "M1" if mnemonic.startswith("J") else "" if mnemonic[-1] == "(" or mnemonic.startswith("B") else "%T5"
        line = f"{mnemonic} {operand}".strip()
        made = document(f"A #x\n{line}\n")
        text = stl.source(made, german=True)
        assert GERMAN[mnemonic] in text
        assert stl.source(stl.generate(text).documents[0]) == stl.source(made)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("L MW 4;", "L %MW4"),
        ("A M10.7;", "A %M10.7"),
        ("L DB5.DBW 2;", "L %DB5.DBW2"),
        ("A DB5.DBX 2.1;", "A %DB5.DBX2.1"),
        ("L DBD 4;", "L %DBD4"),
        ("A DIX 1.0;", "A %DIX1.0"),
        ("T PQW 256;", "T %QW256:P"),
        ("L LW 8;", "L %LW8"),
        ("A L 1.0;", "A %L1.0"),
        ("OPN DB 12;", "OPN %DB12"),
        ("OPN DI 3;", "OPNDI %DI3"),
        ('OPN DI "Motor_DB";', 'OPNDI "Motor_DB"'),
        ("OPN DB[#n];", "OPN indirect(Width=Block, Area=DB, #n)"),
        ("SD T [MW 2];", "SD indirect(Width=None, Area=Timer, %MW2)"),
        ("L MW [MD 4];", "L indirect(Width=Word, Area=Memory, %MD4)"),
        ("A [AR1,P#2.1];", "A indirect(Width=Bit, Register=AR1, BitOffset=17)"),
        ("L W [AR2, P#0.0];", "L indirect(Width=Word, Register=AR2, BitOffset=0)"),
        ("L DBD [AR1,P#4.0];", "L indirect(Width=Double, Area=DB, Register=AR1, BitOffset=32)"),
        ("L P#M 10.0;", "L P#M 10.0"),
        ("L DW#16#FF;", "L DW#16#FF"),
        ("L B#(1,2);", "L B#(1,2)"),
        ("L S5T#5S;", "L S5T#5S"),
        ("L -5;", "L -5"),
        ("+ 7;", "+ 7"),
        ("LAR1 P#DBX 2.0;", "LAR1 P#DBX 2.0"),
        ("LAR1;", "LAR1"),
        ("LAR1 AR2;", "LAR1 AR2"),
        ("L DBLG;", "L DBLG"),
        ("L STW;", "L STW"),
        ("A (;", "A("),
        ("=#x;", "= #x"),
        ("==I;", "==I"),
        ("A ==0;", "A ==0"),
        ("L declared;", "L #declared"),
        ("UC FC 7;", "UC %FC7"),
        ("CALL FC 7;", 'CALL "FC7"'),
        ("CALL FB 7, DB 8 ( a := 1 );", 'CALL "FB7", "DB8" (a := 1)'),
    ],
)
def test_operands_are_read_as_engineers_write_them(source: str, line: str) -> None:
    assert lines(source, declared="VAR_TEMP\n declared : Int;\nEND_VAR\n") == [line]


def test_parameters_get_the_sections_of_the_called_block() -> None:
    call = body('CALL "Motor", "Motor_DB"', "( start := #a, // it starts", "  speed := #b ); // done")
    made = stl.generate(MOTOR + call)
    assert made.diagnostics == []
    source = block(made.documents[1]).networks[0].source
    assert source is not None
    statement = stl.statements(source)[0]
    assert statement.call == stl.Call(
        "Motor",
        "FB",
        '"Motor_DB"',
        (stl.Parameter("start", "#a", "Input", "Bool"), stl.Parameter("speed", "#b", "Output", "Int")),
    )
    assert statement.comment == " it starts done"


def test_the_program_around_a_source_is_known_to_it() -> None:
    scale = [Section("Input", [Member("IN", "Int")]), Section("Return", [Member("Ret_Val", "Real")])]
    program = Program(constants=frozenset(["max"]), interfaces={"scale": scale})
    assert lines('CALL "Scale" (IN := "MAX", RET_VAL := #x);', program=program) == [
        'CALL "Scale" (IN : Int := const "MAX", RET_VAL : Real => #x)'
    ]


def test_a_multi_instance_is_called_by_its_name() -> None:
    source = 'FUNCTION_BLOCK "Line"\nVAR\n m : "Motor";\nEND_VAR\nBEGIN\nCALL #m (start := TRUE);\nEND_FUNCTION_BLOCK\n'
    network = block(stl.generate(MOTOR + source).documents[1]).networks[0].source
    assert network is not None
    assert stl.to_text(network) == "CALL #m (start : Bool := TRUE)\n"


def test_objects_of_all_kinds_stand_in_one_source() -> None:
    others = (
        'TYPE "T"\n STRUCT\n  x : Int;\n END_STRUCT;\nEND_TYPE\nDATA_BLOCK DB 7\n STRUCT\n  y : "T";\n END_STRUCT;\n'
    )
    others += "BEGIN\n y.x := 5;\nEND_DATA_BLOCK\nORGANIZATION_BLOCK OB 1\nBEGIN\nNETWORK\nTITLE = Go\nEND_ORGANIZATION_BLOCK\n"
    made = stl.generate(MOTOR + others)
    assert (made.diagnostics, made.names) == ([], ["Motor", "T", "DB7", "OB1"])
    assert block(made.documents[3]).networks == [Network("STL", {"en-US": "Go"}, {"en-US": ""})]
    assert stl.generate("\n".join(map(stl.source, made.documents))).names == made.names


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (body("A #x", "= #y;"), [(6, 5, "stl.semicolon")]),
        (body("A #x;", "   FOO #y;"), [(7, 4, "stl.statement")]),
        (body("L ?;"), [(6, 1, "stl.statement")]),
        (body("U E0.0;", "UN E0.1;", "A E0.2;"), [(8, 1, "stl.statement")]),
        (body("JC;"), [(6, 1, "stl.statement")]),
        (body('CALL "F" (a := 1;'), [(6, 1, "stl.statement")]),
        (body('CALL "G" (a := 1);'), [(6, 1, "stl.callee")]),
        ('FUNCTION "F" : Void\nNETWORK\nEND_FUNCTION\n', [(2, 1, "expected")]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(source: str, expected: list[tuple[int, int, str]]) -> None:
    assert findings(source) == expected


def test_objects_with_errors_are_left_out_and_others_are_not() -> None:
    made = stl.generate(body("FOO;").replace('"F"', '"Bad"') + MOTOR)
    assert made.names == ["Motor"]


def test_only_stl_has_an_stl_source() -> None:
    other = Block("FC", "F", language="LAD", networks=[Network("STL"), Network("FBD")])
    with pytest.raises(SimaticMLError, match=r"network in FBD \(2\)"):
        stl.source(other)
    with pytest.raises(SimaticMLError):
        stl.generate(MOTOR, "V99")


def document(*networks: str) -> bytes:
    """Return a function with a network for each text."""
    made = [Network("STL", {"en-US": ""}, {"en-US": ""}, stl.from_text(text, 5) if text else None) for text in networks]
    sections = [Section(name) for name in ("Input", "Output", "InOut", "Temp", "Constant")]
    sections += [Section("Return", [Member("Ret_Val", "Void")])]
    model = Block("FC", "F", language="STL", memory_layout="Standard", interface=sections, networks=made)
    model.title = model.comment = {"en-US": ""}
    return dump(Document(objects=[model]), "V20")


@few
@given(st.lists(texts, min_size=1, max_size=3), st.booleans())
@example(['OPNDI "Data"\nOPNDI %DI4\nOPNDI indirect(Width=Block, Area=DI, %MW2)\n'], True)
@example(["\n\n", "", "//\n\n//x\n"], False)
@example(["X: // a\n", "X:\nY: NOP 0\n"], False)
@example(["SD #start\n"], True)
@example(["O %I0.0\n"], True)
def test_documents_and_text_are_inverse(networks: list[str], german: bool) -> None:
    plain = ["".join(f"{line}\n" for line in text.splitlines() if "CALL" not in line) for text in networks]
    program = Program(constants=frozenset(["max"]))
    given_document = document(*plain)
    text = stl.source(given_document, german=german)
    made = stl.generate(text, "V20", program, german=german)
    assert [each for each in made.diagnostics if each.severity is Severity.ERROR] == []
    found = block(made.documents[0])
    for ours, theirs in zip(found.networks, block(given_document).networks, strict=True):
        assert _text(ours) == _text(theirs).replace("const #limit", "#limit")


def _text(network: Network) -> str:
    return "" if network.source is None else stl.to_text(network.source)


@few
@given(st.lists(texts, min_size=1, max_size=3))
def test_what_was_generated_once_stays_as_it_is(networks: list[str]) -> None:
    once = stl.generate(stl.source(document(*networks)))
    twice = stl.generate(stl.source(once.documents[0]))
    assert twice.documents == once.documents


@few
@given(
    st.one_of(
        st.text(max_size=80),
        st.text("\"'(){}[]#%:=>,;. \n/aA1", max_size=60).map(lambda text: body(text)),
        st.lists(
            st.sampled_from([*MOTOR.splitlines(), "CALL (", '"', "END_FUNCTION", ";", "//", "NETWORK"]), max_size=30
        ).map("\n".join),
    )
)
def test_no_source_is_too_bad_to_be_read(source: str) -> None:
    made = stl.generate(source)
    assert len(made.documents) == len(made.names)


@pytest.mark.skipif(not corpus_files(), reason="the collection of exports is not here")
def test_exported_blocks_survive_the_way_through_text() -> None:
    seen = 0
    for path in corpus_files():
        data = path.read_bytes()
        if b"StatementList" not in data:
            continue
        for found in (each for each in load(data).objects if isinstance(each, Block)):
            if {network.language for network in found.networks} != {"STL"}:
                continue
            made = stl.generate(stl.source(found))
            assert made.diagnostics == []
            texts_of = [_text(network) for network in found.networks]
            assert [_text(network) for network in block(made.documents[0]).networks] == texts_of
            seen += 1
    if not seen:
        pytest.skip("the collection of exports has no STL")
