"""Documents become the sources that TIA Portal writes; sources and documents turn into each other and stay the same."""

from pathlib import Path

import pytest

from simatic_xml import Document, load, scl
from simatic_xml.model import Block, Member, Network, Section, Subelement, TagTable
from tests.simatic_xml.scl.corpus import needs_corpus, sources

BLOCK = """FUNCTION_BLOCK "Pump"
TITLE = A pump
{ S7_Optimized_Access := 'TRUE' }
AUTHOR : Ada
VERSION : 1.0
//Starts and stops.
// And more.
   VAR_INPUT |
      on { ExternalWritable := 'False'} : Bool := TRUE;   // run
      "Time" : Int;
   END_VAR

   VAR RETAIN |
      hours : UDInt;
   END_VAR

   VAR |
      delay {InstructionName := 'TON_TIME'; LibVersion := '1.0'; S7_SetPoint := 'True'} : TON_TIME;
      edges {InstructionName := 'R_TRIG'; LibVersion := '1.0'} : Array[0..15] of R_TRIG;
      list : Array[0..3] of Int := [7, 2(5), 0];
      w : Word;
      bits AT w : Array[0..15] of Bool;
      s : Struct   // inner
         t {InstructionName := 'DTL'; LibVersion := '1.0'} : DTL;
      END_STRUCT;
   END_VAR

   VAR CONSTANT |
      TOP : Int := 3;
   END_VAR


BEGIN
\tIF #on THEN
\t    #hours := #TOP; // count
\tEND_IF;
\t
\t#delay(IN := #on);
END_FUNCTION_BLOCK
"""

DATA_BLOCK = """DATA_BLOCK "D"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
   VAR |
      a : Int := 5;
      r : Array[1..3] of Struct
         y : Array[0..1] of Int;
      END_STRUCT;
   END_VAR


BEGIN
   r[2].y[1] := 9;

END_DATA_BLOCK
"""

STANDARD = """DATA_BLOCK "D"
{ DB_Accessible_From_OPC_UA := 'FALSE'; S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
READ_ONLY
UNLINKED
RETAIN
   STRUCT
      a : Int;
   END_STRUCT;


BEGIN

END_DATA_BLOCK
"""

INSTANCE = """DATA_BLOCK "Timer"
{ InstructionName := 'IEC_TIMER'; LibVersion := '1.0'; S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
IEC_TIMER

BEGIN

END_DATA_BLOCK
"""

TYPE = """TYPE "T"
VERSION : 0.1
   STRUCT
      v : String[20] := 'abc';   // text
   END_STRUCT;

END_TYPE
"""

ORGANIZATION = """ORGANIZATION_BLOCK "Main"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1

BEGIN
END_ORGANIZATION_BLOCK
"""

FUNCTION = """FUNCTION "F" : Real
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_INPUT |
      x : Variant;
   END_VAR


BEGIN
\t#F := 1.0;
END_FUNCTION
"""


@pytest.mark.parametrize("marked", [BLOCK, DATA_BLOCK, STANDARD, INSTANCE, TYPE, ORGANIZATION, FUNCTION])
def test_a_source_comes_back_identical(marked: str) -> None:
    text = marked.replace("|", "")  # the mark makes blanks at the end of a line visible
    (document,) = scl.generate(text).documents
    assert scl.source(document) == text


@pytest.mark.parametrize("text", [BLOCK, DATA_BLOCK, INSTANCE])
def test_every_beginning_of_a_source_is_read_without_a_document(text: str) -> None:
    for size in range(len(text) - len("END_DATA_BLOCK\n")):
        result = scl.generate(text[:size])
        assert result.documents == []
        assert result.diagnostics or not text[:size].strip()


def test_a_document_can_be_given_in_every_form() -> None:
    (content,) = scl.generate(FUNCTION.replace("|", "")).documents
    loaded = load(content)
    block = loaded.objects[0]
    assert isinstance(block, Block)
    assert scl.source(content) == scl.source(content.decode("utf-8-sig")) == scl.source(loaded) == scl.source(block)


def test_values_of_an_instance_are_assigned() -> None:
    block = Block("InstanceDB", "I", instance_of="B", instance_of_type="FB")
    block.interface = [
        Section("Input", [Member("on", "Bool", start_value="TRUE"), Member("n", "Int", start_value="1")]),
        Section("Static", [Member("t", '"T"', sections=[Section("None", [Member("v", "Int", start_value="3")])])]),
    ]
    block.interface[0].members[1].start_value_informative = True
    assert "   on := TRUE;\n   t.v := 3;\n" in scl.source(block)


def test_a_block_in_another_language_has_no_source() -> None:
    block = Block("FC", "F", language="LAD", networks=[Network("LAD")])
    with pytest.raises(scl.SclError, match="'F' is programmed in LAD"):
        scl.source(block)


def test_what_is_no_block_has_no_source() -> None:
    with pytest.raises(scl.SclError, match="Only blocks and PLC data types"):
        scl.source(Document(objects=[TagTable("Tags")]))
    with pytest.raises(scl.SclError, match="ArrayDB"):
        scl.source(Block("ArrayDB", "A"))


def test_values_that_no_declaration_can_say_are_refused() -> None:
    inner = Member("y", "Int", subelements=[Subelement("2", "9")])
    block = Block("FB", "B", language="SCL")
    block.interface = [Section("Static", [Member("r", "Array[1..3] of Struct", members=[inner])])]
    with pytest.raises(scl.SclError, match="'y'"):
        scl.source(block)


@needs_corpus
@pytest.mark.parametrize("path", [path for path in sources() if "psi-func" in str(path)], ids=lambda path: path.name)
def test_a_source_written_by_tia_portal_comes_back_identical(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    assert "".join(map(scl.source, scl.generate(text).documents)).strip() == text.strip()


@needs_corpus
@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_documents_and_sources_are_stable(path: Path) -> None:
    documents = scl.generate(path.read_bytes()).documents
    again = scl.generate("\n".join(map(scl.source, documents))).documents
    assert again == documents
