"""Operands as places in C: how each is read and written.

An element that does not exist is reported to the CPU when it is looked up. If the program continues, reading gives the
default of its type and writing it changes nothing; `exists` is the C variable that knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.ranges import number_limits
from simatic_xml.program.types.types import BOOL, Array, DataType, Elementary, Kind, Structure, type_name
from virtual_plc.code.c_text import NOTHING, TRUTH, C, c
from virtual_plc.code.naming import Name
from virtual_plc.instructions.control.timers import refreshes
from virtual_plc.memory.operand_text import parse_operand
from virtual_plc.memory.shapes import is_plain
from virtual_plc.native_tier.block_text import ENO, BlockText, Gap, NotNative, bound_names, require
from virtual_plc.native_tier.forms import Form

Evaluate = Callable[[BlockText, n.Expression], C]
Bound = int | C
_FRESH = ("q", "et")


@dataclass(slots=True)
class InMemory:
    """A place in native memory.

    Attributes:
        text: C lvalue; for an array a pointer to its elements.
        type: type of what is there.
        form: the same in C.
        exists: C variable that is 1 when it exists, None when it always exists.
        bounds: for an array of open length the C names of its bounds.
        owner: for a member what it is a member of.
    """

    text: C
    type: DataType
    form: Form
    exists: C | None = None
    bounds: tuple[tuple[C, C], ...] = ()
    owner: C | None = None

    def read(self, code: BlockText) -> C:
        """Write what reads a value without parts; return its C."""
        if self.exists is None:
            return code.keep_value(self.form.const, "{}", self.text)
        return code.keep_value(
            self.form.const, "{} ? {} : {}", self.exists, self.text, code.empty(self.type, self.form)
        )

    def write(self, code: BlockText, value: C) -> None:
        """Write what stores a value without parts."""
        code.line_if(self.exists, c("{} = {};", self.text, value))

    def address(self, code: BlockText) -> C:
        """Return the C of the address of what has parts; what does not exist is separate empty data."""
        here = self.text if self.form.count else c("&{}", self.text)
        if self.exists is None:
            return here
        empty = code.empty(self.type, self.form)
        return c("({} ? {} : {})", self.exists, here, empty if self.form.count else c("&{}", empty))

    def copy(self, code: BlockText, source: C) -> None:
        """Write what copies data with parts from an address."""
        target = self.text if self.form.count else c("&{}", self.text)
        code.line_if(self.exists, c("memmove({}, {}, {});", target, source, self.form.size))


@dataclass(slots=True)
class InBytes:
    """A place in inputs, outputs or markers: big-endian, or a bit; `images` are its areas, the first one is read."""

    images: tuple[Name, ...]
    byte: int
    bit: int
    type: DataType
    form: Form

    def read(self, code: BlockText) -> C:
        """Write what reads it."""
        here = c("c->{} + {}", self.images[0], self.byte)
        value = c("*({}) >> {} & 1", here, self.bit) if self.type == BOOL else c("get_{}({})", self.form.text, here)
        return code.keep_value(self.form.const, "{}", value)

    def write(self, code: BlockText, value: C) -> None:
        """Write what stores a value in all of its areas."""
        for image in self.images:
            here = c("c->{} + {}", image, self.byte)
            if self.type == BOOL:
                code.line("put_bit({}, {}, {});", here, self.bit, value)
            else:
                code.line("put_{}({}, {});", self.form.text, here, value)


@dataclass(slots=True)
class Part:
    """A slice of a bit string or integer."""

    base: Any
    bits: int
    number: int
    form: Form

    def read(self, code: BlockText) -> C:
        """Write what reads it."""
        shifted = c("(uint64_t){} >> {}", self.base.read(code), self.bits * self.number)
        return code.keep_value(self.form.const, "({})({} & {})", self.form.text, shifted, _mask(self.bits))

    def write(self, code: BlockText, value: C) -> None:
        """Write what replaces it and nothing else."""
        shift, mask = self.bits * self.number, _mask(self.bits)
        rest = c("(uint64_t){} & ~({} << {})", self.base.read(code), mask, shift)
        self.base.write(code, c("({})({} | ((uint64_t){} & {}) << {})", self.base.form.text, rest, value, mask, shift))


def _mask(bits: int) -> C:
    return c("{}ULL", (1 << bits) - 1)


Location = InMemory | InBytes | Part


def locate(code: BlockText, operand: n.Expression, evaluate: Evaluate, *, writing: bool = False) -> Location:
    """Write what finds an operand; return its place.

    Args:
        code: the block.
        operand: the operand.
        evaluate: writes what calculates an index.
        writing: whether it is going to be written, for the fault of an element that does not exist.

    Raises:
        NotNative: native code does not have it.
    """
    if isinstance(operand, n.Element):
        return _element(code, operand, evaluate, writing=writing)
    if isinstance(operand, n.Field):
        return _field(code, operand, evaluate, writing=writing)
    if isinstance(operand, n.Slice):
        base = locate(code, operand.base, evaluate, writing=writing)
        return Part(base, operand.bits, operand.number, code.form(operand.type, operand.place))
    find = _FOUND.get(type(operand))
    if find is None:
        raise NotNative(f"'{type(operand).__name__}' as an operand", operand.place)
    return find(code, operand)


def locate_in_memory(code: BlockText, operand: n.Expression, evaluate: Evaluate, *, writing: bool = False) -> InMemory:
    """Find an operand in native memory, such as data with parts."""
    found = locate(code, operand, evaluate, writing=writing)
    if not isinstance(found, InMemory):
        raise NotNative("Data with parts in inputs, outputs or markers", operand.place)
    return found


def fresh(code: BlockText, operand: n.Expression, found: Location) -> None:
    """Write what brings a timer up to date before its Q or ET is read."""
    if not isinstance(operand, n.Field) or operand.member.name.casefold() not in _FRESH:
        return
    if not refreshes(operand.base.type) or not isinstance(found, InMemory) or found.owner is None:
        return
    name = code.context.forms.record(require(operand.base.type, Structure, operand.place)).name
    code.line_if(found.exists, c("refresh_{}(&{}, c->now);", name, found.owner))


def _local(code: BlockText, operand: n.Local) -> InMemory:
    variable = operand.variable
    if code.holds(variable):
        return member(code, c("(*self)"), code.instance, variable.name, operand.place)
    found = InMemory(code.own(variable, operand.place), operand.type, code.form(operand.type, operand.place))
    if found.form.open and isinstance(operand.type, Array):
        found.bounds = tuple((c("{}", low), c("{}", high)) for low, high in bound_names(variable))
    return found


def member(
    code: BlockText, base: C, structure: Structure, name: str, place: Place, exists: C | None = None
) -> InMemory:
    """Return the place of a member; an in/out with parts that points to nothing is reported to the CPU.

    Args:
        code: the block.
        base: C lvalue of the structure.
        structure: its type.
        name: name of the member.
        place: where the operand is.
        exists: C variable that is 1 when the structure exists, None when it always exists.

    Raises:
        NotNative: native code does not have it.
    """
    text = code.member(base, structure, name, place)
    data_type = structure.by_name[name.casefold()].type
    form = code.form(data_type, place)
    if not code.is_pointer(structure, name):
        return InMemory(text, data_type, form, exists, owner=base)
    test = c("({} || absent(c, {}))", text, code.site(Gap.REFERENCE, place))
    exists = _both(code, exists, test)
    return InMemory(text if form.count else c("(*{})", text), data_type, form, exists)


def _data_block(code: BlockText, operand: n.DataBlock) -> InMemory:
    found = code.context.data.get(operand.name.casefold())
    if found is None:
        raise NotNative(f"The data block '{operand.name}'", operand.place)
    return InMemory(
        c("c->data->{}", found[0]), code.context.program.data_blocks[operand.name.casefold()].type, found[1]
    )


def _field(code: BlockText, operand: n.Field, evaluate: Evaluate, *, writing: bool) -> InMemory:
    base = locate_in_memory(code, operand.base, evaluate, writing=writing)
    if not isinstance(base.type, Structure):
        raise NotNative("A member of data that are not a structure", operand.place)
    return member(code, base.text, base.type, operand.member.name, operand.place, base.exists)


def _element(code: BlockText, operand: n.Element, evaluate: Evaluate, *, writing: bool) -> InMemory:
    if not isinstance(operand.base.type, Array):
        raise NotNative(f"An element of {type_name(operand.base.type)}", operand.place)
    if operand.is_row:
        raise NotNative("A row of an array", operand.place)
    base = locate_in_memory(code, operand.base, evaluate, writing=writing)
    indices = [_index(code, each, evaluate) for each in operand.indices]
    kind = Gap.WRITTEN if writing else Gap.READ
    exists, place = base.exists, NOTHING
    for number, (index, (low, high)) in enumerate(zip(indices, bounds_of(base), strict=True)):
        if not _is_certain(index, low, high):
            test = c("within(c, {}, {}, {}, {})", index, low, high, code.site(kind, operand.place))
            exists = _both(code, exists, test)
        counted = _distance(index, low)
        place = counted if number == 0 else c("({} * ({} - {} + 1) + {})", place, high, low, counted)
    if exists is not None:
        place = code.keep_value(c("const int64_t"), "{} ? {} : 0", exists, place)
    return InMemory(c("{}[{}]", base.text, place), operand.type, code.form(operand.type, operand.place), exists)


def _both(code: BlockText, exists: C | None, test: C) -> C:
    """Write a variable that keeps whether data exist whose owner may not exist either."""
    return code.keep_value(TRUTH, "{}", test if exists is None else c("{} && {}", exists, test))


def bounds_of(array: InMemory) -> tuple[tuple[Bound, Bound], ...]:
    """Return the bounds of each dimension of an array: numbers, or C names where the caller knows them."""
    known = array.type.bounds if isinstance(array.type, Array) else ()
    return array.bounds or tuple(each for each in known if each is not None)


def _is_certain(index: Bound, low: Bound, high: Bound) -> bool:
    """Return whether an element certainly exists."""
    return isinstance(index, int) and isinstance(low, int) and isinstance(high, int) and low <= index <= high


def _distance(index: Bound, low: Bound) -> C:
    """Return how far an index is from the first one of its dimension."""
    if isinstance(index, int) and isinstance(low, int):
        return c("{}", index - low)
    return c("({} - {})", index, low)


def _index(code: BlockText, index: n.Expression, evaluate: Evaluate) -> Bound:
    if isinstance(index, n.Constant) and isinstance(index.value, int):
        return int(index.value)
    text = evaluate(code, index)
    wide = isinstance(index.type, Elementary) and number_limits(index.type)[1] >> 63
    return code.keep_value(c("const int64_t"), "index_of({})" if wide else "{}", text)


# Addresses -----------------------------------------------------------------------------------------------------------

_IMAGES = {
    ("I", False): (Name("inputs"),),
    ("I", True): (Name("peripheral_inputs"),),
    ("Q", False): (Name("outputs"),),
    ("Q", True): (Name("peripheral_outputs"), Name("outputs")),
    ("M", False): (Name("markers"),),
}


def _tag(code: BlockText, operand: n.TagOperand) -> InBytes:
    found = parse_operand(operand.address)
    if found is None:
        raise NotNative(f"The tag '{operand.name}', which has no address,", operand.place)
    peripheral = operand.peripheral or found.peripheral
    return _locate_address(code, found.area, found.byte, found.bit, peripheral, operand.type, operand.place)


def _absolute(code: BlockText, operand: n.Absolute) -> InBytes:
    return _locate_address(
        code, operand.area, operand.byte, operand.bit, operand.peripheral, operand.type, operand.place
    )


def _locate_address(
    code: BlockText, area: str, byte: int, bit: int, peripheral: bool, data_type: DataType, place: Place
) -> InBytes:
    images = _IMAGES.get((area, peripheral))
    calendar = isinstance(data_type, Elementary) and data_type.kind is Kind.DATE_AND_TIME and not data_type.unit
    if images is None or not is_plain(data_type) or calendar:
        raise NotNative(f"Data of the type {type_name(data_type)} at an address of {area}", place)
    form = code.form(data_type, place)
    if byte + form.size > len(getattr(code.context.memory, images[0].text)):
        raise NotNative(f"Byte {byte} of {area}, which the CPU does not have,", place)
    return InBytes(images, byte, bit, data_type, form)


def _wire(code: BlockText, operand: n.Wire) -> InMemory:
    name = Name("w", operand.number)
    form = code.form(operand.type, operand.place)
    if not is_plain(operand.type):
        raise NotNative("A wire that carries data with parts", operand.place)
    code.wires[operand.number] = c("{} {} = {};", form.text, name, code.empty(operand.type, form))
    return InMemory(c("{}", name), operand.type, form)


def _eno(code: BlockText, operand: n.Eno) -> InMemory:
    return InMemory(ENO, operand.type, code.form(operand.type, operand.place))


_FOUND: dict[type, Callable[[BlockText, Any], Location]] = {
    n.Local: _local,
    n.DataBlock: _data_block,
    n.TagOperand: _tag,
    n.Absolute: _absolute,
    n.Wire: _wire,
    n.Eno: _eno,
}
