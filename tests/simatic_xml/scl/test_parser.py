"""The syntax tree: statements, expressions, declarations, and how mistakes are reported."""

import pytest

from simatic_xml import scl
from simatic_xml.limits import most
from simatic_xml.scl import nodes
from simatic_xml.scl.nodes import SourceObject, Statement


def statements(text: str) -> list[Statement]:
    result = scl.parse_statements(text)
    assert [str(finding) for finding in result.diagnostics] == []
    return result.tree.statements


def single(text: str) -> SourceObject:
    result = scl.parse(text)
    assert [str(finding) for finding in result.diagnostics] == []
    (node,) = result.tree.objects
    return node


def shape(node: nodes.Expression) -> str:
    """Return an expression with all its parentheses."""
    match node:
        case nodes.Binary():
            return f"({shape(node.left)} {node.operator} {shape(node.right)})"
        case nodes.Unary():
            return f"({node.operator} {shape(node.operand)})"
        case nodes.Variable():
            return node.name
        case nodes.Literal():
            return node.text
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("-2 ** 2", "(- (2 ** 2))"),
        ("NOT a = b", "((NOT a) = b)"),
        ("a < b = c > d", "((a < b) = (c > d))"),
        ("a OR b XOR c AND d", "(a OR (b XOR (c AND d)))"),
        ("a & b OR c", "((a & b) OR c)"),
        ("a MOD b / c", "((a MOD b) / c)"),
        ("(a + b) * c", "((a + b) * c)"),
        ("a * -b", "(a * (- b))"),
    ],
)
def test_operators_bind_as_the_manual_says(text: str, expected: str) -> None:
    (assignment,) = statements(f"x := {text};")
    assert isinstance(assignment, nodes.Assignment)
    assert shape(assignment.value) == expected


def test_a_path_has_members_indices_slices_and_dereferences() -> None:
    (assignment,) = statements('#a[1, #i + 1].b."c d".%X3 := "DB".ref^.x;')
    assert isinstance(assignment, nodes.Assignment)
    (target,) = assignment.targets
    assert isinstance(target, nodes.Variable)
    assert [type(step).__name__ for step in target.path] == ["Index", "Member", "Member", "Slice"]
    assert isinstance(assignment.value, nodes.Variable)
    assert [type(step).__name__ for step in assignment.value.path] == ["Member", "Dereference", "Member"]


def test_members_can_be_marked_as_local_names() -> None:
    (assignment,) = statements('#axis.#ErrorWord.#"of drive".%X1 := TRUE;')
    assert isinstance(assignment, nodes.Assignment)
    (target,) = assignment.targets
    assert isinstance(target, nodes.Variable)
    members = [(step.name, step.quoted) for step in target.path if isinstance(step, nodes.Member)]
    assert (target.name, members) == ("axis", [("ErrorWord", False), ("of drive", True)])


def test_arguments_by_name_by_position_and_as_output() -> None:
    (statement,) = statements('"F"(1, in := #a, "odd name" := 2, out => #b, ret =>);')
    assert isinstance(statement, nodes.CallStatement)
    assert isinstance(statement.call, nodes.Call)
    found = [(argument.name, argument.operator) for argument in statement.call.arguments]
    assert found == [("", ""), ("in", ":="), ("odd name", ":="), ("out", "=>"), ("ret", "=>")]


def test_every_kind_of_statement() -> None:
    text = """
    IF a THEN x := 1; ELSIF b THEN x := 2; ELSE x := 3; END_IF;
    CASE n OF 0: x := 1; 1, 2: x := 2; 3..5, -1: ; ELSE x := 9; END_CASE;
    FOR i := 0 TO 10 BY 2 DO CONTINUE; END_FOR;
    WHILE a DO EXIT; END_WHILE;
    REPEAT x += 1; UNTIL x > 3 END_REPEAT;
    REGION outer
        REGION inner
            RETURN;
        END_REGION
    END_REGION
    GOTO there;
    there: x := 1;
    a := b := c;
    "I".TON(IN := a);
    ;
    """
    found = [type(statement).__name__ for statement in statements(text)]
    assert found == [
        *("If", "Case", "For", "While", "Repeat", "Region", "Jump", "Label", "Assignment", "Assignment"),
        *("CallStatement", "Empty"),
    ]


def test_case_labels_end_a_branch() -> None:
    (case,) = statements("CASE #n OF #A: x := 1; \"B\": y := 2; INT#3: z := 3; 'c': ; D: w := 4; END_CASE;")
    assert isinstance(case, nodes.Case)
    assert [len(choice.body) for choice in case.choices] == [1, 1, 1, 1, 1]


