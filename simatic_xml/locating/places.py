"""The two kinds of places: that of a compiler, and that in a text. And the names that connect them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_CHARACTERS = 200
"""Of a line that a finding shows."""
_MENTIONED = re.compile(
    r"""(?<!\w)'(?P<single>[^'\n]+)' | (?P<bare>\#?"[^"\n]+" | \#\w+)""",
    re.VERBOSE,
)
_SUBJECT = re.compile(r"(?P<name>[^\W\d]\w*)[\w.\[\]]*: ")
_FIRST_NAME = re.compile(r'#?(?:"(?P<quoted>[^"\n]+)"|(?P<plain>[^\W\d]\w*))')


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A place as a compiler names it.

    Attributes:
        block: name of the block or data type.
        network: network, counted from 1; None in SCL blocks and in interfaces.
        line: line of the code of the block (SCL) or network (STL), counted from 1.
        part: name of a step, a transition or a section of the interface.
        names: names that the message mentions, folded, the first first; see `mentioned`.
        uid: UId of the node in the network, where the compiler knows it.
        column: column in that line, where the compiler knows it.
        turn: how many findings with the same text and place come before it.
        turns: how many findings have its text and place.
    """

    block: str
    network: int | None = None
    line: int | None = None
    part: str = ""
    names: tuple[str, ...] = ()
    uid: int | None = None
    column: int | None = None
    turn: int = 0
    turns: int = 1

    def choose(self, offsets: Sequence[int]) -> int | None:
        """Return which of the places of a name is meant; None where several are possible."""
        if len(offsets) == 1:
            return offsets[0]
        return offsets[self.turn] if len(offsets) == self.turns else None


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in a text.

    Attributes:
        line: line of the text, counted from 1; None where the pointer alone says the place.
        column: column in that line, counted from 1; None where only the line is known.
        pointer: JSON pointer to the value that contains the text, for JSON.
        element: instruction with its operand in LAD and FBD, or step or transition in GRAPH.
    """

    line: int | None = None
    column: int | None = None
    pointer: str = ""
    element: str = ""


class SourceText(Protocol):
    """A text that blocks and data types are made of."""

    def find(self, places: Sequence[CodePlace]) -> list[TextPlace | None]:
        """Return the place of each finding in the text; None for what the text does not contain.

        Args:
            places: places in one block.
        """

    def line_at(self, place: TextPlace) -> str:
        """Return the line of the text at a place; empty for a place without one."""


def cut_line(text: str, number: int) -> str:
    """Return a line of a text without its end, at most `MOST_CHARACTERS` of it; empty where there is none.

    Args:
        text: the text.
        number: the line, counted from 1.
    """
    lines = text.split("\n", number)
    return lines[number - 1].rstrip()[:MOST_CHARACTERS] if 0 < number <= len(lines) else ""


def mentioned(message: str) -> tuple[str, ...]:
    """Return the names that a message of a compiler writes in quotes, with `#`, or in front of a colon.

    They have no marks and are folded. Of a path such as `"Data".speed` it is the first name, because that is what the
    operand starts with.
    """
    return tuple(dict.fromkeys(_names(message)))


def _names(message: str) -> Iterator[str]:
    if subject := _SUBJECT.match(message):
        yield subject["name"].casefold()
    for found in _MENTIONED.finditer(message):
        first = _FIRST_NAME.match(found["single"] or found["bare"])
        if first:
            yield (first["quoted"] or first["plain"]).casefold()


def bare_name(token: str) -> str:
    """Return a name of a source without its marks, folded."""
    return token.removeprefix("#").strip('"').casefold()


def first_present(names: Iterable[str], places: dict[str, list[int]]) -> list[int]:
    """Return where the first of the names is that is there at all."""
    return next((places[name] for name in names if name in places), [])
