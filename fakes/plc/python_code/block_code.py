"""One block while it becomes a Python function: its variables, the lines so far, what is known at the place at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fakes.plc.instructions.registry import Bound
from fakes.plc.memory import Memory
from fakes.plc.naming import attribute
from fakes.plc.program import Program
from fakes.plc.python_code.facts import Facts, facts_of
from fakes.plc.python_code.names import Names, function_name
from fakes.plc.python_code.nesting import may_exceed
from fakes.plc.python_code.signatures import Signature, signature_of
from fakes.plc.python_code.text import Range, Text, Writer
from fakes.plc.services import Services
from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types import Variable

IN_INSTANCE = ("Input", "Output", "InOut", "Static")


class NotExecutable(Exception):
    """Something that this tier cannot execute.

    Attributes:
        message: what, as a sentence.
        place: where.
    """

    def __init__(self, message: str, place: Place) -> None:
        """Keep the sentence and the place."""
        super().__init__(message)
        self.message = message
        self.place = place


class Context:
    """What all blocks of a program share while they are compiled.

    Attributes:
        program: the program.
        memory: the memory that it works on.
        services: the CPU.
        readers: what turns each expression into Python, by the class of its node.
        body: what writes a list of statements.
        names: global names of the generated code.
        coverage: whether what is reached is counted.
        counts_depth: whether functions count how deep calls are nested.
        counters: the counts, where it is.
        views: names of the views of tags with parts, by bytes, type and place.
        bound: instructions by what they are bound to.
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
        coverage: bool,
    ) -> None:
        """Begin with no names."""
        self.program = program
        self.memory = memory
        self.services = services
        self.coverage = coverage
        self.counts_depth = may_exceed(program, services.most_depth)
        self.names = Names(function_name(block) for block in program.blocks.values())
        self.readers = readers
        self.body = body
        self.counters: list[int] = []
        self.counted: list[tuple[Place, bool | None]] = []
        self.views: dict[tuple[int, int, int], str] = {}
        self.bound: dict[Any, Bound] = {}
        self._facts: dict[int, Facts] = {}
        self._signatures: dict[str, Signature] = {}

    def signature(self, name: str) -> Signature:
        """Return how a block is called."""
        key = name.casefold()
        if key not in self._signatures:
            block = self.program.blocks[key]
            self._signatures[key] = signature_of(block, gives_eno=self.facts(block).changes_eno)
        return self._signatures[key]

    def facts(self, block: n.Block) -> Facts:
        """Return what is known of a block."""
        if id(block) not in self._facts:
            self._facts[id(block)] = facts_of(block)
        return self._facts[id(block)]


class BlockCode:
    """One block on its way to Python.

    Attributes:
        context: the program.
        block: the block.
        signature: how it is called.
        facts: what is known of it before.
        writer: the lines.
        ranges: what is known of whole numbers in variables, by variable.
        returned: the value that a parameter of the call at hand gives back.
        fresh: texts of timers that are up to date with the clock.
        hoisted: names of objects that are looked up once, by their text.
        counts_turns: whether the function counts turns of loops.
        wires: what wires carry before they are written, by number.
        handles_faults: whether the block asks for its own faults (GET_ERROR).
        frame_bytes: text of the bytes that temporary variables lie in, empty where they have none.
        capacity: how many characters the string holds that the value at hand goes to, None where it is not known.
        reports: whether operations say at ENO that they failed.
        frames: the Python loops around the lines at hand (see `jumps`).
        targets: casefolded labels that the block jumps to.
        entries: labels that are jumped to from outside of the list that they stand in, with a number each.
        crosses: whether a jump leaves more than one Python loop.
        status: which parts of the status word of STL are kept.
        brackets: operations of STL that opened brackets put aside.
        mastered: whether STL uses the master control relay.
        frame_members: variables in the object `frame`, in order.
        returning: the line that leaves the function.
    """

    def __init__(self, context: Context, block: n.Block) -> None:
        """Begin a function."""
        self.context = context
        self.block = block
        self.signature = context.signature(block.name)
        self.facts = context.facts(block)
        self.writer = Writer()
        self.ranges: dict[int, Range] = {}
        self.returned: Text | None = None
        self.fresh: set[str] = set()
        self.hoisted: dict[str, str] = {}
        self.counts_turns = False
        self.capacity: int | None = None
        self.wires: dict[int, str] = {}
        self.frame_bytes = ""
        self.handles_faults = self.facts.handles_faults
        self.reports = block.set_eno
        self.frames: list[Any] = []
        self.targets = self.facts.targets
        self.entries: dict[str, int] = {}
        self.crosses = False
        self.returning = "return"
        self.status = replace(self.facts.status)
        self.brackets: list[str] = []
        self.mastered = self.facts.mastered
        self.frame_members: list[Variable] = []
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._temps = 0
        self._paths = {id(each): self._path(each) for each in block.variables}

    def _path(self, variable: Variable) -> str:
        if self.block.kind == "FB" and variable.section in IN_INSTANCE:
            return f"self.{attribute(variable.name)}"
        return local_name(variable)

    def path(self, variable: Variable) -> str:
        """Return the text of a variable of the block."""
        found = self._paths.get(id(variable))
        return self._path(variable) if found is None else found

    def put_in_frame(self, variable: Variable) -> None:
        """Let a variable be a member of the object `frame`."""
        self._paths[id(variable)] = f"frame.{attribute(variable.name)}"

    def is_local(self, variable: Variable) -> bool:
        """Tell whether a variable is one of the Python function, which nothing else can change."""
        return self.path(variable).startswith("v_")

    def temp(self) -> str:
        """Return a new name of our own."""
        self._temps += 1
        return f"t{self._temps}"

    def kept(self, text: Text) -> Text:
        """Return a value that may be read again: itself when it is steady, else a name that keeps it."""
        if text.steady:
            return text
        name = self.temp()
        self.writer.line(f"{name} = {text}")
        return Text(name, range=text.range, steady=True)

    def kept_at(self, mark: int, text: Text) -> Text:
        """Keep a value at a mark of the lines, where it still was what it is meant to be."""
        name = self.temp()
        self.writer.insert(mark, f"{name} = {text}")
        return Text(name, range=text.range, steady=True)

    def hoisted_array(self, node: n.Expression, text: Text) -> Text:
        """Return an array by a local name, looked up once, where it stands in a loop and is a member of the instance.

        Objects and lists are never replaced by others, so that the name stays right.
        """
        root = walking.root(node)
        owned = isinstance(root, n.Local) and root.variable.section != "InOut" and text.text.startswith("self.")
        if not (self.frames and owned and text.text.replace(".", "").isidentifier()):
            return text
        name = self.hoisted.setdefault(text.text, f"h{len(self.hoisted) + 1}")
        return Text(name, steady=True)

    def jump_number(self, keyword: str, label: str, frame: int) -> int:
        """Return the number of a jump that leaves several loops."""
        return self._numbers.setdefault((keyword, label, frame), len(self._numbers) + 1)

    def bind(self, hint: str, value: Any) -> str:
        """Return the global name of an object."""
        return self.context.names.bind(hint, value)

    def refuse(self, message: str, place: Place) -> NotExecutable:
        """Return the error for something that cannot be executed."""
        return NotExecutable(message, place)

    @contextmanager
    def branch(self) -> Iterator[None]:
        """Write the lines of a branch: what is known inside is not known behind it."""
        fresh = set(self.fresh)
        with self.writer.deeper():
            yield
        self.fresh &= fresh


def local_name(variable: Variable) -> str:
    """Return the Python name of a local variable."""
    return f"v_{attribute(variable.name)}"
