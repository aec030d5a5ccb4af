"""Bodies of STEP 7 in SCL as TIA Portal spells them: blocks by name instead of by number.

`FC5(...)` becomes `"FC5"(...)`, `FB1.DB5(...)` becomes `"DB5"(...)`, `SFC20(...)` becomes `BLKMOV(...)`, `DB10.a` becomes
`"DB10".a`, and `DB10.DW0` becomes `%DB10.DBW0`. Everything else, comments and blanks included, stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from simatic_xml.instructions.system_blocks import (
    find_system_block,
    name_of_library_function,
    name_of_parameter,
    name_of_system_block,
)
from simatic_xml.scl.classic.numbers import name_of, read_numbered
from simatic_xml.scl.context import Interface, Program
from simatic_xml.scl.lexer import END, NAME, NUMBER, QUOTED, Tokens, tokenize

_ABSOLUTE_DATA = re.compile(r"D(?:B?(?P<width>[XBWD]))?(?P<byte>\d+)", re.IGNORECASE)
_CALLED = ("FC", "SFC", "FB", "SFB")
Edit = tuple[int, int, str]
"""Start and end offset of a stretch of text, and its replacement."""
Edits = Generator[Edit, None, int]
"""Replacements; the result is the token after the part that was read."""
_ANY = re.compile(r'\b(?:S?F[BC]|DB)[ \t]*\d|"[ \t]*[.(]', re.IGNORECASE)


def modernize(text: str, interface: Interface, program: Program) -> str:
    """Return a body in the spelling of TIA Portal.

    Args:
        text: the body.
        interface: the names that the block declares, which mean themselves.
        program: the names around it.
    """
    if not _ANY.search(text):
        return text
    edits = sorted(_Reader(tokenize(text), interface, program).edits())
    for start, end, replacement in reversed(edits):
        text = text[:start] + replacement + text[end:]
    return text


class _Reader:
    """Finds the absolute names in a body."""

    def __init__(self, tokens: Tokens, interface: Interface, program: Program) -> None:
        self.tokens = tokens
        self.interface = interface
        self.kinds = tokens.kinds
        self.program = program

    def edits(self) -> Iterator[Edit]:
        """Yield what is to be replaced, in the order of the text."""
        at, last = 0, len(self.kinds) - 1
        while at < last:
            after = at
            if self.kinds[at] == NAME and not self._follows_dot(at):
                after = yield from self._absolute(at)
            elif self.kinds[at] == QUOTED and not self._follows_dot(at):
                after = yield from self._quoted(at)
            at = max(after, at + 1)

    def _follows_dot(self, at: int) -> bool:
        return at > 0 and self.kinds[at - 1] == "."

    def _number(self, at: int, kinds: tuple[str, ...]) -> tuple[str, int, int] | None:
        """Return kind and number of an absolute name, and the token after it."""
        text = self.tokens.text(at)
        if self.interface.declares(text):
            return None
        found, after = read_numbered(text, kinds), at + 1
        if found is None and text.upper() in kinds and self.kinds[at + 1] == NUMBER:
            found, after = read_numbered(f"{text} {self.tokens.text(at + 1)}", kinds), at + 2
        return None if found is None else (*found, after)

    def _absolute(self, at: int) -> Edits:
        """Yield the replacement of an absolute name; return the token after it."""
        called = self._number(at, _CALLED)
        if called is not None:
            return (yield from self._called(at, *called))
        block = self._number(at, ("DB",))
        if block is None:
            return at
        _, number, after = block
        if self.kinds[after] == ".":
            return (yield from self._data(at, number, after))
        if self.kinds[after] == "(" or after > at + 1:
            yield self._replace(at, after, self._name("DB", number))
        return after

    def _called(self, at: int, kind: str, number: int, after: int) -> Edits:
        if kind in ("FB", "SFB"):
            instance = self._instance(after)
            if instance is not None:
                yield self._replace(at, instance[1], instance[0])
                yield from self._parameters(instance[1], name_of_system_block(kind, number))
                return instance[1]
            return after
        system = name_of_system_block(kind, number) if kind == "SFC" else self._library_function(number, after)
        if kind == "FC" and not system:
            yield self._replace(at, after, self._name("FC", number))
        elif system and self.kinds[after] == "(":
            yield self._replace(at, after, system)
            yield from self._parameters(after, system)
        return after

    def _library_function(self, number: int, after: int) -> str:
        """Return the function of the IEC library that `FC9(...)` calls; the first parameter has to be one of it."""
        return "" if self.program.has(f"FC{number}") else name_of_library_function(number, self._first_parameter(after))

    def _first_parameter(self, opening: int) -> list[str]:
        """Return the name of the first parameter of a call, nothing where there is none."""
        named = self.kinds[opening] == "(" and self.kinds[opening + 2 : opening + 3] == [":="]
        return [self.tokens.text(opening + 1)] if named else []

    def _parameters(self, opening: int, instruction: str) -> Iterator[Edit]:
        """Yield the parameters of a call that STEP 7 calls by another name."""
        depth, at = 0, opening
        while self.kinds[at] != END and (depth > 0 or at == opening):
            depth += {"(": 1, ")": -1}.get(self.kinds[at], 0)
            name = self.tokens.text(at)
            if depth == 1 and self.kinds[at + 1] == ":=" and name_of_parameter(instruction, name) != name:
                yield self._replace(at, at + 1, name_of_parameter(instruction, name))
            at += 1

    def _instance(self, after: int) -> tuple[str, int] | None:
        """Return the instance data block after the name of a function block, and the token after it."""
        if self.kinds[after] != ".":
            return None
        if self.kinds[after + 1] == QUOTED:
            return self.tokens.text(after + 1), after + 2
        block = self._number(after + 1, ("DB",)) if self.kinds[after + 1] == NAME else None
        return None if block is None else (self._name("DB", block[1]), block[2])

    def _quoted(self, at: int) -> Edits:
        """Yield the replacement of `"Block"."Instance"(` and of a system block that is called by its symbol."""
        name = self.tokens.text(at).strip('"')
        instance = self._instance(at + 1)
        if instance is not None and self.kinds[instance[1]] == "(" and self.program.callee(name) is None:
            yield self._replace(at, instance[1], instance[0])
            return instance[1]
        system = "" if self.program.has(name) else find_system_block(name, self._first_parameter(at + 1))
        if system:
            yield self._replace(at, at + 1, system)
        return at + 1

    def _data(self, at: int, number: int, dot: int) -> Edits:
        """Yield the replacement of data of a data block: absolute ones with their width, members by the name."""
        found = _ABSOLUTE_DATA.fullmatch(self.tokens.text(dot + 1)) if self.kinds[dot + 1] == NAME else None
        if found is None:
            yield self._replace(at, dot, self._name("DB", number))
            return dot + 1
        has_bit = self.kinds[dot + 2] == "." and self.kinds[dot + 3] == NUMBER
        width = (found["width"] or "X").upper()
        bit = f".{self.tokens.text(dot + 3)}" if width == "X" and has_bit else ""
        end = dot + 4 if bit else dot + 2
        yield self._replace(at, end, f"%DB{number}.DB{width}{found['byte']}{bit}")
        return end

    def _name(self, kind: str, number: int) -> str:
        return f'"{name_of(kind, number, self.program.numbered)}"'

    def _replace(self, first: int, after: int, text: str) -> Edit:
        return self.tokens.starts[first], self.tokens.ends[after - 1], text
