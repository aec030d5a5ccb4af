"""One program in all languages whose names and texts are given: the same structure whatever they are."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from simatic_xml import flgnet, graph, load, stl
from simatic_xml.model import Block, Member, Network, Section, Tag, UserConstant
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.program import Program, program_of

NAMES, TEXTS = 40, 8
"""How many names and texts the program has."""

CODE = (
    "__import__", "__builtins__", "__class__", "None", "class", "lambda", "eno", "self", "cpu", "rlo", "a1", "t1", "spend",
    "len", "text", "type", "{}", "{0}", "{0.__class__}", "%s", "\\", "'''", "#", "*/ system(1); /*", "//", "??/", "x;y",
    "a b", "Ω", "ﬁ", "ｅｎｏ", "int", "struct", "main", "_n", "x_low0", "(*", "f(", "[0]", "$'", "\u2028x", "eno\\n", "q := 1",
)  # fmt: skip
"""Names that mean something in generated code, and signs that end something there."""

PLAIN_NAMES = [f"{a}{b}{b}" for a in "xy" for b in string.ascii_lowercase][:NAMES]
PLAIN_TEXTS = [f"text{number}" for number in range(TEXTS)]

_SIGNS = "".join(sorted({*string.printable[:95], "ä", "Ω", "ﬁ", "\u2028", "\xa0", "é", "中"} - {'"'}))
_NAME = st.one_of(st.sampled_from(CODE), st.text(_SIGNS, min_size=1, max_size=10).map(str.strip).filter(bool))
_CHOSEN = st.lists(
    st.tuples(st.integers(0, NAMES - 1), _NAME),
    min_size=1,
    max_size=8,
    unique_by=(lambda each: each[0], lambda each: each[1].casefold()),
)
names = _CHOSEN.map(dict).map(lambda chosen: [chosen.get(at, plain) for at, plain in enumerate(PLAIN_NAMES)])
"""All names, each another one, some of them hostile."""
texts = st.lists(
    st.one_of(
        st.sampled_from(('"""', "'", "\\", '"""+__import__("os")+"""', "\n  x = 1\n", "*/", '");', "{}", "#", "\0")),
        st.text(_SIGNS + "\n\0'\"\\", max_size=8),
    ),
    min_size=TEXTS,
    max_size=TEXTS,
)

_SOURCE = """
TYPE @0@
TITLE = ^0^
VERSION : 0.1
   STRUCT // ^0^
      @1@ : Int; // ^1^
      @2@ : Bool;
      @3@ : String[20] := !1!;
   END_STRUCT;
