"""One block during translation to a Python function: its variables, lines so far, and facts at the current place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import DataType, Variable, type_name
from virtual_plc.code.naming import Name, attribute, mangle
from virtual_plc.code.python_text import Range, Statement, Text, Writer, expression, statement, steady_name
from virtual_plc.cpu.nesting import may_exceed
from virtual_plc.cpu.services import Services
from virtual_plc.instructions.registry import Binding
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program
from virtual_plc.python_tier.facts import facts_of
from virtual_plc.python_tier.names import Names, function_name
from virtual_plc.python_tier.sharing.lookups import Lookups
from virtual_plc.python_tier.sharing.recipes import InstructionOf

Kind = TypeVar("Kind")
IN_INSTANCE = ("Input", "Output", "InOut", "Static")


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


class Context:
    """What the blocks of a program share while they are compiled, and what the current one has collected.

    Attributes:
        lookups: the program around the current block.
        family: family of the CPU.
        memory: the areas of the CPU; its data blocks are found by `lookups`.
        services: the CPU.
        readers: what turns each expression into Python, by the class of its node.
        body: what writes a list of statements.
        coverage: whether what is reached is counted.
        counts_depth: whether functions count how deep calls are nested.
        names: global names of the block's code.
        counters: the counts of the block, where it is.
        views: the views of tags with parts, by bytes, type and place.
        bound: instructions by what they are bound to.
        instructions: where functions of instructions were bound, by the identity of the function.
        counted: by index of the counts the statement, and for a branch whether it is taken.
    """

    def __init__(
        self,
        program: Program,
        memory: Memory,
        services: Services,
        readers: Mapping[type, Callable[[BlockCode, Any], Text]],
        body: Callable[[BlockCode, Sequence[n.Statement]], None],
        *,
        helpers: Set[str],
        coverage: bool,
    ) -> None:
        """Begin with no names but those of helpers, which every block has."""
        self.lookups = Lookups(program, memory)
        self.family = program.cpu.family
        self.memory = memory
        self.services = services
        self.coverage = coverage
        self.counts_depth = may_exceed(program, services.most_depth)
        self.readers = readers
        self.body = body
        self._taken = helpers | {function_name(block).text for block in program.blocks.values()}
        self.begin()

    def begin(self) -> None:
        """Begin a block: with no names, counts and lookups."""
        self.lookups.noted = {}
        self.names = Names(self._taken)
        self.counters: list[int] = []
        self.counted: list[tuple[Place, bool | None]] = []
        self.views: dict[tuple[int, int, int], Text] = {}
        self.bound: dict[Any, Binding] = {}
        self.instructions: dict[int, InstructionOf] = {}


class BlockCode:
    """One block on its way to Python.

    Attributes:
        context: the program.
        block: the block.
        signature: how it is called.
        facts: what is known of it before.
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
        handles_faults: whether the block reads its own faults (GET_ERROR).
        frame_bytes: the bytes that temporary variables are in, None where they have none.
        capacity: how many characters the string holds that the current value goes to, None where it is not known.
        reports: whether operations report at ENO that they failed.
        frames: the Python loops around the current lines (see `jumps`).
        targets: casefolded labels that the block jumps to.
        entries: labels that are jumped to from outside of the list that they are in, with a number each.
        crosses: whether a jump leaves more than one Python loop.
        status: which parts of the status word of STL are kept.
        brackets: operations of STL that opened brackets put aside.
        mastered: whether STL uses the master control relay.
        frame_members: variables in the object `frame`, in order.
        returning: the lines that leave the function.
    """

    def __init__(self, context: Context, block: typed_blocks.Block) -> None:
        """Begin a function."""
        self.context = context
        self.block = block
        self.signature = context.lookups.signature(block.name)
        self.facts = facts_of(block)
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
        self.frame_bytes: Text | None = None
        self.handles_faults = self.facts.handles_faults
        self.reports = block.set_eno
        self.frames: list[Any] = []
        self.targets = self.facts.targets
        self.entries: dict[str, int] = {}
        self.crosses = False
        self.returning: list[Statement] = [statement("return")]
        self.status = replace(self.facts.status)
        self.brackets: list[str] = []
        self.mastered = self.facts.mastered
        self.frame_members: list[Variable] = []
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._temps = self._elements = 0
        self._paths = {id(each): self._path(each) for each in block.variables}

    def _path(self, variable: Variable) -> Text:
        if self.block.kind == "FB" and variable.section in IN_INSTANCE:
            return expression("self.{}", mangle(variable.name))
        return expression("{}", local_name(variable))

    def path(self, variable: Variable) -> Text:
        """Return a variable of the block."""
        found = self._paths.get(id(variable))
        return self._path(variable) if found is None else found

    def owner(self, variable: Variable) -> tuple[Text, str]:
        """Return what has a variable that is not local, and as which attribute."""
        framed = any(each is variable for each in self.frame_members)
        return expression("frame" if framed else "self"), attribute(variable.name)

    def put_in_frame(self, variable: Variable) -> None:
        """Let a variable be a member of the object `frame`."""
        self._paths[id(variable)] = expression("frame.{}", mangle(variable.name))

    def is_local(self, variable: Variable) -> bool:
        """Return whether a variable is one of the Python function, which nothing else can change."""
        return self.path(variable).is_name

    def temp(self) -> Text:
        """Return a new name of our own."""
        self._temps += 1
        return steady_name("t", self._temps)

    def keep_value(self, text: Text) -> Text:
        """Return a value that may be read again: itself when it is steady, else a name that keeps it."""
        if text.steady:
            return text
        name = self.temp()
        self.writer.line("{} = {}", name, text)
        return replace(name, range=text.range, longest=text.longest)

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
        return self.context.names.bind(hint, value)

    def text(self, value: str) -> Text:
        """Return a text of the program, which is in the code as a global name; each has its own name."""
        return expression("{}", self.context.names.new("text", value), steady=True, constant=True)

    def shorten_text(self, text: Text, most: int) -> Text:
        """Return a text of the program cut to a number of characters; the code is the same for any text."""
        values = self.context.names.values
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


def local_name(variable: Variable) -> Name:
    """Return the Python name of a local variable."""
    return Name("v_", attribute(variable.name))
