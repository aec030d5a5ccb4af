"""What TIA Portal's help says a program cannot have, each with its neighbour that is possible."""

from __future__ import annotations

from typing import NamedTuple

from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section, Tag
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace

CPUS = {
    "1500": Cpu("S7-1500", "V2.9"),
    "1500 V1.8": Cpu("S7-1500", "V1.8"),
    "1500 V2.0": Cpu("S7-1500", "V2.0"),
    "1200": Cpu("S7-1200", "V4.4"),
    "1200 V4.1": Cpu("S7-1200", "V4.1"),
    "300": Cpu("S7-300", "V3.2"),
    "400": Cpu("S7-400", "V6.0"),
}
KEYWORDS = {
    "FB": "FUNCTION_BLOCK",
    "FC": "FUNCTION",
    "OB": "ORGANIZATION_BLOCK",
    "DB": "DATA_BLOCK",
}
AROUND = """
TYPE "Pair" STRUCT a : Int; b : Int; END_STRUCT; END_TYPE
FUNCTION_BLOCK "Motor" VAR_INPUT on : Bool; END_VAR VAR_OUTPUT speed : Int; END_VAR BEGIN END_FUNCTION_BLOCK
FUNCTION "Twice" : Int VAR_INPUT x : Int; END_VAR BEGIN #Twice := #x; END_FUNCTION
FUNCTION "Give" : Void VAR_OUTPUT x : Int; END_VAR BEGIN #x := 1; END_FUNCTION
"""


class Place(NamedTuple):
    """Where a type is declared: CPU, kind of block, section as SCL writes it, access."""

    cpu: str
    kind: str
    section: str
    standard: bool = False


def check(source: str, cpu: str) -> set[str]:
    """Return the codes of the errors of a program."""
    workspace = Workspace(CPUS[cpu])
    around = "" if cpu in ("300", "400") else AROUND
    found = [*workspace.put_source(around + source), *workspace.check()]
    return {each.code for each in found if each.severity is Severity.ERROR}


def block(kind: str, declarations: str, body: str = ";", *, standard: bool = False, result: str = "Void") -> str:
    """Return the source of one object."""
    returns = f" : {result}" if kind == "FC" else ""
    access = f"{{ S7_Optimized_Access := '{'FALSE' if standard else 'TRUE'}' }}"
    body = "" if kind == "DB" and body == ";" else body
    name = "Main" if kind == "OB" else "Test"
    return f'{KEYWORDS[kind]} "{name}"{returns}\n{access}\n{declarations}\nBEGIN\n{body}\nEND_{KEYWORDS[kind]}\n'


def declared(data_type: str, place: Place) -> set[str]:
    place = place._replace(standard=place.standard or place.cpu in ("300", "400"))
    if place.section == "Return":
        source = block(place.kind, "", standard=place.standard, result=data_type)
    else:
        value = " := " + {"Int": "1", "Real": "1.0"}.get(data_type, "'x'") if place.section == "VAR CONSTANT" else ""
        value = "" if data_type[:3] in ("Arr", '"Pa', "TON", "DB_") else value
        source = block(place.kind, f"{place.section} x : {data_type}{value}; END_VAR", standard=place.standard)
    return check(source, place.cpu)


def at(*places: str) -> list[Place]:
    """Read `1500 FB Temp standard`."""
    sections = {"Static": "VAR", "Constant": "VAR CONSTANT", "InOut": "VAR_IN_OUT", "Return": "Return"}
    found = []
    for text in places:
        words = text.removesuffix(" standard").split()
        *cpu, kind, section = words
        written = sections.get(section, f"VAR_{section.upper()}")
        found.append(Place(" ".join(cpu), kind, written, standard=text.endswith("standard")))
    return found


