"""Declarations of SCL: data types, variables, structures and VAR sections."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simatic_xml.flgnet.literals import natural_type
from simatic_xml.instructions.system_blocks import instance_type
from simatic_xml.interruption import checkpoint
from simatic_xml.scl.classic.numbers import name_of, read_numbered
from simatic_xml.scl.lexer import END, LOCAL, NAME, NUMBER, OBJECT_ENDS, OBJECT_KEYWORDS, QUOTED, STRING
from simatic_xml.scl.nodes import DataType, Declaration, Section
from simatic_xml.scl.statements import StatementParser
from simatic_xml.scl.trivia import comments

VAR_KEYWORDS = frozenset(("VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_IN_OUT", "VAR_TEMP"))
_MODIFIERS = frozenset(("CONSTANT", "RETAIN", "NON_RETAIN", "DB_SPECIFIC"))
_TYPED = re.compile(r"(?P<type>[A-Za-z]\w*)#")
_PREFIXES = {
    "T": "Time", "S5T": "S5Time", "D": "Date", "TOD": "Time_Of_Day", "DT": "Date_And_Time",
    "LT": "LTime", "B": "Byte", "W": "Word", "DW": "DWord", "LW": "LWord", "L": "DInt", "C": "Word",
}  # fmt: skip
"""Short names of types in front of a literal."""
_FRACTION = re.compile(r"\d\.\d")
_STOPS = OBJECT_ENDS | OBJECT_KEYWORDS | VAR_KEYWORDS | {"END_VAR", "END_STRUCT", "BEGIN", END}
_MEMBER_NAMES = _STOPS - {END}
_NUMBERED_TYPES = ("UDT", "FB", "SFB")


def _type_of(value: str) -> str:
    """Return the data type of a constant without one: that of its literal; Real or Int for an expression of numbers."""
    if typed := _TYPED.match(value):
        return _PREFIXES.get(typed["type"].upper(), typed["type"])
    found = natural_type(value)
    if found is None:
        return "Real" if _FRACTION.search(value) else "Int"
    return "Char" if found == "String" and len(value) == len("'a'") else found


class DeclarationParser(StatementParser):
    """Reads VAR sections and structures.

    Attributes:
        numbered: the names of the blocks in the program by absolute name (`FC5`), as `Program.numbered` has them.
        classic: whether the CPU is an S7-300 or S7-400.
        attributes_first: whether the attributes of a variable are in front of its name, as in SIMATIC SD.
    """

    numbered: Mapping[str, str] = {}
    classic = False
    attributes_first = False

    def section(self) -> Section:
        """Read VAR ... END_VAR, or a STRUCT ... END_STRUCT in place of a section."""
        first = self.at
        keyword = self.kinds[first]
        self.at += 1
        modifiers = []
        after_name = (":", ",") if self.attributes_first else (":", ",", "{")
        while self.text(self.at).upper() in _MODIFIERS and self.kinds[self.at + 1] not in after_name:
            modifiers.append(self.text(self.at).upper())
            self.at += 1
        if not self.attributes_first:
            self.attributes()
        members = self.members()
        self.expect("END_STRUCT" if keyword == "STRUCT" else "END_VAR", "at the end of the declarations")
        self.accept(";")
        return Section(first, self.at, keyword, modifiers, members)

    def constants(self) -> Section:
        """Read CONST ... END_CONST of a classic source: names with values and without types."""
        first = self.at
        self.at += 1
        members: list[Declaration] = []
        while self._word() not in ("END_CONST", "") and self.kinds[self.at + 1] == ":=":
            start = self.at
            name = self._read_name()
            self.at += 1
            initial = self._initial()
            self.expect(";", f"after the constant '{name}'")
            data_type = DataType(start, start + 1, _type_of(initial))
            members.append(Declaration(start, self.at, name, data_type, {}, "", initial, self._line_comment()))
        self._end_word("END_CONST")
        return Section(first, self.at, "VAR", ["CONSTANT"], members)

    def labels(self) -> None:
        """Skip LABEL ... END_LABEL of a classic source, which declares jump labels."""
        while self._word() != "END_LABEL" and self.kinds[self.at] not in _STOPS:
            self.at += 1
        self._end_word("END_LABEL")

    def _word(self) -> str:
        """Return the current word in upper case, empty if there is none."""
        return self.text(self.at).upper() if self.kinds[self.at] == NAME else ""

    def _end_word(self, word: str) -> None:
        if self._word() != word:
            self.report(
                "expected", f"'{word}' is missing at the end of the declarations; found {self.describe_token()}."
            )
            return
        self.at += 1
        self.accept(";")

    def members(self) -> list[Declaration]:
        """Read declarations up to the end of their section or structure."""
        members: list[Declaration] = []
        while self.kinds[self.at] not in _STOPS or self._declares_keyword():
            checkpoint()
            before = self.at
            attributes = self.attributes() if self.attributes_first else {}
            if attributes and self.kinds[self.at] in _STOPS and not self._declares_keyword():
                self.report("declaration", f"The attributes belong to no variable; found {self.describe_token()}.")
                break
            if self.kinds[self.at] in (NAME, QUOTED, LOCAL) or self._keyword_as_name():
                members.extend(self._declaration(before, attributes))
            else:
                self.report("declaration", f"A declaration cannot start with {self.describe_token()}.")
                self._skip_declaration()
            if self.at == before:
                self._skip_declaration()
        return members

    def _declares_keyword(self) -> bool:
        """Return whether a word that ends declarations elsewhere (`Var`, `Type`) is the name of a member here."""
        return self.kinds[self.at] in _MEMBER_NAMES and self.kinds[self.at + 1] in (":", ",")

    def _keyword_as_name(self) -> bool:
        """Return whether a word that is a keyword elsewhere is declared here."""
        return self.kinds[self.at + 1] in (":", "{", ",") and self.text(self.at).replace("_", "").isalnum()

    def _skip_declaration(self) -> None:
        while self.kinds[self.at] not in _STOPS and not self.accept(";"):
            self.at += 1

    def _declaration(self, first: int, attributes: dict[str, str]) -> list[Declaration]:
        """Read one declaration from the token `first` on, with the attributes before it; `a, b : Int;` gives two."""
        names = [self._read_name()]
        while self.accept(","):
            names.append(self._read_name())
        attributes |= self.attributes()
        overlays = self._overlay()
        if not self.expect(":", "after the name of the variable"):
            self._skip_declaration()
            return []
        data_type = self.data_type()
        attributes |= self.attributes()
        initial = self._initial() if self.accept(":=") else ""
        last = self.at - 1
        if not self.accept(";") and not (self.kinds[self.at] == "END_STRUCT" or data_type.members):
            self.report("semicolon-missing", f"';' is missing after the declaration of '{names[0]}'.", at=last)
        comment = data_type.comment or self._line_comment()
        return [Declaration(first, self.at, name, data_type, attributes, overlays, initial, comment) for name in names]

    def _read_name(self) -> str:
        if self.kinds[self.at] in _STOPS and not self._declares_keyword():
            self.report("name-missing", f"The name of a variable is missing; found {self.describe_token()}.")
            return ""
        text = self.text(self.at)
        self.at += 1
        return text.lstrip("#").strip('"')

    def _overlay(self) -> str:
        """Read `AT other`."""
        if self.kinds[self.at] == NAME and self.text(self.at).upper() == "AT":
            self.at += 1
            return self._read_name()
        return ""

    def _line_comment(self) -> str:
        """Return the comments that follow on the line of the token just read."""
        line = self.tokens.trivia(self.at).split("\n", 1)[0]
        return " ".join(text.removeprefix(" ") for text in comments(line)).rstrip("\r") if line.strip() else ""

    def _initial(self) -> str:
        """Return the text of a start value: everything up to the semicolon."""
        first = self.at
        while self.kinds[self.at] not in _STOPS and self.kinds[self.at] != ";":
            self.at += 1
        if first == self.at:
            self.report("value-missing", f"The start value is missing; found {self.describe_token()}.")
            return ""
        return self.tokens.source[self.tokens.starts[first] : self.tokens.ends[self.at - 1]]

    def attributes(self) -> dict[str, str]:
        """Read `{ name := 'value'; ... }` blocks."""
        entries: dict[str, str] = {}
        while self.accept("{"):
            while self.kinds[self.at] not in ("}", END):
                self._attribute(entries)
            self.expect("}", "at the end of the attributes")
        return entries

    def _attribute(self, entries: dict[str, str]) -> None:
        """Read one entry of an attribute block; report and skip anything else."""
        if self.kinds[self.at] == NAME and self.kinds[self.at + 1] == ":=" and self.kinds[self.at + 2] == STRING:
            entries[self.text(self.at)] = self.text(self.at + 2)[1:-1]
            self.at += 3
        elif self.kinds[self.at] == NAME and self.kinds[self.at + 1] == ":=" and self.kinds[self.at + 2] != END:
            entries[self.text(self.at)] = self.text(self.at + 2)
            self.at += 3
        elif self.kinds[self.at] not in (";", ","):
            self.report("attribute", f"An attribute has the form Name := 'value'; found {self.describe_token()}.")
            self.at += 1
        else:
            self.at += 1

    def data_type(self) -> DataType:
        """Read a data type, with its arrays and structures."""
        first = self.at
        word = self.text(first).upper() if self.kinds[first] == NAME else ""
        if word == "ARRAY":
            return self._array(first)
        if word == "REF_TO":
            return self._reference(first)
        if self.kinds[first] == "STRUCT":
            return self._structure(first)
        if self.kinds[first] == NAME and (numbered := self.read_number(_NUMBERED_TYPES)):
            return DataType(first, self.at, self._name_type(*numbered))
        if self.kinds[first] not in (NAME, QUOTED, STRING):
            self.report("type-missing", f"A data type is missing; found {self.describe_token()}.")
            return DataType(first, first, "")
        self.at += 1
        while self.kinds[self.at] == "." and self.kinds[self.at + 1] in (NAME, QUOTED):
            self.at += 2
        name = "".join(map(self.text, range(first, self.at)))
        return DataType(first, self.at, self._read_length(name))

    def read_number(self, kinds: tuple[str, ...]) -> tuple[str, int] | None:
        """Read a block that is named by its number, `FB 1` or `FB1`; return None, at the same place, for any other name."""
        found = read_numbered(self.text(self.at), kinds)
        if found is not None:
            self.at += 1
        elif self.text(self.at).upper() in kinds and self.kinds[self.at + 1] == NUMBER:
            found = read_numbered(f"{self.text(self.at)} {self.text(self.at + 1)}", kinds)
            self.at += 2 if found is not None else 0
        return found

    def _name_type(self, kind: str, number: int) -> str:
        """Return the type of an instance of a function block, or a PLC data type, by its number."""
        if kind != "SFB":
            return f'"{name_of(kind, number, self.numbered)}"'
        found = instance_type(kind, number, classic=self.classic)
        if not found:
            message = f"SFB {number} is not known here; use the data type of its instruction."
            self.report("type-missing", message, at=self.at - 1)
        return found or f"SFB{number}"

    def _read_length(self, name: str) -> str:
        """Return a type name with the length of a string after it, `String[20]`, and its variants."""
        if self.kinds[self.at] not in ("[", "("):
            return name
        close = {"[": "]", "(": ")"}[self.kinds[self.at]]
        opened = self.at
        while self.kinds[self.at] not in (close, ";", END):
            self.at += 1
        length = self.tokens.source[self.tokens.ends[opened] : self.tokens.starts[self.at]].strip()
        self.expect(close, "after the length")
        return f"{name}[{length}]"

    def _array(self, first: int) -> DataType:
        self.at += 1
        bounds: list[str] = []
        if self.expect("[", "after ARRAY"):
            bounds.append(self._bound())
            while self.accept(","):
                bounds.append(self._bound())
            self.expect("]", "after the bounds of the array")
        self.expect("OF", "in front of the element type")
        if self.too_deep():
            self._skip_declaration()
            return DataType(first, self.at, "", bounds)
        self.depth += 1
        element = self.data_type()
        self.depth -= 1
        return DataType(first, self.at, _format_element_type(element), bounds, element.members, element.comment)

    def _reference(self, first: int) -> DataType:
        self.at += 1
        if self.too_deep():
            self._skip_declaration()
            return DataType(first, self.at, "")
        self.depth += 1
        target = self.data_type()
        self.depth -= 1
        return DataType(first, self.at, f"Ref_To {_format_element_type(target)}", [], target.members)

    def _bound(self) -> str:
        """Return the text of one dimension, `0..9` or `*`, without blanks."""
        first = self.at
        while self.kinds[self.at] not in (",", "]", ";", END):
            self.at += 1
        return "".join(self.text(index) for index in range(first, self.at))

    def _structure(self, first: int) -> DataType:
        self.at += 1
        members: list[Declaration] = []
        comment = self._line_comment()
        if self.too_deep():
            self._skip_declaration()
        else:
            self.depth += 1
            members = self.members()
            self.depth -= 1
        self.expect("END_STRUCT", "at the end of the structure")
        return DataType(first, self.at, "Struct", [], members, comment)


def _format_element_type(element: DataType) -> str:
    """Return the name of an element type, with its own dimensions where it is an array again."""
    return f"Array[{', '.join(element.bounds)}] of {element.name}" if element.bounds else element.name
