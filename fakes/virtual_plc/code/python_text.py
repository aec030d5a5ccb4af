"""The only writer of generated Python.

Code is made of templates, which are literals of our own, and of what fills their holes: numbers, truth values, bytes,
names and other pieces. A string is refused, so that no text of a program can become code: a text that the code needs is
bound to a global name. A template is parsed once; that shows where each of its holes needs parentheses.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from string import Formatter
from types import CodeType
from typing import Any

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.naming import Name

Range = tuple[int, int]
"""Lowest and highest value of a whole number."""


class _Level(IntEnum):
    """How strongly the outermost operator of an expression binds, weakest first."""

    LIST = 0
    CHOICE = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARE = 5
    BIT_OR = 6
    BIT_XOR = 7
    BIT_AND = 8
    SHIFT = 9
    SUM = 10
    PRODUCT = 11
    SIGN = 12
    POWER = 13
    NUMBER = 14
    PRIMARY = 15
    WORD = 16
    HOLE = 17


@dataclass(frozen=True, slots=True)
class Text:
    """A Python expression; `expression` makes it.

    Attributes:
        text: the expression.
        level: its outermost operator.
        range: limits of a whole number, None where they are not known.
        steady: whether it is a constant or a name of our own that nothing changes, so that it may be anywhere twice.
        safe: whether it can neither fault nor have an effect, so that it may be left out.
        constant: whether it is a constant.
        longest: how many characters a text has at most, None where it is not known.
    """

    text: str
    level: int = _Level.PRIMARY
    range: Range | None = None
    steady: bool = False
    safe: bool = True
    constant: bool = False
    longest: int | None = None

    def with_range(self, range: Range | None) -> Text:  # noqa: A002 (as the attribute)
        """Return it as a whole number with limits."""
        return self if range is None else replace(self, range=range)

    @property
    def is_name(self) -> bool:
        """Whether it is a name without parts."""
        return self.text.isidentifier()

    @property
    def is_path(self) -> bool:
        """Whether it is a name, or members of a name."""
        return self.text.replace(".", "").isidentifier()


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of Python without what follows it; `statement` makes it."""

    text: str


_One = Text | Name | int | float | bytes | None
Hole = _One | Sequence[_One]
"""What a hole of a template takes; several are written with commas between."""


# Templates -----------------------------------------------------------------------------------------------------------

_WORDS = re.compile(r"_hole(\d+)_")
_OPERATORS: dict[type, _Level] = {
    ast.BitOr: _Level.BIT_OR,
    ast.BitXor: _Level.BIT_XOR,
    ast.BitAnd: _Level.BIT_AND,
    ast.LShift: _Level.SHIFT,
    ast.RShift: _Level.SHIFT,
    ast.Add: _Level.SUM,
    ast.Sub: _Level.SUM,
    ast.Mult: _Level.PRODUCT,
    ast.Div: _Level.PRODUCT,
    ast.FloorDiv: _Level.PRODUCT,
    ast.Mod: _Level.PRODUCT,
    ast.Or: _Level.OR,
    ast.And: _Level.AND,
    ast.Not: _Level.NOT,
    ast.USub: _Level.SIGN,
}
_OPENINGS = {"elif": "if 0: pass\n", "else": "if 0: pass\n", "exce": "try: pass\n", "fina": "try: pass\n"}


@dataclass(frozen=True, slots=True)
class _Template:
    """A piece of code with holes.

    Attributes:
        pieces: the text between holes, and before and behind them.
        holes: for each hole which value it takes, and how strongly that has to bind.
        count: how many values there are.
        level: the outermost operator of an expression.
    """

    pieces: tuple[str, ...]
    holes: tuple[tuple[int, int], ...]
    count: int
    level: int

    def fill(self, given: Sequence[Hole]) -> str:
        """Return the text with its holes filled.

        Raises:
            TypeError: a value is a string, or another value that is not code; there are too many or too few.
        """
        if len(given) != self.count:
            raise TypeError(f"{self.pieces} has {self.count} holes, not {len(given)}.")
        found = [self.pieces[0]]
        for (number, level), piece in zip(self.holes, self.pieces[1:], strict=True):
            each = given[number]
            if type(each) is Text and level is not _Level.WORD:
                found.append(_within(each, level))
            else:
                found.append(_render(each, level))
            found.append(piece)
        return "".join(found)


def _render(value: Any, level: int) -> str:
    """Return the text of a value that is no expression yet."""
    if type(value) is Name:
        return value.text
    if level == _Level.WORD:
        raise TypeError(f"Only a name can be here, not {type(value).__name__}.")
    if isinstance(value, list | tuple):
        if level != _Level.LIST:
            raise TypeError("Several values cannot be here.")
        return ", ".join(_within(_piece(each), level) for each in value)
    return _within(_piece(value), level)


def _within(text: Text, level: int) -> str:
    """Return an expression in its place; a list always has parentheses, because commas would join it to others."""
    return text.text if text.level >= level and text.level != _Level.LIST else f"({text.text})"


