"""One block during translation to a C function: its lines, its names, and the operations that report to ENO."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeVar

from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import VOID, Array, DataType, Structure, Variable, type_name
from virtual_plc.code.c_text import EMPTY, NOTHING, C, Hole, c
from virtual_plc.code.naming import Name, attribute
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.starting_values import default
from virtual_plc.memory.storage import new
from virtual_plc.native_tier.forms import Form, Forms, member_name
from virtual_plc.native_tier.synchronising import Synchronising

Kind = TypeVar("Kind")
IN_INSTANCE = ("Input", "Output", "InOut", "Static")
ENO = c("eno")
PARAMETERS = ("Input", "Output", "InOut")


class NotNative(Exception):
    """A part of the program that native code does not support.

    Attributes:
        what: the name of the part, as the beginning of a sentence.
        place: where it is.
    """

    def __init__(self, what: str, place: Place) -> None:
        """Keep what it is and where."""
        super().__init__(what)
        self.what = what
        self.place = place


def require(data_type: DataType, kind: type[Kind], place: Place) -> Kind:
    """Return a type that has to be of a kind.

    Raises:
        NotNative: it is of another one.
    """
    if not isinstance(data_type, kind):
        raise NotNative(f"This use of data of the type {type_name(data_type)}", place)
    return data_type


class Gap(Enum):
    """What may be missing at a place of the program: an element that is read or written, what an in/out refers to."""

    READ = auto()
    WRITTEN = auto()
    REFERENCE = auto()


@dataclass(frozen=True, slots=True)
class Site:
    """A place where data may not exist.

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
    data: dict[str, tuple[Name, Form]] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    images: dict[bytes, Name] = field(default_factory=dict)