def test_peripheral_access() -> None:
    (assignment,) = statements('"Out":P := "In":P;')
    assert isinstance(assignment, nodes.Assignment)


def test_a_block_with_everything_in_its_header() -> None:
    node = single(
        """\ufeffFUNCTION_BLOCK "Mixer"
TITLE = It's a title; really
{ S7_Optimized_Access := 'FALSE' }
AUTHOR : 'Ada'
FAMILY : Pumps
NAME : mix
VERSION : 1.2
KNOW_HOW_PROTECT
// first line
// second line
   VAR_INPUT RETAIN
      a, b { ExternalVisible := 'False'} : Bool := TRUE;   // both
   END_VAR
   VAR
      w : Word;
      bits AT w : Array[0..15] of Bool;
      "x y" : Array[0..1, -1..1] of String[20];
      free : Array[*] of Int;
      ref : REF_TO Array[0..3, *] of Int;
      s : Struct   // inner
         t : DTL;
      END_STRUCT;
   END_VAR
   VAR CONSTANT
      MAX : Int := 16#7F;
   END_VAR
BEGIN
   ;
END_FUNCTION_BLOCK
"""
    )
    assert node.header == {
        "TITLE": "It's a title; really",
        "AUTHOR": "Ada",
        "FAMILY": "Pumps",
        "NAME": "mix",
        "VERSION": "1.2",
        "KNOW_HOW_PROTECT": "TRUE",
    }
    assert node.attributes == {"S7_Optimized_Access": "FALSE"}
    assert node.comment == " first line\n second line"
    inputs, static, constants = node.sections
    assert inputs.modifiers == ["RETAIN"]
    assert [(each.name, each.initial, each.comment) for each in inputs.members] == [
        ("a", "TRUE", "both"),
        ("b", "TRUE", "both"),
    ]
    assert [each.name for each in static.members] == ["w", "bits", "x y", "free", "ref", "s"]
    assert static.members[1].overlays == "w"
    assert static.members[2].data_type.bounds == ["0..1", "-1..1"]
    assert static.members[2].data_type.name == "String[20]"
    assert static.members[3].data_type.bounds == ["*"]
    assert static.members[4].data_type.name == "Ref_To Array[0..3, *] of Int"
    assert static.members[5].comment == "inner"
    assert static.members[5].data_type.members[0].data_type.name == "DTL"
    assert constants.modifiers == ["CONSTANT"]


def test_several_objects_in_one_source() -> None:
    result = scl.parse(
        'TYPE "T" STRUCT a : Int; END_STRUCT; END_TYPE\n'
        'DATA_BLOCK "D" "T" BEGIN a := 5; END_DATA_BLOCK\n'
        'FUNCTION "F" : Int BEGIN #F := 1; END_FUNCTION\n'
        'ORGANIZATION_BLOCK "Main" BEGIN END_ORGANIZATION_BLOCK'
    )
    assert result.diagnostics == []
    assert [(node.keyword, node.name) for node in result.tree.objects] == [
        ("TYPE", "T"),
        ("DATA_BLOCK", "D"),
        ("FUNCTION", "F"),
        ("ORGANIZATION_BLOCK", "Main"),
    ]
    assert result.tree.objects[1].instance_of == '"T"'
    assert len(result.tree.objects[1].statements) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_sources_are_read_in_every_encoding_in_use(encoding: str) -> None:
    text = 'FUNCTION "Größe" : Void\r\nBEGIN\r\n#ä := 1; // ö\r\nEND_FUNCTION\r\n'
    result = scl.parse(text.encode(encoding))
    assert result.diagnostics == []
    assert result.tree.objects[0].name == "Größe"


def test_a_span_says_where_a_node_stands() -> None:
    result = scl.parse_statements("a := 1;\n  IF b THEN\n c := 2;\nEND_IF;")
    span = result.tree.span(result.tree.statements[1])
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 3, 4, 8)
    assert result.tree.text(result.tree.statements[0]) == "a := 1;"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a := ;\nb := 1;", "operand-missing", 1),
        ("a := 1\nb := 2;", "semicolon-missing", 2),
        ("IF a THEN\nb := 1;\n", "expected", 3),
        ("a := (1 + 2;", "expected", 1),
        ("a b c;", "assignment-missing", 1),
        ("\nGOTO ;", "label-missing", 2),
        ("IF a THEN RETURN\nEND_IF;", "semicolon-missing", 2),
        ("a.(1);", "member-missing", 1),
        ("END_IF;", "unexpected", 1),
        ("FOR 1 TO 2 DO END_FOR;", "expected", 1),
        ("a := @;", "operand-missing", 1),
    ],
)
def test_a_mistake_is_reported_at_its_place(text: str, code: str, line: int) -> None:
    finding = scl.parse_statements(text).diagnostics[0]
    assert (finding.severity, finding.code, finding.line) == (scl.Severity.ERROR, code, line)
    assert str(finding).startswith(f"{line}:")