def _piece(value: Any) -> Text:
    """Return a value as an expression.

    Raises:
        TypeError: it is a string, or another value that is not code.
    """
    if type(value) is Text:
        return value
    if type(value) is Name:
        return Text(value.text)
    if value is None or isinstance(value, bool):
        return Text(str(value), steady=True, constant=True)
    if isinstance(value, int):
        return Text(int.__repr__(value), _sign(value), (int(value), int(value)), steady=True, constant=True)
    if isinstance(value, float):
        text = "nan" if math.isnan(value) else float.__repr__(value)
        return Text(text, _sign(math.copysign(1, value)), steady=True, constant=True)
    if type(value) is bytes:
        return Text(repr(value), steady=True, constant=True)
    raise TypeError(f"{type(value).__name__} is not code: bind it to a global name.")


def _sign(value: float) -> _Level:
    return _Level.SIGN if value < 0 else _Level.NUMBER


@cache
def _expression(template: str) -> _Template:
    text, pieces, numbers = _mark_holes(template)
    return _build_template(template, ast.parse(text, mode="eval").body, pieces, numbers)


@cache
def _statement(template: str) -> _Template:
    text, pieces, numbers = _mark_holes(template)
    if text.endswith(":"):
        text += " pass\nfinally: pass" if text == "try:" else " pass"
    return _build_template(template, ast.parse(_OPENINGS.get(text[:4], "") + text), pieces, numbers)


def _mark_holes(template: str) -> tuple[str, tuple[str, ...], list[int]]:
    """Return a template with a word in each hole, the pieces around its holes, and which value each takes."""
    text, pieces = "", [""]
    numbers: list[int] = []
    for literal, name, _, _ in Formatter().parse(template):
        text += literal
        pieces[-1] += literal
        if name is not None:
            numbers.append(int(name) if name else len(numbers))
            text += f"_hole{len(numbers) - 1}_"
            pieces.append("")
    return text, tuple(pieces), numbers


def _build_template(template: str, tree: ast.AST, pieces: tuple[str, ...], numbers: list[int]) -> _Template:
    levels: dict[int, _Level] = {}
    _find(tree, _Level.CHOICE, levels)
    if sorted(levels) != list(range(len(numbers))):
        raise ValueError(f"A hole of {template!r} is not a whole expression or name.")
    holes = tuple((number, levels[at]) for at, number in enumerate(numbers))
    level = _Level.HOLE if pieces == ("", "") else _level_of(tree)
    return _Template(pieces, holes, max(numbers, default=-1) + 1, level)


def _level_of(node: ast.AST) -> _Level:
    match node:
        case ast.BinOp() | ast.BoolOp() | ast.UnaryOp():
            return _OPERATORS[type(node.op)]
        case ast.IfExp():
            return _Level.CHOICE
        case ast.Compare():
            return _Level.COMPARE
        case ast.Tuple():
            return _Level.LIST
    return _Level.PRIMARY


def _find(node: ast.AST, level: _Level, found: dict[int, _Level]) -> None:
    """Find the holes in a part of a template; `level` is how strongly an expression in its place has to bind."""
    if isinstance(node, ast.Name):
        _note(node.id, level, found)
        return
    for each in _names_in(node):
        _note(each, _Level.WORD, found)
    for child, needed in _parts(node):
        _find(child, needed, found)


def _note(word: str, level: _Level, found: dict[int, _Level]) -> None:
    if hole := _WORDS.fullmatch(word):
        found[int(hole[1])] = level


def _names_in(node: ast.AST) -> Iterator[str]:
    """Yield the names in a node that no expression can replace."""
    match node:
        case ast.Attribute(attr=name) | ast.FunctionDef(name=name):
            yield name
        case ast.arg(arg=name):
            yield from () if _WORDS.fullmatch(name) else (name,)


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, _Level]]:
    """Yield the parts of a node with how strongly each has to bind."""
    match node:
        case ast.arg(arg=name):
            yield ast.Name(name), _Level.LIST
        case ast.BinOp(left=left, op=op, right=right):
            level = _OPERATORS[type(op)]
            yield from ((left, level), (right, _Level(level + 1)))
        case ast.BoolOp(op=op, values=[first, *others]):
            level = _OPERATORS[type(op)]
            yield first, level
            yield from ((each, _Level(level + 1)) for each in others)
        case ast.UnaryOp(op=op, operand=operand):
            yield operand, _OPERATORS[type(op)]
        case ast.Compare(left=left, comparators=others):
            yield from ((each, _Level.BIT_OR) for each in (left, *others))
        case ast.IfExp(test=test, body=body, orelse=otherwise):
            yield from ((body, _Level.OR), (test, _Level.OR), (otherwise, _Level.CHOICE))
        case _:
            yield from _others(node)


def _base_of(node: ast.AST) -> ast.AST | None:
    """Return the part of a node that a member, an element or a call belongs to."""
    match node:
        case ast.Attribute(value=base) | ast.Subscript(value=base) | ast.Call(func=base):
            return base
    return None


def _others(node: ast.AST) -> Iterator[tuple[ast.AST, _Level]]:
    base = _base_of(node)
    several = isinstance(node, ast.Call | ast.Tuple | ast.List | ast.Return | ast.Assign)
    for child in ast.iter_child_nodes(node):
        if child is base:
            yield child, _Level.PRIMARY
        elif isinstance(child, ast.Starred):
            yield child.value, _Level.BIT_OR
        else:
            yield child, _Level.LIST if several else _Level.CHOICE


