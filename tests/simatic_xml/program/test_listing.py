from __future__ import annotations

import pytest

from simatic_xml.program.listing import listing
from tests.simatic_xml.program.program_of import typed_body

DECLARATIONS = "VAR i : Int; d : DInt; r : Real; b : Bool; t : TON_TIME; list : ARRAY[0..9] OF Int; END_VAR"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("#r := #i;", "#r := Real(#i)"),
        ("#d := ROUND(#r);", "#d := ROUND<DInt>(#r)"),
        ("#list[#i + 1] := -5;", "#list[#i + 1] := -5"),
        (
            "IF #b THEN #i := 1; ELSIF NOT #b THEN #i := 2; ELSE #i := 3; END_IF;",
            "IF #b THEN\n  #i := 1\nELSIF NOT #b THEN\n  #i := 2\nELSE\n  #i := 3",
        ),
        (
            "CASE #i OF 1: #b := TRUE; 2..3: ; ELSE #b := FALSE; END_CASE;",
            "CASE #i OF\n  1:\n    #b := TRUE\n  2..3:\n  ELSE\n    #b := FALSE",
        ),
        ("FOR #i := 0 TO 9 DO CONTINUE; END_FOR;", "FOR #i := 0 TO 9 BY 1 DO\n  CONTINUE"),
        ("WHILE #b DO EXIT; END_WHILE;", "WHILE #b DO\n  EXIT"),
        ("REPEAT #i := 1; UNTIL #b END_REPEAT;", "REPEAT\n  #i := 1\nUNTIL #b"),
        ("#t(IN := #b, PT := T#1s);", "#t.TON{T=Time}(IN := #b, PT := Time#1000)"),
    ],
)
def test_statements_as_text(source: str, text: str) -> None:
    body, scope = typed_body(source, DECLARATIONS)
    assert not [each for each in scope.diagnostics if each.severity == "error"]
    assert listing(body) == text