def test_one_mistake_does_not_hide_what_follows() -> None:
    result = scl.parse_statements("a := := 1;\nb := 2;\nIF c THEN\n d := ;\nEND_IF;\ne := 3;")
    assert len(result.diagnostics) == 2
    assert len([node for node in nodes.walk(result.tree.statements) if isinstance(node, nodes.Assignment)]) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "x := " + "(" * 5000,
        "x := " + "NOT " * 5000,
        "x := #a" + "[#a" * 5000,
        "f(" * 5000,
        "IF a THEN " * 5000,
        "(* " * 5000,
        "REGION r\n" * 5000,
    ],
)
def test_deep_nesting_is_bounded(text: str) -> None:
    result = scl.parse_statements(text)
    assert result.diagnostics
    assert all(
        finding.code != "too-deep" or str(most("source_nesting")) in finding.message for finding in result.diagnostics
    )


def test_deep_structures_are_bounded() -> None:
    result = scl.parse('TYPE "T" ' + "STRUCT a : " * 5000)
    assert any(finding.code == "too-deep" for finding in result.diagnostics)


def test_a_long_chain_of_operators_is_no_nesting() -> None:
    text = "x := 1" + " + 1" * 5000 + ";"
    assert scl.parse_statements(text).ok
    assert scl.to_text(scl.from_text(text)) == text


def test_classic_sources() -> None:
    node = single(
        """FUNCTION_BLOCK FB10
TITLE = 'Mean value'
VERSION : '2.1'
KNOW_HOW_PROTECT
CONST
  SIZE := 5; // elements
  ON := TRUE;
  PI2 := 6.28;
  DELAY := T#5s;
  MASK := DW#16#FF;
  NAME := 'abc';
  HALF := SIZE * 0.5;
  NEXT := SIZE + 1;
END_CONST
VAR
  x : ARRAY[1..SIZE] OF INT;
END_VAR
LABEL
  L1, L2;
END_LABEL
BEGIN
  IF M0.0 AND I1.7 THEN GOTO L1; END_IF;
  L1: DB10.DW2 := 5;
END_FUNCTION_BLOCK"""
    )
    assert node.header["TITLE"] == "Mean value"
    constants = node.sections[0]
    assert [(each.name, each.initial, each.data_type.name) for each in constants.members] == [
        ("SIZE", "5", "Int"),
        ("ON", "TRUE", "Bool"),
        ("PI2", "6.28", "Real"),
        ("DELAY", "T#5s", "Time"),
        ("MASK", "DW#16#FF", "DWord"),
        ("NAME", "'abc'", "String"),
        ("HALF", "SIZE * 0.5", "Real"),
        ("NEXT", "SIZE + 1", "Int"),
    ]
    assert constants.modifiers == ["CONSTANT"]


def test_pragmas_and_namespaces() -> None:
    node = single(
        "FUNCTION \"F\" : Void\nVAR_TEMP { A := '1' }\n x : ns.Type; END_VAR BEGIN {any text} #x := 1; END_FUNCTION"
    )
    assert node.sections[0].members[0].data_type.name == "ns.Type"
    assert len(node.statements) == 1


def test_characters_that_no_file_can_hold_are_errors() -> None:
    (finding,) = scl.parse_statements("a := 1; // \x00").diagnostics
    assert (finding.code, finding.column) == ("control-character", 12)
    assert scl.parse(b"\x1a").diagnostics == []


def test_an_open_comment_is_a_warning() -> None:
    (finding,) = scl.parse_statements("a := 1; (* never closed").diagnostics
    assert (finding.severity, finding.code) == (scl.Severity.WARNING, "comment-open")


def test_unknown_header_entries_and_missing_names_are_errors() -> None:
    codes = {finding.code for finding in scl.parse('FUNCTION : Void\nPURPOSE : "x"\nBEGIN END_FUNCTION').diagnostics}
    assert codes == {"name-missing", "header"}