DECLARATIONS: list[tuple[str, list[Place], list[Place]]] = [
    (
        "Variant",
        at("1500 FB Output", "1500 FB Static", "1500 FC Return", "1200 FC Return", "300 FB Input", "1500 DB Static"),
        at("1500 FB InOut", "1200 FB Input", "1500 FC Output", "1500 OB Temp"),
    ),
    (
        "Any",
        at("1200 FB Input", "1500 FB Temp", "1500 FB Output", "1500 FC Return", "300 FB Output", "300 FC Return"),
        at("1500 FB Temp standard", "1500 FB Input", "1500 FC Output", "300 FB Temp", "300 OB Temp"),
    ),
    (
        "Pointer",
        at("1200 FC Input", "1500 FB Output", "1500 FB Temp standard", "1500 OB Temp", "300 FC Temp", "1500 FB Static"),
        at("1500 FB Input", "1500 FC Return", "300 FB InOut", "400 FC Output"),
    ),
    ("Block_DB", at("1500 FB Input", "1200 FC Input", "300 FB Output"), at("300 FB Input", "400 FC Input")),
    ("Block_FC", at("1200 FB Input", "1500 FB InOut", "1500 FC Temp"), at("1500 FB Input", "300 FC Input")),
    ("Timer", at("1200 FB Input", "1500 FC Output"), at("1500 FC Input", "300 FB Input")),
    (
        "Array[*] of Int",
        at("1500 FB InOut standard", "1500 FB Input", "1500 FC Temp", "1500 V1.8 FC Input", "1200 V4.1 FB InOut",
           "300 FC InOut"),
        at("1500 FB InOut", "1500 FC Output", "1200 FB InOut"),
    ),
    (
        "REF_TO Int",
        at("1200 FB Temp", "1500 V2.0 FB Temp", "1500 FB Input", "1500 FC InOut", "1500 FB Static", "300 FC Temp"),
        at("1500 FB Temp", "1500 FC Return", "1500 FC Output", "1500 OB Temp"),
    ),
    (
        "String[3]",
        at("1500 FB InOut", "1500 FC Input", "1200 FC Output", "1200 FB Constant", "300 FB InOut", "300 FC Input"),
        at("1500 FB Input", "1500 FB Static", "1200 FC Temp", "1500 FC Return", "300 FB Constant"),
    ),
    (
        "WString",
        at("1500 FC Input standard", "1500 FB InOut standard", "1200 FC Output standard", "300 FB Input"),
        at("1500 FC Input", "1500 FB Input standard", "1200 FB InOut", "1500 FC Return standard"),
    ),
    ("WString[1023]", at("1500 FC Return"), at("1500 FB Static")),
    ("Array[0..1] of Int", at("1500 FB Constant", "1200 FC Constant", "300 OB Constant"), at("1500 FC Input")),
    ('"Pair"', at("1500 FB Constant"), at("1500 FB Temp", "1500 FC Return")),
    ("DB_ANY", at("1500 FB Constant", "300 FB Input"), at("1200 FB Static", "1500 FC Return")),
    (
        "TON_TIME",
        at("1500 FB Temp", "1200 FC Temp", "1500 OB Temp", "1500 FC Return"),
        at("1500 FB Static", "1500 FC InOut", "1200 FB InOut", "1500 DB Static"),
    ),
    ("Array[0..1] of IEC_COUNTER", at("1500 FB Temp", "1200 FB Temp"), at("1500 FB Static", "1500 DB Static")),
    ("R_TRIG", at("1500 FC Temp", "1200 FB Temp"), at("1200 FB Static")),
    ('"Motor"', at("1500 FB Input", "1500 FB Temp"), at("1500 FB Static", "1500 FC Input", "1500 FB InOut")),
    ("IEC_LTIMER", at("1200 FB Static", "300 FB Static", "1200 DB Static"), at("1500 FB Static")),
    ("CTUD_ULINT", at("1200 FB Static", "400 FB Static"), at("1500 FB Static")),
    ("IEC_UDCOUNTER", at("300 FB Static"), at("1200 FB Static", "1500 DB Static")),
    ("PIP", at("1200 FB Static", "1200 FC Input", "300 FB Static"), at("1500 FB Static")),
    ("HW_IO", at("300 FB Input", "400 FC Temp"), at("1200 FB Input")),
    ("Conditions", at("1500 FB Static", "300 FB Static"), at("1200 FB Static")),
    ("SSL_HEADER", at("1500 FB Static", "1200 FB Temp"), at("300 FB Temp")),
    ("TCON_Param", at("300 FB Static"), at("1500 FB Static", "1200 FB Static")),
    (
        "Int",
        at("1500 OB Static", "1500 OB Output", "1200 OB InOut", "1500 FC Static", "1500 DB Temp",
           "1500 DB Input"),
        at("1500 OB Temp", "1500 OB Input", "300 FC Static", "1500 FB Constant", "1500 DB Static"),
    ),
]  # fmt: skip
OVERLAYS = [  # kind, section, declarations refused, declarations possible, standard access
    ("FB", "VAR_INPUT", "w : Variant; v AT w : Int;", "w : Word; v AT w : Int;"),
    ("FB", "VAR_INPUT", "w : Int; v AT w : Any;", "w : Array[0..9] of Byte; v AT w : Any;"),
    ("FB", "VAR_OUTPUT", "w : Array[0..9] of Byte; v AT w : Pointer;", "w : DB_ANY; v AT w : Word;"),
    ("FB", "VAR_IN_OUT", "w : Array[0..9] of Byte; v AT w : Word;", "w : Array[0..1] of Byte; v AT w : STRUCT x : Int; END_STRUCT;"),
    ("FB", "VAR", 'w : "Motor"; v AT w : Word;', "w : DWord; v AT w : Word;"),
    ("FB", "VAR", "w : TON_TIME; v AT w : Word;", 'w : "Pair"; v AT w : Word;'),
    ("FB", "VAR", "w : Word; x : Int; v AT w : Int;", "w : Word; v AT w : Int; u AT w : Array[0..15] of Bool; x : Int;"),
    ("FB", "VAR", "w : Word; v AT w : Int := 5;", "w : Word := 5; v AT w : Int;"),
    ("FB", "VAR", "w : Word; v AT w : DInt;", "w : DWord; v AT w : Array[0..1] of Word;"),
    ("FC", "VAR_INPUT", "w : DWord; v AT w : Word;", "w : DWord; v AT w : DInt;"),
    ("FC", "VAR_OUTPUT", "w : Word; v AT w : Byte;", "w : Word; v AT w : UInt;"),
    ("FC", "VAR_INPUT", "w : Any; v AT w : Array[0..9] of Byte;", "w : Array[0..9] of Byte; v AT w : Array[0..4] of Int;"),
    ("FC", "VAR_TEMP", "w : Any; v AT w : Word;", "w : DWord; v AT w : Word;"),
]  # fmt: skip
STARTS = [  # section, refused, possible
    ("VAR_TEMP", "x : Int := 5;", "x : Int;"),
    ("VAR_TEMP", "x : STRUCT a : Int := 5; END_STRUCT;", "x : STRUCT a : Int; END_STRUCT;"),
    ("VAR_TEMP", "x : Array[0..1] of Int := [1, 2];", "x : Array[0..1] of Int;"),
    ("VAR_IN_OUT", "x : Array[0..1] of Int := [1, 2];", "x : Int := 5;"),
    ("VAR", "x : Array[0..1] of REF_TO Int;", "x : Array[0..1] of Int := [1, 2];"),
]
VARIABLES = """
VAR
    i : Int; j : Int; u : UInt; v : UInt; ud : UDInt; d : DInt; w : Word; b : Byte; x : Bool; r : Real; lr : LReal;
    c : Char; bits : Array[0..3] of Bool; more : Array[0..3] of Bool; list : Array[0..3] of Int; copy : Array[0..3] of Int;
    s : STRUCT n : Int; END_STRUCT; text : String; motor : "Motor"; tm : Time; s5 : S5Time; s6 : S5Time; t : Time;
    base : DWord; over AT base : Word; parts AT base : Array[0..1] of Word;
END_VAR
VAR CONSTANT
    K : String := 'abc'; N : Word := 16#1; L : LReal := 1.5; DW : DWord := 16#1; U2 : UInt := 3;
END_VAR
"""
STATEMENTS = [  # code, refused, possible
    ("loop.variable_written", "FOR #i := 1 TO 9 DO #i := #i + 1; END_FOR;", "FOR #i := 1 TO 9 DO #j := #i; END_FOR;"),
    (
        "loop.variable_written",
        "FOR #i := 1 TO 9 DO IF #x THEN #i += 1; END_IF; END_FOR;",
        "FOR #i := 1 TO 9 DO ; END_FOR; #i := 1;",
    ),
    (
        "loop.variable_written",
        "FOR #s.n := 1 TO 9 DO #s.n := 2; END_FOR;",
        "FOR #s.n := 1 TO 9 DO #i := #s.n; END_FOR;",
    ),
    (
        "loop.variable_written",
        'FOR #i := 1 TO 9 DO "Give"(x => #i); END_FOR;',
        'FOR #i := 1 TO 9 DO "Give"(x => #j); END_FOR;',
    ),
    (
        "loop.variable_written",
        "FOR #i := 1 TO 9 DO WHILE #x DO #motor(speed => #i); END_WHILE; END_FOR;",
        "#motor(speed => #i);",
    ),
    (
        "loop.variable_written",
        "FOR #i := 1 TO 3 DO FOR #i := 1 TO 3 DO ; END_FOR; END_FOR;",
        "FOR #i := 1 TO 3 DO FOR #j := 1 TO 3 DO ; END_FOR; END_FOR;",
    ),
    ("type.loop_sign", "FOR #u := 0 TO #i DO ; END_FOR;", "FOR #u := 0 TO #v DO ; END_FOR;"),
    ("type.loop_sign", "FOR #i := #u TO 9 DO ; END_FOR;", "FOR #i := #j + 1 TO 9 DO ; END_FOR;"),
    ("type.loop_sign", "FOR #d := 0 TO 9 BY #v DO ; END_FOR;", "FOR #d := 0 TO 9 BY #i DO ; END_FOR;"),
    ("type.loop_sign", "FOR #i := 0 TO #U2 DO ; END_FOR;", "FOR #ud := 0 TO #U2 DO ; END_FOR;"),
    ("value.range", "FOR #u := 9 TO 0 BY -1 DO ; END_FOR;", "FOR #i := 9 TO 0 BY -1 DO ; END_FOR;"),
    ("type.case_label", "CASE #w OF 16#1..16#4: ; END_CASE;", "CASE #i OF 1..4: ; END_CASE;"),
    ("type.case_label", "CASE #b OF 0, 2..3: ; END_CASE;", "CASE #b OF 0, 2, 3: ; END_CASE;"),
    ("type.case_label", "CASE #w OF DWORD#1: ; END_CASE;", "CASE #w OF BYTE#1, WORD#2: ; END_CASE;"),
    ("type.case_label", "CASE #b OF #N: ; END_CASE;", "CASE #w OF #N: ; END_CASE;"),
    ("type.case_label", "CASE #w OF #DW: ; END_CASE;", "CASE #base OF #DW, #N: ; END_CASE;"),
    ("type.operands", "#x := #s5 > #s6;", "#x := S5TIME_TO_TIME(#s5) > S5TIME_TO_TIME(#s6);"),
    ("type.operands", "#x := #s5 = #t;", "#x := #tm = #t;"),
    ("type.operands", "#x := #s5 <> S5T#1s;", "#x := #w = #s5;"),
    ("type.operands", "#x := #r > #lr;", "#x := REAL_TO_LREAL(#r) > #lr;"),
    ("type.operands", "#x := #r + 1.0 = #lr;", "#x := #r + 1.0 = #r * 2.0;"),
    ("type.operands", "#x := #L <= #r;", "#x := #r < 1.5 AND #i < #lr AND #r > #i * 1.5;"),
    ("statement.operator", "#w &= 16#1;", "#w := #w AND 16#1;"),
    ("statement.operator", "#x |= TRUE;", "#i += 1; #i -= 1; #r *= 2.0; #r /= 2.0;"),
    ("call.enable", '"Twice"(EN := #x, x := 1);', '#motor(EN := #x, on := TRUE); IF #x THEN #i := "Twice"(1); END_IF;'),
    ("name.constant_part", "#c := #K[1];", "#c := #text[1];"),
    ("name.constant_part", "#c := #K[#i];", "#text := #K;"),
    ("name.constant_part", "#x := #N.%X0;", "#x := #w.%X0;"),
    ("type.slice", "#x := #over.%X0;", "#x := #base.%X0;"),
    ("type.slice", "#b := #parts[1].%B0;", "#w := #parts[1]; #w := #over;"),
    (
        "type.parameter",
        "#i := MOVE_BLK_VARIANT(SRC := #bits, COUNT := 1, SRC_INDEX := 0, DEST_INDEX := 0, DEST => #more);",
        "#i := MOVE_BLK_VARIANT(SRC := #list, COUNT := 1, SRC_INDEX := 0, DEST_INDEX := 0, DEST => #copy);",
    ),
    (
        "type.parameter",
        "#i := MOVE_BLK_VARIANT(SRC := #bits[1], COUNT := 1, SRC_INDEX := 0, DEST_INDEX := 0, DEST => #more);",
        "#i := MOVE_BLK_VARIANT(SRC := #list[1], COUNT := 1, SRC_INDEX := 0, DEST_INDEX := 0, DEST => #copy);",
    ),
]
DATA = [  # refused, possible
    ("IF a = 1 THEN ; END_IF;", "a := 1;"),
    ("b();", "a := 1; b := 2;"),
    ("FOR a := 1 TO 2 DO ; END_FOR;", ""),
    ("RETURN;", ""),
    ("a += 1;", "a := -1;"),
]


