"""Operands as places in C: how each is read and written.

An element that does not exist is reported to the CPU when it is looked up. When the program goes on, reading it gives the
default of its type and writing it changes nothing; `exists` is the C variable that knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakes.plc.instructions.timers import refreshes
from fakes.plc.native.block_text import BlockText, Gap, NotNative, local_name
from fakes.plc.native.forms import Form
from fakes.plc.operand_text import parse_operand
from fakes.plc.shapes import is_plain
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.ranges import number_limits
from simatic_xml.program.types import BOOL, Array, DataType, Elementary, Kind, Structure, type_name

Evaluate = Callable[[BlockText, n.Expression], str]
_FRESH = ("q", "et")


@dataclass(slots=True)
class InMemory:
    """A place in native memory.

    Attributes:
        text: C lvalue; for an array a pointer to its elements.
        type: type of what is there.
        form: the same in C.
        exists: C variable that tells whether it is there, empty when it certainly is.
        bounds: for an array of open length the C names of its bounds.
    """

    text: str
    type: DataType
    form: Form
    exists: str = ""
    bounds: tuple[tuple[str, str], ...] = ()

    def read(self, code: BlockText) -> str:
        """Write what reads a value without parts; return its C text."""
        if not self.exists:
            return code.kept(f"const {self.form.text}", self.text)
        return code.kept(f"const {self.form.text}", f"{self.exists} ? {self.text} : {code.empty(self.type, self.form)}")

    def write(self, code: BlockText, value: str) -> None:
        """Write what stores a value without parts."""
        code.line(f"if ({self.exists}) {self.text} = {value};" if self.exists else f"{self.text} = {value};")

    def address(self, code: BlockText) -> str:
        """Return the C text of the address of what has parts; what does not exist is empty data of its own."""
        here = self.text if self.form.count else f"&{self.text}"
        if not self.exists:
            return here
        empty = code.empty(self.type, self.form)
        return f"({self.exists} ? {here} : {empty if self.form.count else f'&{empty}'})"

    def copy(self, code: BlockText, source: str) -> None:
        """Write what copies data with parts from an address."""
        target = self.text if self.form.count else f"&{self.text}"
        line = f"memmove({target}, {source}, {self.form.size});"
        code.line(f"if ({self.exists}) {line}" if self.exists else line)


@dataclass(slots=True)
class InBytes:
    """A place in inputs, outputs or markers: big-endian, or a bit; `images` are its areas, the first of which is read."""

    images: tuple[str, ...]
    byte: int
    bit: int
    type: DataType
    form: Form

    def read(self, code: BlockText) -> str:
        """Write what reads it."""
        here = f"c->{self.images[0]} + {self.byte}"
        value = f"*({here}) >> {self.bit} & 1" if self.type == BOOL else f"get_{self.form.text}({here})"
        return code.kept(f"const {self.form.text}", value)

    def write(self, code: BlockText, value: str) -> None:
        """Write what stores a value in all of its areas."""
        for image in self.images:
            here = f"c->{image} + {self.byte}"
            bit = self.type == BOOL
            code.line(f"put_bit({here}, {self.bit}, {value});" if bit else f"put_{self.form.text}({here}, {value});")


@dataclass(slots=True)
class Part:
    """A slice of a bit string or integer."""

    base: Any
    bits: int
    number: int
    form: Form

    def read(self, code: BlockText) -> str:
        """Write what reads it."""
        shifted = f"(uint64_t){self.base.read(code)} >> {self.bits * self.number}"
        return code.kept(f"const {self.form.text}", f"({self.form.text})({shifted} & {_mask(self.bits)})")

    def write(self, code: BlockText, value: str) -> None:
        """Write what replaces it and nothing else."""
        shift, mask = self.bits * self.number, _mask(self.bits)
        rest = f"(uint64_t){self.base.read(code)} & ~({mask} << {shift})"
        self.base.write(code, f"({self.base.form.text})({rest} | ((uint64_t){value} & {mask}) << {shift})")


def _mask(bits: int) -> str:
    return f"{(1 << bits) - 1}ULL"


Found = InMemory | InBytes | Part


def locate(code: BlockText, operand: n.Expression, evaluate: Evaluate, *, writing: bool = False) -> Found:
    """Write what looks an operand up; return its place.

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


