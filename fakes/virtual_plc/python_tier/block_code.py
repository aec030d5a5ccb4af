"""A block while its functions are written: results of earlier passes, lines so far, and what is known at the current place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import DataType, Variable, type_name
from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import Range, Statement, Text, Writer, expression, steady_name
from virtual_plc.instructions.registry import Binding
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.facts import Facts
from virtual_plc.python_tier.layout import Layout
from virtual_plc.python_tier.names import Names
from virtual_plc.python_tier.sharing.lookups import Lookups
from virtual_plc.python_tier.sharing.recipes import InstructionOf
from virtual_plc.python_tier.signatures import Signature

Kind = TypeVar("Kind")


class NotExecutable(Exception):
    """A part of the program that this tier cannot execute.

    Attributes:
        message: what, as a sentence.
        place: where.
    """

    def __init__(self, message: str, place: Place) -> None:
        """Keep the sentence and the place."""
        super().__init__(message)
        self.message = message
        self.place = place


def require(data_type: DataType, kind: type[Kind], place: Place) -> Kind:
    """Return a type that has to be of a kind.

    Raises:
        NotExecutable: it is of another one.
    """
    if not isinstance(data_type, kind):
        raise NotExecutable(f"Data of the type {type_name(data_type)} cannot be used like this.", place)
    return data_type


@dataclass(frozen=True, slots=True)
class Draft:
    """What the functions of a block have in common: the results of earlier passes, and what the functions collect.

    Attributes:
        context: the program.
        block: the block.
        facts: what is known of it.
        signature: how it is called.
        layout: where its variables are.
        readers: what turns each expression into Python, by the class of its node.
        body: what writes a list of statements.
        lookups: the program around it; they note what is asked.
        names: global names of its code.
        parts: its functions besides its own, each with its first line (GRAPH).
        counters: its counts, where it is counted what is reached.
        counted: by index of the counts the statement, and for a branch whether it is taken.
        views: the views of tags with parts, by bytes, type and place.
        bound: instructions by what they are bound to.
        instructions: where functions of instructions were bound, by the identity of the function.
    """

    context: Context
    block: typed_blocks.Block
    facts: Facts
    signature: Signature
    layout: Layout
    readers: Mapping[type, Callable[[BlockCode, Any], Text]]
    body: Callable[[BlockCode, Sequence[n.Statement]], None]
    lookups: Lookups
    names: Names
    parts: list[tuple[Statement, BlockCode]] = field(default_factory=list)
    counters: list[int] = field(default_factory=list)
    counted: list[tuple[Place, bool | None]] = field(default_factory=list)
    views: dict[tuple[int, int, int], Text] = field(default_factory=dict)
    bound: dict[Any, Binding] = field(default_factory=dict)
    instructions: dict[int, InstructionOf] = field(default_factory=dict)


class BlockCode:
    """One function of a block on its way to Python.

    Attributes:
        draft: what it has in common with other functions of the block; the next five are in it, too.
        context, block, facts, signature, layout: see `Draft`.
        path: returns a variable of the block.
        writer: the lines.
        ranges: what is known of whole numbers in variables, by variable.
        returned: the value that a parameter of the current call gives back.
        fresh: texts of timers that are up to date with the clock.
        hoisted: names of objects that are looked up once, by what they are.
        elements: names of elements of arrays that are looked up already, by their text.
        loop_variables: variables of the FOR loops around the current lines that nothing in them writes.
        counts_turns: whether the function counts turns of loops.
        wires: what wires carry that may be read before they are written, by number.
        written: numbers of the wires that are certainly written at the current line.
        capacity: how many characters the string holds that the current value goes to, None where it is not known.
        reports: whether operations report at ENO that they failed.
        frames: the Python loops around the current lines (see `jumps`).
        crosses: whether a jump leaves more than one Python loop.
        status: which parts of the status word of STL are kept.
        brackets: operations of STL that opened brackets put aside.
        returning: the lines that leave the function.
    """

    def __init__(self, draft: Draft) -> None:
        """Begin a function."""
        self.draft = draft
        self.context, self.block, self.facts = draft.context, draft.block, draft.facts
        self.signature, self.layout = draft.signature, draft.layout
        self.path = draft.layout.path
        self.writer = Writer()
        self.ranges: dict[int, Range] = {}
        self.returned: Text | None = None
        self.fresh: set[str] = set()
        self.hoisted: dict[Text, Text] = {}
        self.elements: dict[str, Text] = {}
        self.loop_variables: set[int] = set()
        self.counts_turns = False
        self.capacity: int | None = None
        self.wires: dict[int, Text] = {}
        self.written: set[int] = set()
        self.reports = self.block.set_eno
        self.frames: list[Any] = []
        self.crosses = False
        self.returning = self.layout.returning
        self.status = replace(self.facts.status)
        self.brackets: list[str] = []
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._temps = self._elements = 0

    def is_local(self, variable: Variable) -> bool:
        """Return whether a variable is one of the Python function, which nothing else can change."""
        return self.path(variable).is_name

    def temp(self) -> Text:
        """Return a new name of our own."""
        self._temps += 1
        return steady_name("t", self._temps)

    def keep_value(self, text: Text) -> Text:
        """Return a value that may be read again: itself when it is steady, else a name that keeps it."""
        return text if text.steady else self.keep_at(self.writer.mark(), text)

    def keep_at(self, mark: int, text: Text) -> Text:
        """Keep a value at a mark of the lines, before it changes."""
        name = self.temp()
        self.writer.insert(mark, "{} = {}", name, text)
        return replace(name, range=text.range, longest=text.longest)

    def hoist_array(self, node: n.Expression, text: Text) -> Text:
        """Return an array by a local name, looked up once, where it is in a loop and is a member of the instance.

        Objects and lists are never replaced by others, so that the name stays right.
        """
        root = walking.root(node)
        owned = isinstance(root, n.Local) and root.variable.section != "InOut" and text.text.startswith("self.")
        if not (self.frames and owned and text.is_path):
            return text
        return self.hoisted.setdefault(replace(text, range=None), steady_name("h", len(self.hoisted) + 1))

    def keep_element(self, text: Text) -> Text:
        """Return an element with parts by a local name, looked up once in a turn of a loop; its text has to be steady.

        Objects and lists are never replaced by others, so that the name stays right.
        """
        if text.text not in self.elements:
            self._elements += 1
            name = self.elements[text.text] = steady_name("e", self._elements)
            self.writer.line("{} = {}", name, text)
        return self.elements[text.text]

    def jump_number(self, keyword: str, label: str, frame: int) -> int:
        """Return the number of a jump that leaves several loops."""
        return self._numbers.setdefault((keyword, label, frame), len(self._numbers) + 1)

    def bind(self, hint: str, value: Any) -> Name:
        """Return the global name of an object."""
        return self.draft.names.bind(hint, value)

    def text(self, value: str) -> Text:
        """Return a text of the program, which is in the code as a global name; each has its own name."""
        return expression("{}", self.draft.names.new("text", value), steady=True, constant=True)

    def shorten_text(self, text: Text, most: int) -> Text:
        """Return a text of the program cut to a number of characters; the code is the same for any text."""
        values = self.draft.names.values
        values[text.text] = values[text.text][:most]
        return replace(text, longest=most)

    def leave(self) -> None:
        """Write the lines that leave the function."""
        for each in self.returning:
            self.writer.put(each)

    def refuse(self, message: str, place: Place) -> NotExecutable:
        """Return the error for a part that cannot be executed."""
        return NotExecutable(message, place)

    @contextmanager
    def branch(self) -> Iterator[set[int]]:
        """Write the lines of a branch: what is known inside is not known behind it.

        Yields:
            The wires that the branch has certainly written, once it is finished.
        """
        fresh, elements, written = set(self.fresh), dict(self.elements), set(self.written)
        inside: set[int] = set()
        with self.writer.deeper():
            yield inside
        inside |= self.written
        self.fresh &= fresh
        self.elements, self.written = elements, written
