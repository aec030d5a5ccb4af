"""Read a document with named value data types (`.nvt`).

Facts: TIA Portal's help, "Data types", heading "Basics of named value data types (S7-1500)", and "Using software units",
heading "Naming conventions according to IEC 61131-3". Comments and literals are those of SCL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from simatic_xml.model import NamedValueType
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import ELEMENTARY
from simatic_xml.program.types.values import literal
from simatic_xml.scl.cursor import Cursor
from simatic_xml.scl.diagnostics import Diagnostic
from simatic_xml.scl.lexer import END, NAME, NUMBER, STRING, TYPED, Tokens, tokenize
from simatic_xml.scl.parser import decode

BASES = ("SInt", "USInt", "Int", "UInt", "DInt", "UDInt", "LInt", "ULInt", "Byte", "Word", "DWord", "LWord")
"""The possible base data types."""
_BASES = {name.upper(): name for name in BASES}
_NAME = re.compile(r"(?!\d)(?!.*__)[A-Za-z0-9_]*[A-Za-z0-9]\Z")
_LONGEST_VALUE, _LONGEST_TYPE = 128, 125
_EDGES = frozenset(("TYPE", "END_TYPE", END))


@dataclass(frozen=True, slots=True)
class Result:
    """The types of a document and the findings in it.

    Attributes:
        types: Its types without errors, in order.
        diagnostics: Its errors, in order.
        places: Line and column of each type, in the order of the types.
    """

    types: list[NamedValueType] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)


def parse(source: str | bytes) -> Result:
    """Return the named value data types of a document; types with errors are left out and reported.

    Raises:
        LimitError: The document is too large.
    """
    reader = _Reader(tokenize(decode(source).removeprefix("\ufeff")))
    reader.document()
    return Result(reader.types, reader.diagnostics, reader.places)


class _Reader(Cursor):
    """Reads namespaces, and the types in them."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.types: list[NamedValueType] = []
        self.places: list[tuple[int, int]] = []
        self._seen: set[str] = set()

    def document(self) -> None:
        """Read everything."""
        namespace, published = "", False
        while self.kinds[self.at] != END:
            if self.kinds[self.at] == "{":
                published = self._pragma()
            elif self.kinds[self.at] == "TYPE":
                self._declarations(namespace, published=published)
            elif self._word() == "NAMESPACE":
                self.at += 1
                namespace, published = self._namespace(), False
            elif self._word() == "END_NAMESPACE":
                if not namespace:
                    self.report("nvt.namespace", "There is no NAMESPACE that ends here; remove END_NAMESPACE.")
                self.at += 1
                self.accept(";")
                namespace, published = "", False
            else:
                message = f"NAMESPACE, a pragma or TYPE should start here, not {self.describe_token()}."
                self.report("nvt.expected", message)
                self._skip_to_edge()
        if namespace:
            self.report("nvt.namespace", f"END_NAMESPACE is missing at the end of the namespace {namespace}.")

    def _word(self) -> str:
        return self.text(self.at).upper() if self.kinds[self.at] == NAME else ""

    def _skip_to_edge(self) -> None:
        """Go past the current token, to the next one that starts or ends something."""
        self.at += 1
        while self.kinds[self.at] not in (*_EDGES, "{") and self._word() not in ("NAMESPACE", "END_NAMESPACE"):
            self.at += 1

    def _namespace(self) -> str:
        first = self.at
        while self.kinds[self.at] == NAME and self.kinds[self.at + 1] == ".":
            self.at += 2
        self.at += self.kinds[self.at] == NAME
        name = "".join(self.text(index) for index in range(first, self.at))
        for index in range(first, self.at, 2):
            self._check_name(index, _LONGEST_TYPE)
        if not name:
            self.report("nvt.expected", f"The name of the namespace is missing; found {self.describe_token()}.")
        self.accept(";")
        return name

    def _pragma(self) -> bool:
        """Read `{ PUBLISHED := 'TRUE' }`; return whether it says TRUE."""
        self.at += 1
        known = self._word() == "PUBLISHED" and self.kinds[self.at + 1] == ":=" and self.kinds[self.at + 2] == STRING
        value = self.text(self.at + 2).strip("'").upper() if known else ""
        if value not in ("TRUE", "FALSE"):
            self.report("nvt.pragma", "The pragma is { PUBLISHED := 'TRUE' } or { PUBLISHED := 'FALSE' }.")
        while self.kinds[self.at] not in (*_EDGES, "}"):
            self.at += 1
        self.expect("}", "at the end of the pragma")
        return value == "TRUE"

    def _declarations(self, namespace: str, *, published: bool) -> None:
        """Read the types of TYPE ... END_TYPE."""
        self.at += 1
        while self.kinds[self.at] not in _EDGES:
            before, errors = self.at, len(self.diagnostics) + self.left_out
            made = self._type(namespace, published=published)
            if len(self.diagnostics) + self.left_out > errors:
                self.at = max(self.at, before + 1)
                self._skip_type()
            elif made is not None:
                self.types.append(made)
                self.places.append(self.tokens.place(self.tokens.starts[before]))
        if self.kinds[self.at] == "END_TYPE":
            self.at += 1
            self.accept(";")
        else:
            self.report("nvt.expected", f"END_TYPE is missing; found {self.describe_token()}.")

    def _skip_type(self) -> None:
        """Go past the semicolon of a type with an error."""
        while self.kinds[self.at] not in _EDGES and self.kinds[self.at - 1] != ";":
            self.at += 1

    def _type(self, namespace: str, *, published: bool) -> NamedValueType | None:
        first = self.at
        if self.kinds[first] != NAME:
            self.report("nvt.expected", f"The name of a type should be here, not {self.describe_token()}.")
            return None
        name = self._check_name(first, _LONGEST_TYPE)
        whole = f"{namespace}.{name}" if namespace else name
        if len(whole) > _LONGEST_TYPE:
            self.report(
                "nvt.name", f"'{whole}' is longer than {_LONGEST_TYPE} characters, namespace included.", at=first
            )
        if whole.casefold() in self._seen:
            self.report("nvt.duplicate", f"'{whole}' is declared twice; give one another name.", at=first)
        self._seen.add(whole.casefold())
        self.at += 1
        if not self.expect(":", "after the name of the type"):
            return None
        base = _BASES.get(self.text(self.at).upper(), "")
        if not base:
            message = f"{self.text(self.at)} is not a possible base data type. Possible are {', '.join(BASES)}."
            self.report("nvt.base", message)
            return None
        self.at += 1
        node = NamedValueType(whole, base, published=published)
        if self.expect("(", "before the named values"):
            self._values(node)
        if self.accept(":="):
            self._default(node)
        self.expect(";", "after the type")
        return node

    def _values(self, node: NamedValueType) -> None:
        seen: set[str] = set()
        while self.kinds[self.at] not in (")", ";", *_EDGES):
            name = self._check_name(self.at, _LONGEST_VALUE)
            if name.casefold() in seen:
                self.report("nvt.duplicate", f"'{node.name}' has the value '{name}' twice; give one another name.")
            seen.add(name.casefold())
            self.at += 1
            if not self.expect(":=", f"after the name '{name}'"):
                return
            node.values[name] = self._literal(node)
            if not self.accept(","):
                break
        if not node.values:
            self.report("nvt.empty", f"'{node.name}' has no named value; declare at least one.")
        self.expect(")", "after the named values")

    def _default(self, node: NamedValueType) -> None:
        """Read the default value: a name of the list, or a literal of the base data type."""
        if self.kinds[self.at] != NAME:
            node.default = self._literal(node)
            return
        node.default = self.text(self.at)
        if node.default.casefold() not in {name.casefold() for name in node.values}:
            message = (
                f"'{node.default}' is not a named value of '{node.name}'. Use one of them, or a value of {node.base}."
            )
            self.report("nvt.default", message)
        self.at += 1

    def _literal(self, node: NamedValueType) -> str:
        """Read a literal with its sign; report one that is not a value of the base data type."""
        first = self.at
        self.at += self.kinds[self.at] in ("-", "+")
        self.at += self.kinds[self.at] in (NUMBER, TYPED)
        text = "".join(self.text(index) for index in range(first, self.at))
        base = ELEMENTARY[node.base.upper()]
        read = literal(text, base) if text else None
        if read is None or isinstance(read[0], (float, str, bool)) or not fits(read[0], base):
            shown = f"'{text}'" if text else self.describe_token()
            self.report("nvt.value", f"{shown} is not a value of {node.base}. Write a literal of this type.", at=first)
        return text

    def _check_name(self, index: int, longest: int) -> str:
        """Return a name; report one that the rules of IEC 61131-3 do not allow."""
        name = self.text(index)
        if not _NAME.match(name) or len(name) > longest:
            message = (
                f"'{name[:40]}' is not a possible name: up to {longest} letters, digits and single underscores, "
                "without a digit at the start and an underscore at the end."
            )
            self.report("nvt.name", message, at=index)
        return name