def located(code: BlockText, operand: n.Expression, evaluate: Evaluate, *, writing: bool = False) -> InMemory:
    """Look up an operand that lies in native memory, such as data with parts."""
    found = locate(code, operand, evaluate, writing=writing)
    if not isinstance(found, InMemory):
        raise NotNative("Data with parts in inputs, outputs or markers", operand.place)
    return found


def fresh(code: BlockText, operand: n.Expression, found: Found) -> None:
    """Write what brings a timer up to date before its Q or ET is read."""
    if not isinstance(operand, n.Field) or operand.member.name.casefold() not in _FRESH:
        return
    if not refreshes(operand.base.type) or not isinstance(found, InMemory):
        return
    assert isinstance(operand.base.type, Structure)  # noqa: S101 (timers are)
    timer = found.text.rpartition(".")[0]
    name = code.context.forms.record(operand.base.type).name
    line = f"refresh_{name}(&{timer}, c->now);"
    code.line(f"if ({found.exists}) {line}" if found.exists else line)


def _local(code: BlockText, operand: n.Local) -> InMemory:
    variable = operand.variable
    if code.holds(variable):
        return member(code, "(*self)", code.instance, variable.name, operand.place)
    found = InMemory(code.own(variable, operand.place), operand.type, code.form(operand.type, operand.place))
    if found.form.open and isinstance(operand.type, Array):
        name, count = local_name(variable), len(operand.type.bounds)
        found.bounds = tuple((f"{name}_low{each}", f"{name}_high{each}") for each in range(count))
    return found


def member(code: BlockText, base: str, structure: Structure, name: str, place: Place, exists: str = "") -> InMemory:
    """Return the place of a member; an in/out with parts that points to nothing is reported to the CPU.

    Args:
        code: the block.
        base: C lvalue of the structure.
        structure: its type.
        name: name of the member.
        place: where the operand stands.
        exists: C variable that tells whether the structure is there, empty when it certainly is.

    Raises:
        NotNative: native code does not have it.
    """
    text = code.member(base, structure, name, place)
    data_type = structure.by_name[name.casefold()].type
    form = code.form(data_type, place)
    if not code.is_pointer(structure, name):
        return InMemory(text, data_type, form, exists)
    test = f"({text} || absent(c, {code.site(Gap.REFERENCE, place)}))"
    exists = code.kept("const uint8_t", f"{exists} && {test}" if exists else test)
    return InMemory(text if form.count else f"(*{text})", data_type, form, exists)


def _data_block(code: BlockText, operand: n.DataBlock) -> InMemory:
    name, form = code.context.data.get(operand.name.casefold(), ("", None))
    if form is None:
        raise NotNative(f"The data block '{operand.name}'", operand.place)
    return InMemory(f"c->data->{name}", code.context.program.data_blocks[operand.name.casefold()].type, form)


def _field(code: BlockText, operand: n.Field, evaluate: Evaluate, *, writing: bool) -> InMemory:
    base = located(code, operand.base, evaluate, writing=writing)
    if not isinstance(base.type, Structure):
        raise NotNative("A member of something that is no structure", operand.place)
    return member(code, base.text, base.type, operand.member.name, operand.place, base.exists)


