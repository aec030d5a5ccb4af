"""Declarations of SCL: data types, variables, structures and VAR sections."""

from __future__ import annotations

from simatic_xml.interruption import checkpoint
from simatic_xml.scl.lexer import END, LOCAL, NAME, OBJECT_ENDS, OBJECT_KEYWORDS, QUOTED, STRING
from simatic_xml.scl.nodes import DataType, Declaration, Section
from simatic_xml.scl.statements import StatementParser
from simatic_xml.scl.trivia import comments

VAR_KEYWORDS = frozenset(("VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_IN_OUT", "VAR_TEMP"))
_MODIFIERS = frozenset(("CONSTANT", "RETAIN", "NON_RETAIN", "DB_SPECIFIC"))
_STOPS = OBJECT_ENDS | OBJECT_KEYWORDS | VAR_KEYWORDS | {"END_VAR", "END_STRUCT", "BEGIN", END}


class DeclarationParser(StatementParser):
    """Reads VAR sections and structures."""

    def section(self) -> Section:
        """Read VAR ... END_VAR, or a STRUCT ... END_STRUCT in place of a section."""
        first = self.at
        keyword = self.kinds[first]
        self.at += 1
        modifiers = []
        while self.text(self.at).upper() in _MODIFIERS and self.kinds[self.at + 1] not in (":", "{"):
            modifiers.append(self.text(self.at).upper())
            self.at += 1
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
            name = self._declared_name()
            self.at += 1
            initial = self._initial()
            self.expect(";", f"behind the constant '{name}'")
            data_type = DataType(start, start + 1, "Bool" if initial.upper() in ("TRUE", "FALSE") else "Int")
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
            self.report("expected", f"'{word}' is missing at the end of the declarations; found {self.found()}.")
            return
        self.at += 1
        self.accept(";")

    def members(self) -> list[Declaration]:
        """Read declarations up to the end of their section or structure."""
        members: list[Declaration] = []
        while self.kinds[self.at] not in _STOPS:
            checkpoint()
            before = self.at
            if self.kinds[self.at] in (NAME, QUOTED, LOCAL) or self._keyword_as_name():
                members.extend(self._declaration())
            else:
                self.report("declaration", f"A declaration cannot start with {self.found()}.")
            if self.at == before:
                self._skip_declaration()
        return members

    def _keyword_as_name(self) -> bool:
        """Return whether a word that is a keyword elsewhere is declared here."""
        return self.kinds[self.at + 1] in (":", "{", ",") and self.text(self.at).replace("_", "").isalnum()

    def _skip_declaration(self) -> None:
        while self.kinds[self.at] not in _STOPS and not self.accept(";"):
            self.at += 1

    def _declaration(self) -> list[Declaration]:
        """Read one declaration; `a, b : Int;` gives two."""
        first = self.at
        names = [self._declared_name()]
        while self.accept(","):
            names.append(self._declared_name())
        attributes = self.attributes()
        overlays = self._overlay()
        if not self.expect(":", "behind the name of the variable"):
            self._skip_declaration()
            return []
        data_type = self.data_type()
        attributes |= self.attributes()
        initial = self._initial() if self.accept(":=") else ""
        last = self.at - 1
        if not self.accept(";") and not (self.kinds[self.at] == "END_STRUCT" or data_type.members):
            self.report("semicolon-missing", f"';' is missing behind the declaration of '{names[0]}'.", at=last)
        comment = data_type.comment or self._line_comment()
        return [Declaration(first, self.at, name, data_type, attributes, overlays, initial, comment) for name in names]

    def _declared_name(self) -> str:
        if self.kinds[self.at] in _STOPS:
            self.report("name-missing", f"The name of a variable is missing; found {self.found()}.")
            return ""
        text = self.text(self.at)
        self.at += 1
        return text.lstrip("#").strip('"')

    def _overlay(self) -> str:
        """Read `AT other`."""
        if self.kinds[self.at] == NAME and self.text(self.at).upper() == "AT":
            self.at += 1
            return self._declared_name()
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
            self.report("value-missing", f"The start value is missing; found {self.found()}.")
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
            self.report("attribute", f"An attribute has the form Name := 'value'; found {self.found()}.")
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
        if self.kinds[first] not in (NAME, QUOTED, STRING):
            self.report("type-missing", f"A data type is missing; found {self.found()}.")
            return DataType(first, first, "")
        self.at += 1
        while self.kinds[self.at] == "." and self.kinds[self.at + 1] in (NAME, QUOTED):
            self.at += 2
        name = "".join(map(self.text, range(first, self.at)))
        return DataType(first, self.at, self._sized(name))

    def _sized(self, name: str) -> str:
        """Return a type name with the length of a string behind it, `String[20]`, and its variants."""
        if self.kinds[self.at] not in ("[", "("):
            return name
        close = {"[": "]", "(": ")"}[self.kinds[self.at]]
        opened = self.at
        while self.kinds[self.at] not in (close, ";", END):
            self.at += 1
        length = self.tokens.source[self.tokens.ends[opened] : self.tokens.starts[self.at]].strip()
        self.expect(close, "behind the length")
        return f"{name}[{length}]"

    def _array(self, first: int) -> DataType:
        self.at += 1
        bounds: list[str] = []
        if self.expect("[", "behind ARRAY"):
            bounds.append(self._bound())
            while self.accept(","):
                bounds.append(self._bound())
            self.expect("]", "behind the bounds of the array")
        self.expect("OF", "in front of the element type")
        if self.too_deep():
            self._skip_declaration()
            return DataType(first, self.at, "", bounds)
        self.depth += 1
        element = self.data_type()
        self.depth -= 1
        return DataType(first, self.at, _nested(element), bounds, element.members, element.comment)

    def _reference(self, first: int) -> DataType:
        self.at += 1
        if self.too_deep():
            self._skip_declaration()
            return DataType(first, self.at, "")
        self.depth += 1
        target = self.data_type()
        self.depth -= 1
        return DataType(first, self.at, f"Ref_To {target.name}", target.bounds, target.members)

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


def _nested(element: DataType) -> str:
    """Return the name of an element type, with its own dimensions where it is an array again."""
    return f"Array[{', '.join(element.bounds)}] of {element.name}" if element.bounds else element.name