# Expressions and lines -----------------------------------------------------------------------------------------------


def expression(
    template: str,
    *holes: Hole,
    range: Range | None = None,  # noqa: A002 (as the attribute)
    steady: bool = False,
    safe: bool = True,
    constant: bool = False,
    longest: int | None = None,
) -> Text:
    """Return an expression.

    Args:
        template: a literal of our own with a `{}` for each value.
        holes: the values.
        range: see `Text`.
        steady: see `Text`.
        safe: see `Text`.
        constant: see `Text`.
        longest: see `Text`.

    Raises:
        TypeError: a value is no code, such as a string.
    """
    found = _expression(template)
    level = _piece(holes[0]).level if found.level == _Level.HOLE else found.level
    return Text(found.fill(holes), level, range, steady, safe, constant, longest)


def literal(value: float | bytes | None) -> Text:
    """Return a number, a truth value, bytes or None.

    Raises:
        TypeError: it is another value, such as a string.
    """
    return _piece(value)


def steady_name(*parts: object) -> Text:
    """Return a generated name whose value does not change; arguments as for `Name`."""
    return Text(Name(*parts).text, steady=True)


def statement(template: str, *holes: Hole) -> Statement:
    """Return a line; arguments as for `expression`."""
    return Statement(_statement(template).fill(holes))


def join_pieces(template: str, pieces: Sequence[Text]) -> Text:
    """Return several expressions as one, joined two by two with a template of two holes."""
    first, *others = pieces
    for each in others:
        first = expression(template, first, each)
    return first


@dataclass(slots=True)
class Line:
    """One line: its indentation, its text, and the place in the program that it comes from."""

    depth: int
    says: Statement
    place: Place | None = None

    @property
    def text(self) -> str:
        """The line as it is in the code."""
        return "    " * self.depth + self.says.text


class Writer:
    """The lines of a function.

    Attributes:
        lines: the lines so far.
        place: where the current statement is in the program.
        effects: how many lines have an effect that an expression before them could see.
    """

    def __init__(self, depth: int = 1) -> None:
        """Begin inside of a function, or at another depth."""
        self.lines: list[Line] = []
        self.place: Place | None = None
        self.effects = 0
        self._depth = depth

    def line(self, template: str, *holes: Hole) -> None:
        """Write a line; arguments as for `expression`."""
        self.put(statement(template, *holes))

    def put(self, says: Statement) -> None:
        """Write a line that was made before."""
        self.lines.append(Line(self._depth, says, self.place))

    def effect(self, template: str, *holes: Hole) -> None:
        """Write a line that changes what expressions read."""
        self.effects += 1
        self.line(template, *holes)

    def mark(self) -> int:
        """Return the place behind the last line."""
        return len(self.lines)

    def insert(self, mark: int, template: str, *holes: Hole) -> None:
        """Write a line at a mark."""
        self.lines.insert(mark, Line(self._depth, statement(template, *holes), self.place))

    def join_branches(self, mark: int) -> None:
        """Make `elif` of an `else` at a mark and the `if` that is all there is in it."""
        outer, first = self.lines[mark : mark + 2]
        inner = self.lines[mark + 1 :]
        heads = [each.says.text for each in inner if each.depth == first.depth]
        if not heads[0].startswith("if ") or not all(each.startswith(("elif ", "else:")) for each in heads[1:]):
            return
        self.lines[mark:] = [Line(each.depth - 1, each.says, each.place) for each in inner]
        self.lines[mark] = Line(outer.depth, Statement("el" + first.says.text), first.place)

    def mentions(self, word: str) -> bool:
        """Return whether a line has a name of our own; a member of that name is none."""
        return any(re.search(rf"(?<![\w.]){word}\b", each.says.text) for each in self.lines)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Indent what is written inside; an empty body becomes `pass`."""
        self._depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self._depth -= 1


# Code ----------------------------------------------------------------------------------------------------------------

BUILTINS = {
    each.__name__: each
    for each in (chr, dict, enumerate, getattr, int, len, list, map, max, min, ord, range, vars, zip)
}
"""All of Python's own names that generated code has."""


def source_of(lines: Sequence[Line]) -> str:
    """Return lines as text."""
    return "\n".join(each.text for each in lines) + "\n"


def file_of(function: Name) -> str:
    """Return the file name that the text of a function is compiled under."""
    return f"<PLC {function}>"


def compile_lines(lines: Sequence[Line], function: Name) -> CodeType:
    """Return the code of lines.

    Raises:
        SyntaxError, RecursionError, MemoryError: they are nested deeper than Python allows.
    """
    return compile(source_of(lines), file_of(function), "exec")


def execute(code: CodeType, names: dict[str, Any]) -> None:
    """Execute the code of lines with its global names; of Python's own it has only those that generated code needs."""
    names["__builtins__"] = BUILTINS
    exec(code, names)  # noqa: S102 - what `compile_lines` returns