def _element(code: BlockText, operand: n.Element, evaluate: Evaluate, *, writing: bool) -> InMemory:
    if not isinstance(operand.base.type, Array):
        raise NotNative(f"An element of {type_name(operand.base.type)}", operand.place)
    base = located(code, operand.base, evaluate, writing=writing)
    indices = [_index(code, each, evaluate) for each in operand.indices]
    kind = Gap.WRITTEN if writing else Gap.READ
    exists, place = base.exists, ""
    for index, (low, high) in zip(indices, bounds_of(base), strict=True):
        if not _is_certain(index, low, high):
            test = f"within(c, {index}, {low}, {high}, {code.site(kind, operand.place)})"
            exists = code.kept("const uint8_t", f"{exists} && {test}" if exists else test)
        counted = str(index - low) if isinstance(index, int) and isinstance(low, int) else f"({index} - {low})"
        place = counted if not place else f"({place} * ({high} - {low} + 1) + {counted})"
    if exists:
        place = code.kept("const int64_t", f"{exists} ? {place} : 0")
    return InMemory(f"{base.text}[{place}]", operand.type, code.form(operand.type, operand.place), exists)


def bounds_of(array: InMemory) -> tuple[tuple[int | str, int | str], ...]:
    """Return the bounds of each dimension of an array: numbers, or C names where the caller knows them."""
    assert isinstance(array.type, Array)  # noqa: S101 (nothing else has bounds)
    return array.bounds or tuple(each for each in array.type.bounds if each is not None)


def _is_certain(index: int | str, low: int | str, high: int | str) -> bool:
    """Tell whether an element certainly exists."""
    known = isinstance(index, int) and isinstance(low, int) and isinstance(high, int)
    return known and low <= index <= high  # type: ignore[operator]


def _index(code: BlockText, index: n.Expression, evaluate: Evaluate) -> int | str:
    if isinstance(index, n.Constant) and isinstance(index.value, int):
        return int(index.value)
    text = evaluate(code, index)
    wide = isinstance(index.type, Elementary) and number_limits(index.type)[1] >> 63
    return code.kept("const int64_t", f"index_of({text})" if wide else text)


# Addresses -----------------------------------------------------------------------------------------------------------

_IMAGES = {
    ("I", False): ("inputs",),
    ("I", True): ("peripheral_inputs",),
    ("Q", False): ("outputs",),
    ("Q", True): ("peripheral_outputs", "outputs"),
    ("M", False): ("markers",),
}


def _tag(code: BlockText, operand: n.TagOperand) -> InBytes:
    found = parse_operand(operand.address)
    if found is None:
        raise NotNative(f"The tag '{operand.name}', which has no address,", operand.place)
    peripheral = operand.peripheral or found.peripheral
    return _addressed(code, found.area, found.byte, found.bit, peripheral, operand.type, operand.place)


def _absolute(code: BlockText, operand: n.Absolute) -> InBytes:
    return _addressed(code, operand.area, operand.byte, operand.bit, operand.peripheral, operand.type, operand.place)


def _addressed(
    code: BlockText, area: str, byte: int, bit: int, peripheral: bool, data_type: DataType, place: Place
) -> InBytes:
    images = _IMAGES.get((area, peripheral))
    calendar = isinstance(data_type, Elementary) and data_type.kind is Kind.DATE_AND_TIME and not data_type.unit
    if images is None or not is_plain(data_type) or calendar:
        raise NotNative(f"Data of the type {type_name(data_type)} at an address of {area}", place)
    form = code.form(data_type, place)
    if byte + form.size > len(getattr(code.context.memory, images[0])):
        raise NotNative(f"Byte {byte} of {area}, which the CPU does not have,", place)
    return InBytes(images, byte, bit, data_type, form)


def _wire(code: BlockText, operand: n.Wire) -> InMemory:
    name = f"w{operand.number}"
    form = code.form(operand.type, operand.place)
    if not is_plain(operand.type):
        raise NotNative("A wire that carries data with parts", operand.place)
    code.wires[operand.number] = f"{form.text} {name} = {code.empty(operand.type, form)};"
    return InMemory(name, operand.type, form)


def _eno(code: BlockText, operand: n.Eno) -> InMemory:
    return InMemory("eno", operand.type, code.form(operand.type, operand.place))


_FOUND: dict[type, Callable[[BlockText, Any], Found]] = {
    n.Local: _local,
    n.DataBlock: _data_block,
    n.TagOperand: _tag,
    n.Absolute: _absolute,
    n.Wire: _wire,
    n.Eno: _eno,
}