END_TYPE
FUNCTION_BLOCK @4@
TITLE = ^2^
VERSION : 0.1
//^3^
   VAR_INPUT
      @5@ : Int; // ^4^
   END_VAR
   VAR_OUTPUT
      @6@ : Bool;
   END_VAR
   VAR_IN_OUT
      @7@ : @0@;
      @8@ : Array[*] of Int;
   END_VAR
   VAR
      @9@ : Array[0..4] of @0@;
      @10@ {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
      @11@ : String := !2!;
   END_VAR
   VAR DB_SPECIFIC
      @12@ : Word;
      @13@ AT @12@ : Array[0..15] of Bool;
   END_VAR
   VAR_TEMP
      @14@ : Int;
   END_VAR
   VAR CONSTANT
      @15@ : Int := 3;
   END_VAR
BEGIN
   // ^5^
   REGION ^6^
   #@14@ := #@5@ + #@15@;
   IF #@7@.@3@ = !3! AND #@11@ <> !4! THEN
      #@11@ := CONCAT(IN1 := #@11@, IN2 := !5!);
      #@7@.@3@ := !6!;
   END_IF;
   END_REGION
   FOR #@14@ := 0 TO 4 DO
      #@9@[#@14@].@1@ := #@9@[#@5@].@1@ + #@8@[#@14@];
   END_FOR;
   #@10@(IN := #@7@.@2@, PT := T#1s);
   #@6@ := #@10@.Q OR #@12@.%X3;
   #@13@[2] := #@6@;
   @16@(@17@ := #@9@[1], @18@ => #@14@, @19@ := #@11@);
   (* ^7^ *)
END_FUNCTION_BLOCK
FUNCTION @16@ : Void
VERSION : 0.1
   VAR_INPUT
      @17@ : @0@;
      @19@ : Variant;
   END_VAR
   VAR_OUTPUT
      @18@ : Int;
   END_VAR
BEGIN
   #@18@ := #@17@.@1@ * @20@ + @21@;
   @21@ := #@18@;
END_FUNCTION
DATA_BLOCK @22@
TITLE = ^4^
VERSION : 0.1
@4@
BEGIN
END_DATA_BLOCK
DATA_BLOCK @23@
VERSION : 0.1
   VAR
      @24@ : @0@; // ^0^
      @25@ : Array[-1..4] of Int;
   END_VAR
BEGIN
   @24@.@3@ := !7!;
END_DATA_BLOCK
"""
_STATEMENTS = """
FUNCTION @26@ : Void
TITLE = ^1^
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
   VAR_INPUT
      @27@ : Bool; // ^2^
   END_VAR
   VAR_TEMP
      @28@ : Int;
      @29@ : DWord;
   END_VAR
BEGIN
NETWORK
TITLE = ^3^
//^4^
  A #@27@; // ^5^
  JCN end;
  L @21@;
  INC 3;
  + 5;
  T #@28@;
  L DW#16#1234;
  SLD 4;
  T #@29@;
end: NOP 0;
  L 'ab';
  T MW 20;
  CALL @16@ ( @17@ := @23@.@24@, @19@ := @23@.@24@.@3@, @18@ => #@28@ );
END_FUNCTION
"""
_CALLS = """
DATA_BLOCK @38@
VERSION : 0.1
@30@
BEGIN
END_DATA_BLOCK
DATA_BLOCK @39@
VERSION : 0.1
@34@
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
   @22@(@5@ := @21@, @7@ := @23@.@24@, @8@ := @23@.@25@);
   @26@(@27@ := TRUE);
   @38@();
   @39@();
END_ORGANIZATION_BLOCK
"""
_LADDER = {
    "rungs": [
        [{"any": [[{"contact": "#@31@"}], [{"contact": "@23@.@24@.@2@", "negated": True}]]}, {"coil": "#@32@"}],
        [{"contactP": "#@31@", "bit": "#@33@"}, {"move": "@21@", "to": ["@23@.@24@.@1@"]}],
    ]
}
_GATES = {"fbd": [[{"and": ["#@31@", {"not": "#@32@"}]}, {"set": "#@33@"}]]}
_SEQUENCE = {
    "graph": {
        "sequences": [
            {
                "title": "^0^",
                "steps": [
                    {
                        "name": "%35%",
                        "init": True,
                        "comment": "^1^",
                        "actions": [{"qualifier": "N", "operand": "@23@.@24@.@2@"}],
                    },
                    {
                        "name": "%36%",
                        "interlock": [{"contact": "@23@.@24@.@2@"}],
                        "actions": [{"qualifier": "N", "text": "@21@ := @21@ + 1"}],
                    },
                ],
                "transitions": [
                    {"name": "%37%", "condition": [{"contact": "#@35@.X"}]},
                    {"name": "Last", "condition": [{"compare": ["@21@", ">", "3"], "type": "Int"}]},
                ],
            }
        ]
    }
}
_MARK = re.compile(r"(?P<kind>[@%!^])(?P<number>\d+)(?P=kind)")


@dataclass(frozen=True)
class Words:
    """The names and texts of a program."""

    names: Sequence[str]
    texts: Sequence[str]

    def fill(self, template: str) -> str:
        """Fill a template: `@1@` a quoted name, `%1%` a bare one, `!1!` a literal, `^1^` a comment or title."""
        return _MARK.sub(self._filled, template)

    def _filled(self, found: re.Match[str]) -> str:
        number = int(found["number"])
        match found["kind"]:
            case "@":
                return f'"{self.names[number]}"'
            case "%":
                return self.names[number]
            case "!":
                return _literal(self.texts[number])
        return " ".join(shown(self.texts[number]).split()).replace("*)", "")

    def fill_json(self, data: Any) -> Any:
        """Fill JSON."""
        if isinstance(data, dict):
            return {key: self.fill_json(each) for key, each in data.items()}
        if isinstance(data, list):
            return [self.fill_json(each) for each in data]
        return self.fill(data) if isinstance(data, str) else data


def _literal(text: str) -> str:
    plain = {"'": "$'", "$": "$$"}
    return f"'{''.join(plain.get(each) or (each if each.isprintable() else f'${ord(each):02X}') for each in text)}'"


def shown(text: str) -> str:
    """Return what XML can hold of a text."""
    return "".join(each for each in text if each.isprintable())


def workspace(words: Words) -> Workspace:
    """Return the program as a workspace.

    Raises:
        ValueError: the names cannot be written in a source.
    """
    found = Workspace()
    name = words.names
    found.put(Tag(name[21], "Int", "%MW10", comment={"en-US": shown(words.texts[0])}))
    found.put(UserConstant(name[20], "Int", "7"))
    _put_source(found, words.fill(_SOURCE), "source")
    made = stl.generate(words.fill(_STATEMENTS))
    if any(each.severity is Severity.ERROR for each in made.diagnostics):
        raise ValueError(made.diagnostics)
    for document in made.documents:
        found.put_document(load(document))
    ladder = Network(
        "LAD",
        source=flgnet.from_json(words.fill_json(_LADDER)),
        title={"en-US": shown(words.texts[1])},
        comment={"en-US": shown(words.texts[2])},
    )
    gates = Network("FBD", source=flgnet.from_json(words.fill_json(_GATES)))
    members = [Member(name[number], "Bool", comment={"en-US": shown(words.texts[3])}) for number in (31, 32, 33)]
    sections = [Section("Input"), Section("Output"), Section("InOut"), Section("Static", members), Section("Temp")]
    found.put(
        Block(
            "FB",
            name[30],
            auto_number=True,
            language="LAD",
            interface=[*sections, Section("Constant")],
            networks=[ladder, gates],
        )
    )
    found.put(graph.block(words.fill_json(_SEQUENCE), name[34], "V20"))
    _put_source(found, words.fill(_CALLS), "calls")
    return found


def _put_source(found: Workspace, source: str, name: str) -> None:
    problems = found.put_source(source, name)
    if any(each.severity is Severity.ERROR for each in problems):
        raise ValueError(problems)


def program(words: Words) -> Program:
    """Return the typed program."""
    return program_of(workspace(words))


PLAIN = Words(PLAIN_NAMES, PLAIN_TEXTS)