class BlockText:
    """A block that becomes a C function.

    Attributes:
        context: what all blocks share.
        block: the block.
        lines: C so far.
        flags: variables that become 0 when an operation reports that it failed.
        loops: numbers of the loops around the current place.
        returned: what a parameter of the current call gives back.
        wires: declarations of the wires that are used, by number.
        size: bytes of data with parts that the function holds itself.
    """

    def __init__(self, context: Context, block: typed_blocks.Block) -> None:
        """Begin with nothing."""
        self.context = context
        self.block = block
        self.lines: list[C] = []
        self.flags: list[C] = [ENO] if block.set_eno else []
        self.loops: list[int] = []
        self.returned = NOTHING
        self.wires: dict[int, C] = {}
        self.size = 0
        self._count = 0

    def name(self) -> Name:
        """Return a new name."""
        self._count += 1
        return Name("t", self._count)

    def number(self) -> int:
        """Return a new number, for labels."""
        self._count += 1
        return self._count

    def line(self, template: str, *holes: Hole) -> None:
        """Write a line; arguments as for `c_text.c`."""
        self.lines.append(c(template, *holes))

    def keep_value(self, c_type: C, template: str, *holes: Hole) -> C:
        """Write a line that keeps a value; return its name. Arguments as for `c_text.c`, behind the type."""
        name = c("{}", self.name())
        self.line("{} {} = {};", c_type, name, c(template, *holes))
        return name

    def line_if(self, condition: C | None, line: C) -> None:
        """Write a line that is executed under a condition, if there is one."""
        if condition is None:
            self.line("{}", line)
        else:
            self.line("if ({}) {}", condition, line)

    @contextmanager
    def braces(self, head: C = EMPTY) -> Iterator[None]:
        """Write what follows in braces."""
        self.line("{} {{", head)
        yield
        self.line("}}")

    def form(self, data_type: DataType, place: Place) -> Form:
        """Return the form of a type.

        Raises:
            NotNative: it has none.
        """
        found = self.context.forms.of(data_type)
        if found is None:
            raise NotNative(f"Data of the type {type_name(data_type)}", place)
        return found

    def report(self, right: C) -> None:
        """Write that an operation may have failed, where that matters."""
        for flag in self.flags:
            self.line("{} &= {};", flag, right)

    def site(self, gap: Gap, place: Place) -> int:
        """Return the number of a place where data may not exist."""
        self.context.sites.append(Site(gap, place))
        return len(self.context.sites) - 1

    def own(self, variable: Variable, place: Place) -> C:
        """Return the C of a variable of the function itself: an lvalue, for an array a pointer to its elements.

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
        """Return whether a variable is in the instance of the block."""
        return self.block.kind == "FB" and variable.section in IN_INSTANCE

    @property
    def instance(self) -> Structure:
        """Structure of the instances of a function block."""
        return self.context.program.instances[self.block.name.casefold()]

    def member(self, base: C, structure: Structure, name: str, place: Place) -> C:
        """Return the C of the member of a structure; an in/out with parts is a pointer.

        Raises:
            NotNative: native code does not have it.
        """
        variable = structure.by_name.get(name.casefold())
        if variable is None or variable.name in self.context.forms.record(structure).missing:
            what = "" if variable is None else f" of the type {type_name(variable.type)}"
            raise NotNative(f"The member '{name}'{what}", place)
        return c("{}.{}", base, member_name(variable))

    def is_pointer(self, structure: Structure, name: str) -> bool:
        """Return whether a member is an in/out with parts."""
        pointers = self.context.forms.record(structure).pointers
        return any(member.name.casefold() == name.casefold() for member, _, _ in pointers)

    # Initial values ---------------------------------------------------------------------------------------------------

    def declare(self, name: Name, data_type: DataType, place: Place, start: str = "") -> None:
        """Write the declaration of a variable with its initial value."""
        form = self.form(data_type, place)
        if is_plain(data_type):
            self.line("{} {} = {};", form.text, name, number_text(new(data_type, start), form))
            return
        self.hold(name, form)
        image = self.image(data_type, form)
        if image is None:
            self.line("memset(&{}, 0, {});", name, form.size)
        else:
            self.line("memcpy(&{}, {}, {});", name, image, form.size)

    def hold(self, name: Name, form: Form) -> None:
        """Write the declaration of a variable that has no value yet."""
        self.line("{};", form.declaration(name))
        self.size += form.size

    def image(self, data_type: DataType, form: Form) -> Name | None:
        """Return the C name of the initial value of data with parts; None where it is all zeros."""
        content = bytearray(form.size)
        self.context.synchronising.pair(form, data_type)[0](new(data_type), content, 0)
        if not any(content):
            return None
        return self.context.images.setdefault(bytes(content), Name("image", len(self.context.images)))

    def empty(self, data_type: DataType, form: Form) -> C:
        """Return the C of what is read where nothing is."""
        if is_plain(data_type):
            return number_text(default(data_type), form)
        name = self.name()
        self.declare(name, data_type, Place(self.block.name))
        return c("{}", name)


def local_text(forms: Forms, variable: Variable) -> C:
    """Return the C of a variable of the function itself: what is passed by address is behind a pointer."""
    name = local_name(variable)
    form = forms.of(variable.type)
    if form is not None and form.count:
        return c("{}", name)
    given = variable.section in ("Output", "InOut", "Return")
    passed = variable.section in PARAMETERS and form is not None and form.record is not None
    return c("(*{})" if given or passed else "{}", name)


def local_name(variable: Variable) -> Name:
    """Return the C name of a variable of the function itself."""
    return Name("r_" if variable.section == "Return" else "v_", attribute(variable.name))


def bound_names(variable: Variable) -> list[tuple[Name, Name]]:
    """Return the C names of the bounds of an array of open length; none for other types."""
    if not isinstance(variable.type, Array) or None not in variable.type.bounds:
        return []
    name, count = local_name(variable), len(variable.type.bounds)
    return [(Name("low", each, "_", name), Name("high", each, "_", name)) for each in range(count)]


def number_text(value: Any, form: Form) -> C:
    """Return the C of a number, truth value or character."""
    if isinstance(value, str):
        return c("{}", ord(value))
    if form.letter in ("f", "d"):
        return _real_text(float(value), form)
    if form.letter == "Q":
        return c("{}ULL", int(value))
    if form.letter == "q":
        return c("INT64_MIN") if value == -(1 << 63) else c("INT64_C({})", int(value))
    return c("(({}){}LL)", form.text, int(value))


def _real_text(value: float, form: Form) -> C:
    if value != value:
        return c("(({})NAN)", form.text)
    if value in (float("inf"), float("-inf")):
        return c("(({})-INFINITY)" if value < 0 else "(({})INFINITY)", form.text)
    return c("(({}){})", form.text, value)


def own_variables(block: typed_blocks.Block) -> list[Variable]:
    """Return the variables of the function itself: all but those in the instance, constants, and no result."""
    outside = IN_INSTANCE if block.kind == "FB" else ()
    return [v for v in block.variables if v.section not in (*outside, "Constant") and v.type != VOID]