def test_declarations() -> None:
    """Each type is refused where its section, block, access or CPU does not have it, and accepted next to that."""
    report = [
        f"{data_type} at {place}: {found or 'accepted'}"
        for data_type, refused, possible in DECLARATIONS
        for place, expected in (*((each, True) for each in refused), *((each, False) for each in possible))
        if bool(found := declared(data_type, place) & {"type.section", "type.not_available", "declaration.section"})
        is not expected
        or (not expected and declared(data_type, place))
    ]
    assert report == []


def test_overlays_and_start_values() -> None:
    report = []
    for kind, section, refused, possible in OVERLAYS:
        for text, expected in ((refused, True), (possible, False)):
            found = check(block(kind, f"{section} {text} END_VAR", standard=True), "1500")
            if bool(found & {"declaration.overlay", "declaration.start"}) is not expected or (found and not expected):
                report.append(f"{kind} {section} {text}: {found or 'accepted'}")
    optimized = "VAR w : Word; v AT w : Int; END_VAR"
    report += [] if check(block("FB", optimized), "1500") == {"declaration.overlay"} else [optimized]
    for section, refused, possible in STARTS:
        for text, expected in ((refused, True), (possible, False)):
            found = check(block("FB", f"{section} {text} END_VAR"), "1500")
            if bool(found & {"declaration.start", "type.section", "type.array_element"}) is not expected:
                report.append(f"{section} {text}: {found or 'accepted'}")
    assert report == []


