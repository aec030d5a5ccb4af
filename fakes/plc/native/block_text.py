"""One block while it becomes a C function: its lines, its names, what reports to ENO."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from fakes.plc.memory import Memory
from fakes.plc.naming import attribute
from fakes.plc.native.forms import Form, Forms, member_name
from fakes.plc.native.synchronising import Synchronising
from fakes.plc.program import Program
from fakes.plc.shapes import is_plain
from fakes.plc.starting_values import default
from fakes.plc.storage import new
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types import VOID, DataType, Structure, Variable, type_name

IN_INSTANCE = ("Input", "Output", "InOut", "Static")
PARAMETERS = ("Input", "Output", "InOut")


class NotNative(Exception):
    """Something that native code does not have.

    Attributes:
        what: what it is, as the beginning of a sentence.
        place: where it stands.
    """

    def __init__(self, what: str, place: Place) -> None:
        """Keep what it is and where."""
        super().__init__(what)
        self.what = what
        self.place = place


class Gap(Enum):
    """What may be missing at a place of the program: an element that is read or written, what an in/out refers to."""

    READ = auto()
    WRITTEN = auto()
    REFERENCE = auto()


@dataclass(frozen=True, slots=True)
class Site:
    """A place where something may be missing.

    Attributes:
        gap: what is missing there.
        place: where it is.
    """

    gap: Gap
    place: Place


@dataclass(slots=True)
class Context:
    """What all blocks of a program share.

    Attributes:
        program: the program.
        memory: the memory that it works on, for the sizes of its areas.
        forms: C types.
        synchronising: what copies data in and out.
        data: data blocks: C name and form of each, by casefolded name.
        sites: places where elements may be missing.
        images: C names of initial values by their bytes.
    """

    program: Program
    memory: Memory
    forms: Forms = field(default_factory=Forms)
    synchronising: Synchronising = field(default_factory=Synchronising)
    data: dict[str, tuple[str, Form]] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    images: dict[bytes, str] = field(default_factory=dict)


class BlockText:
    """A block that becomes a C function.

    Attributes:
        context: what all blocks share.
        block: the block.
        lines: C text so far.
        flags: variables that become 0 when an operation says that it failed.
        loops: numbers of the loops around the place at hand.
        returned: what a parameter of the call at hand gives back.
        wires: declarations of the wires that are used, by number.
        size: bytes of data with parts that the function holds itself.
    """

    def __init__(self, context: Context, block: n.Block) -> None:
        """Begin with nothing."""
        self.context = context
        self.block = block
        self.lines: list[str] = []
        self.flags = ["eno"] if block.set_eno else []
        self.loops: list[int] = []
        self.returned = ""
        self.wires: dict[int, str] = {}
        self.size = 0
        self._count = 0

    def name(self) -> str:
        """Return a new name."""
        self._count += 1
        return f"t{self._count}"

    def number(self) -> int:
        """Return a new number, for labels."""
        self._count += 1
        return self._count

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append(text)

    def kept(self, c_type: str, text: str) -> str:
        """Write a line that keeps a value; return its name."""
        name = self.name()
        self.line(f"{c_type} {name} = {text};")
        return name

    @contextmanager
    def braces(self, head: str = "") -> Iterator[None]:
        """Write what follows in braces."""
        self.line(f"{head} {{".strip())
        yield
        self.line("}")

    def form(self, data_type: DataType, place: Place) -> Form:
        """Return the form of a type.

        Raises:
            NotNative: it has none.
        """
        found = self.context.forms.of(data_type)
        if found is None:
            raise NotNative(f"Data of the type {type_name(data_type)}", place)
        return found

    def report(self, right: str) -> None:
        """Write that an operation may have failed, where that matters."""
        for flag in self.flags:
            self.line(f"{flag} &= {right};")

    def site(self, gap: Gap, place: Place) -> int:
        """Return the number of a place where something may be missing."""
        self.context.sites.append(Site(gap, place))
        return len(self.context.sites) - 1

    def own(self, variable: Variable, place: Place) -> str:
        """Return the C text of a variable of the function itself: an lvalue, for an array a pointer to its elements.

        Raises:
            NotNative: native code does not have it.
        """
        if variable.section == "Constant":
            raise NotNative(f"The constant '{variable.name}' as an operand", place)
        self.form(variable.type, place)
        if variable.overlays:
            raise NotNative(f"The overlay '{variable.name}' (AT)", place)
        if any(each.overlays.casefold() == variable.name.casefold() for each in self.block.variables):
            raise NotNative(f"'{variable.name}', which has an overlay (AT),", place)
        return local_text(self.context.forms, variable)

    def holds(self, variable: Variable) -> bool:
        """Tell whether a variable is in the instance of the block."""
        return self.block.kind == "FB" and variable.section in IN_INSTANCE

    @property
    def instance(self) -> Structure:
        """Structure of the instances of a function block."""
        return self.context.program.instances[self.block.name.casefold()]

    def member(self, base: str, structure: Structure, name: str, place: Place) -> str:
        """Return the C text of the member of a structure; an in/out with parts is a pointer.

        Raises:
            NotNative: native code does not have it.
        """
        variable = structure.by_name.get(name.casefold())
        if variable is None or variable.name in self.context.forms.record(structure).missing:
            what = "" if variable is None else f" of the type {type_name(variable.type)}"
            raise NotNative(f"The member '{name}'{what}", place)
        return f"{base}.{member_name(variable)}"

    def is_pointer(self, structure: Structure, name: str) -> bool:
        """Tell whether a member is an in/out with parts."""
        pointers = self.context.forms.record(structure).pointers
        return any(member.name.casefold() == name.casefold() for member, _, _ in pointers)

    # Initial values ---------------------------------------------------------------------------------------------------

    def declare(self, name: str, data_type: DataType, place: Place, start: str = "") -> None:
        """Write the declaration of a variable with its initial value."""
        form = self.form(data_type, place)
        if is_plain(data_type):
            self.line(f"{form.text} {name} = {number_text(new(data_type, start), form)};")
            return
        self.hold(name, form)
        image = self.image(data_type, form)
        self.line(f"memcpy(&{name}, {image}, {form.size});" if image else f"memset(&{name}, 0, {form.size});")

    def hold(self, name: str, form: Form) -> None:
        """Write the declaration of a variable that has no value yet."""
        self.line(f"{form.declaration(name)};")
        self.size += form.size

    def image(self, data_type: DataType, form: Form) -> str:
        """Return the C name of the initial value of data with parts; empty where it is all zeros."""
        content = bytearray(form.size)
        self.context.synchronising.pair(form, data_type)[0](new(data_type), content, 0)
        if not any(content):
            return ""
        return self.context.images.setdefault(bytes(content), f"image{len(self.context.images)}")

    def empty(self, data_type: DataType, form: Form) -> str:
        """Return the C text of what is read where nothing is."""
        if is_plain(data_type):
            return number_text(default(data_type), form)
        name = self.name()
        self.declare(name, data_type, Place(self.block.name))
        return name


def local_text(forms: Forms, variable: Variable) -> str:
    """Return the C text of a variable of the function itself: what is handed over by address is behind a pointer."""
    name = local_name(variable)
    form = forms.of(variable.type)
    if form is not None and form.count:
        return name
    given = variable.section in ("Output", "InOut", "Return")
    passed = variable.section in PARAMETERS and form is not None and form.record is not None
    return f"(*{name})" if given or passed else name


def local_name(variable: Variable) -> str:
    """Return the C name of a variable of the function itself."""
    return f"{'r' if variable.section == 'Return' else 'v'}_{attribute(variable.name)}"


def number_text(value: Any, form: Form) -> str:
    """Return the C text of a number, truth value or character."""
    if isinstance(value, str):
        return str(ord(value))
    if form.letter in ("f", "d"):
        return _real_text(float(value), form)
    if form.text == "uint64_t":
        return f"{int(value)}ULL"
    if form.text == "int64_t":
        return "INT64_MIN" if value == -(1 << 63) else f"INT64_C({value})"
    return f"(({form.text}){int(value)}LL)"


def _real_text(value: float, form: Form) -> str:
    if value != value:
        return f"(({form.text})NAN)"
    if value in (float("inf"), float("-inf")):
        return f"(({form.text}){'-' if value < 0 else ''}INFINITY)"
    return f"(({form.text}){value.hex()})"


def own_variables(block: n.Block) -> list[Variable]:
    """Return the variables of the function itself: all but those in the instance, constants, and no result."""
    outside = IN_INSTANCE if block.kind == "FB" else ()
    return [v for v in block.variables if v.section not in (*outside, "Constant") and v.type != VOID]
