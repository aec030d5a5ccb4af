"""Laying out a source changes blanks and capitals of keywords, nothing else, and is done after one go."""

import re
from pathlib import Path

import pytest

from simatic_xml import scl
from tests.simatic_xml.scl.corpus import needs_corpus, sources

UGLY = """function_block "B"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
// what it does
var_input
a:Bool:=true ;// on
  list : array [0..3] of Int;
end_var
begin
// first
if a and not(#b or -#c<- 1) then
#x:=#y[1,2] . z+f( 1 ,n:=2,  o=>#p );
(* between *)
case #n of
0,1:
#x:=1;
// two
2..3: #x:=2; // same line
else
#x:=3;
end_case;
// before the end
end_if;
REGION  some  name
"Q":P:=%I0.0;


goto there;
there:;
end_region
repeat #i+=1; until #i>3 end_repeat;
end_function_block
"""

NEAT = """FUNCTION_BLOCK "B"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
    // what it does
    VAR_INPUT
        a : Bool := true; // on
        list : array[0..3] of Int;
    END_VAR
BEGIN
    // first
    IF a AND NOT (#b OR -#c < -1) THEN
        #x := #y[1, 2].z + f(1, n := 2, o => #p);
        (* between *)
        CASE #n OF
            0, 1:
                #x := 1;
            // two
            2..3: #x := 2; // same line
            ELSE
                #x := 3;
        END_CASE;
        // before the end
    END_IF;
    REGION some  name
        "Q":P := %I0.0;


        GOTO there;
        there:;
    END_REGION
    REPEAT #i += 1; UNTIL #i > 3 END_REPEAT;
END_FUNCTION_BLOCK
"""


def substance(text: str) -> str:
    """Return a text without blanks and without regard to capitals."""
    return re.sub(r"\s+", "", text.removeprefix("\ufeff")).upper()


def test_a_source_is_laid_out() -> None:
    assert scl.format(UGLY) == NEAT
    assert scl.format(NEAT) == NEAT


def test_a_body_is_laid_out_without_a_block_around_it() -> None:
    assert scl.format("if a then\nb:=1;\nend_if;") == "IF a THEN\n    b := 1;\nEND_IF;\n"
    assert scl.format("") == ""


def test_continued_lines_are_indented() -> None:
    assert scl.format("#a := 1 +\n2;\n#f(x := 1,\ny := 2);\n") == "#a := 1 +\n    2;\n#f(x := 1,\n    y := 2);\n"


def test_comments_in_brackets_stay_what_they_are() -> None:
    text = "#a (* x *) := (* (* n *) *) 1; (/* m *)\n */)\n(* two\n   lines *)\n"
    assert scl.format(text) == text


def test_a_source_with_errors_is_refused() -> None:
    with pytest.raises(scl.SclError, match="cannot be formatted"):
        scl.format("if a then")


@needs_corpus
@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_real_sources_keep_their_substance(path: Path) -> None:
    result = scl.parse(path.read_bytes())
    if not result.ok:
        return
    text = result.tree.tokens.source
    neat = scl.format(text)
    assert substance(neat) == substance(text)
    assert scl.format(neat) == neat


@needs_corpus
@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_a_tree_prints_back_to_its_text(path: Path) -> None:
    tree = scl.parse(path.read_bytes()).tree
    assert scl.unparse(tree) == tree.tokens.source
    assert all(scl.unparse(tree, node) == tree.text(node) for node in tree.objects)