def test_statements() -> None:
    report = []
    for code, refused, possible in STATEMENTS:
        found = check(block("FB", VARIABLES, refused, standard=True), "1500")
        report += [] if found == {code} else [f"{refused} {found or 'accepted'}"]
        found = check(block("FB", VARIABLES, possible, standard=True), "1500")
        report += [f"{possible} {found}"] if found else []
    assert report == []


def test_data_blocks() -> None:
    report = []
    for refused, possible in DATA:
        found = check(block("DB", "VAR a : Int; b : Int; END_VAR", refused), "1500")
        report += [] if found else [refused]
        found = check(block("DB", "VAR a : Int; b : Int; END_VAR", possible), "1500")
        report += [f"{possible} {found}"] if found else []
    assert report == []


def test_classic_programs_keep_their_rules() -> None:
    """The pages about FOR and CASE are about S7-1200 and S7-1500."""
    body = "FOR #i := 1 TO 9 DO #i := #i + 1; END_FOR; CASE #w OF 16#1..16#4: ; END_CASE;"
    assert check(block("FB", "VAR i : Int; w : Word; END_VAR", body, standard=True), "300") == set()


def test_blocks_and_tags_of_files() -> None:
    """The rules are the same for a block that an XML or JSON file holds, and for PLC tags."""
    rows = [
        ("OB", "Static", "Int", "DInt", [], "declaration.section"),
        ("FB", "Temp", "TON_TIME", "Int", [], "type.section"),
        ("FB", "Static", "LReal", "Real", [{"compare": ["#x", "<", "#y"], "type": "LReal"}], "type.pin"),
    ]
    report = []
    for kind, section, refused, possible, contacts, code in rows:
        for data_type, expected in ((refused, {code}), (possible, set())):
            logic = [from_json({"rungs": [[*contacts, {"coil": "#b"}]]})] if contacts else []
            interface = [
                Section("Static" if kind == "FB" else "Temp", [Member("b", "Bool"), Member("y", "Real")]),
                Section(section if data_type == refused else "Temp", [Member("x", data_type)]),
            ]
            program = Block(kind, "Test", language="LAD", interface=interface, secondary_type="ProgramCycle")
            program.networks = [Network("LAD", {}, {}, source=each) for each in logic]
            workspace = Workspace(CPUS["1500"])
            workspace.put(program)
            found = {each.code for each in workspace.check() if each.severity is Severity.ERROR}
            report += [] if found == expected else [f"{kind} {section} {data_type}: {found}"]
    workspace = Workspace(CPUS["1200"])
    workspace.put(Tag("Wide", "LWord", "%ML0"))
    workspace.put(Tag("Narrow", "DWord", "%MD10"))
    found = {(each.place.member or each.place.block, each.code) for each in workspace.check()}
    assert (report, found) == ([], {("Wide", "type.not_available")})
