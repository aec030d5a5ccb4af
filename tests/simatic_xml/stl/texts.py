"""STL that the tests make up: lines, and elements that go beyond what any line says."""

from hypothesis import strategies as st
from lxml import etree

from simatic_xml.stl.mnemonics import JUMPS, MNEMONICS, NEEDS_OPERAND

OPERANDS = (
    "#start",
    '#"two words".x[1, #i]',
    '"Tag"',
    '"Motor_DB".speed[3].%X0',
    '"Valve":P',
    "%I0.0",
    "%QW4",
    "%MD8:Real",
    "%IW256:P",
    "%DB3.DBX2.1",
    "%DBW2",
    "%DIX0.7",
    "%LD4",
    "%T5",
    "%C7",
    "5",
    "-7",
    "1.5",
    "TRUE",
    "16#FF",
    "DInt#7",
    "S5T#5S",
    "P#M0.0",
    "B#16#0A",
    "'it, // is (text)'",
    'const "MAX"',
    "const #limit",
    "BR",
    "==0",
    "<=0",
    "indirect(Width=Word, Area=Memory, %MD4)",
    "indirect(Width=Bit, Register=AR1, BitOffset=17)",
)
BLOCKS = ("OPN %DB12", 'OPN "Data_DB"', "OPNDI %DI4", "UC %FC7", 'UC "Init"', "CC #block", 'CC "Step"')
CALLS = (
    'CALL "Init"',
    'CALL "Motor", "Motor_DB" (start : Bool := #on, "run time" => "Log".t, data : "M,D" <=> "DB".x[1, 2])',
    'CALL "Scale" (IN := 5, open :=, Ret_Val : Int => #result)',
    "CALL #motor (start := TRUE)",
    'CALL TON, "Delay" (IN := #on, PT := T#5s)',
    "CALL LIMIT {value_type : Type := Real} (MN := 0.0, IN := #x, MX := 1.0)",
)

_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
_plain = st.sampled_from(
    ["A", "AN", "O", "ON", "X", "XN", "=", "S", "R", "FP", "FN", "L", "T", "LC", "SD", "SLW", "+", "+AR1"]
)
_without = st.sampled_from(sorted(set(MNEMONICS.values()) - NEEDS_OPERAND))
_comments = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12).map("//{}".format)
_codes = st.one_of(
    st.just(""),
    _without,
    st.builds("{} {}".format, _plain, st.sampled_from(OPERANDS)),
    st.builds("{} {}".format, st.sampled_from(sorted(JUMPS)), _names),
    st.sampled_from(BLOCKS + CALLS),
)
_labels = st.one_of(st.just(""), _names.map("{}:".format))
lines = st.builds(
    lambda *parts: " ".join(part for part in parts if part), _labels, _codes, st.one_of(st.just(""), _comments)
)
texts = st.lists(lines, max_size=8).map(lambda each: "".join(f"{line}\n" for line in each))

_words = st.sampled_from(
    ["StlToken", "Access", "LineComment", "Text", "Comment", "Symbol", "Component", "Call", "Unknown"]
)
_values = st.sampled_from(
    ["", "A", "CALL", "COMMENT", "LocalVariable", "Label", "Call", "21", "-1", "x y", "?", '"', "\n"]
)
_attributes = st.dictionaries(
    st.sampled_from(["Text", "Scope", "Name", "UId", "Inserted", "Version"]), _values, max_size=3
)


@st.composite
def damaged(draw: st.DrawFn, element: etree._Element) -> etree._Element:
    """Change, add and remove some elements of a tree, as nobody should."""
    for _ in range(draw(st.integers(1, 3))):
        nodes = [node for node in element.iter() if node is not element]
        target = draw(st.sampled_from(nodes)) if nodes else element
        parent = target.getparent()
        change = draw(st.sampled_from(["attributes", "text", "remove", "insert"]))
        if change == "attributes":
            for name, value in draw(_attributes).items():
                target.set(name, value)
        elif change == "text" and len(target) == 0:
            target.text = draw(_values)
        elif change == "remove" and parent is not None:
            parent.remove(target)
        else:
            etree.SubElement(target, f"{{{etree.QName(element).namespace}}}{draw(_words)}", draw(_attributes))
    return element
