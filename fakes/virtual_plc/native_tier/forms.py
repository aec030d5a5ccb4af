"""The layout of data in native memory: a C type for each data type, with sizes and offsets as C counts them.

The wider members of a structure come first, so that numbers have no gaps. Members that native code does not have
(strings, references, AT overlays) are left out: Python keeps them, and a block that uses one is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simatic_xml.program.types.layout import element_count
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure, Variable
from virtual_plc.code.c_text import C, c, join_pieces
from virtual_plc.code.naming import Name, attribute
from virtual_plc.memory.shapes import by_reference, has_state

TIMERS = ("TON", "TOF", "TP", "TONR")
STATELESS = ("CTU", "CTD", "CTUD", "R_TRIG", "F_TRIG")
"""Instructions whose instances have no state except their members."""

STATE_SIZE = 32
_LARGEST = 1 << 28


@dataclass(frozen=True, slots=True)
class Form:
    """A data type in C.

    Attributes:
        text: C type of a value; of an array that of its elements.
        size: bytes.
        align: bytes that its address is a multiple of.
        count: number of elements of an array, 0 for other types.
        letter: letter of the `struct` format of a number, empty for a structure.
        record: members of a structure (of an array those of its elements).
        open: whether it is an array of open length, of which the caller knows the bounds.
        least: the lowest value of a whole number with sign, None for other types.
    """

    text: C
    size: int
    align: int
    count: int = 0
    letter: str = ""
    record: Record | None = None
    open: bool = False
    least: C | None = None

    def declaration(self, name: Name) -> C:
        """Return the C declaration of a variable."""
        return c("{} {}[{}]", self.text, name, self.count) if self.count else c("{} {}", self.text, name)

    @property
    def const(self) -> C:
        """C type of a value that does not change."""
        return c("const {}", self.text)

    @property
    def parameter(self) -> C:
        """C type of a parameter that data with parts are passed by."""
        return c("{} *", self.text)


@dataclass(slots=True)
class Record:
    """A structure in C.

    Attributes:
        name: name of the C structure.
        structure: the structure.
        members: its members in the order of their places, with those places.
        size: bytes.
        align: alignment.
        state: where the hidden state of a timer is, None without one.
        pointers: in/outs with parts: what is called with them points to what it was given.
        missing: names of members that are left out.
    """

    name: Name
    structure: Structure
    members: list[tuple[Variable, Form, int]] = field(default_factory=list)
    size: int = 0
    align: int = 1
    state: int | None = None
    pointers: list[tuple[Variable, Form, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether nothing is left out, here and inside."""
        inner = (form.record for _, form, _ in self.members)
        return not self.missing and all(each is None or each.complete for each in inner)

    def text(self) -> C:
        """Return the C definition."""
        parts = [c("struct timer state;")] if self.state is not None else []
        parts += [c("{}{};", form.parameter, member_name(member)) for member, form, _ in self.pointers]
        parts += [c("{};", form.declaration(member_name(member))) for member, form, _ in self.members]
        return c("struct {} {{ {} }};", self.name, join_pieces("{} {}", parts or [c("char none;")]))


def member_name(member: Variable) -> Name:
    """Return the C name of a member."""
    return Name("m_", attribute(member.name))


def is_timer(data_type: DataType) -> bool:
    """Return whether a type is the instance of an IEC timer."""
    return isinstance(data_type, Structure) and data_type.origin == "system" and data_type.instruction in TIMERS


class Forms:
    """The forms of the types of a program.

    Attributes:
        records: structures in an order in which C can define them.
    """

    def __init__(self) -> None:
        """Begin with no structures."""
        self.records: list[Record] = []
        self._by_structure: dict[int, Record] = {}

    def of(self, data_type: DataType) -> Form | None:
        """Return the form of a type, None for one that native code does not have."""
        match data_type:
            case Elementary():
                return elementary(data_type)
            case Array():
                return self._array(data_type)
            case Structure():
                record = self.record(data_type)
                return Form(c("struct {}", record.name), record.size, record.align, record=record)
        return None

    def _array(self, array: Array) -> Form | None:
        element = None if isinstance(array.element, Array) else self.of(array.element)
        count = element_count(array)
        if element is None or element.open or count * element.size > _LARGEST:
            return None
        if None in array.bounds:
            return Form(element.text, 0, element.align, 1, element.letter, element.record, open=True)
        if not count:
            return None
        return Form(element.text, element.size * count, element.align, count, element.letter, element.record)

    def record(self, structure: Structure) -> Record:
        """Return the form of a structure."""
        found = self._by_structure.get(id(structure))
        if found is None:
            found = self._build_record(structure)
            self._by_structure[id(structure)] = found
            found.name = Name("s", len(self.records))
            self.records.append(found)
        return found

    def _build_record(self, structure: Structure) -> Record:
        record = Record(Name("s"), structure)
        placed: list[tuple[Variable, Form]] = []
        if is_timer(structure):
            record.state, record.align, record.size = 0, 8, STATE_SIZE
        for member in structure.members:
            form = None if member.overlays else self.of(member.type)
            if form is None or form.open:
                record.missing.append(member.name)
            elif by_reference(structure, member):
                record.pointers.append((member, form, record.size))
                record.align, record.size = 8, record.size + 8
            else:
                placed.append((member, form))
        if structure.open or (
            has_state(structure) and not is_timer(structure) and structure.instruction not in STATELESS
        ):
            record.missing.append("_state")
        _lay_out(record, placed)
        return record


def _lay_out(record: Record, placed: list[tuple[Variable, Form]]) -> None:
    """Place the members behind those already placed, the wider ones first."""
    end = record.size
    for member, form in sorted(placed, key=lambda each: (-each[1].align, bool(each[1].count or each[1].record))):
        end = -(-end // form.align) * form.align
        record.members.append((member, form, end))
        record.align = max(record.align, form.align)
        end += form.size
    record.size = max(-(-end // record.align) * record.align, 1)


_WHOLE = {
    8: (c("int8_t"), c("uint8_t"), c("INT8_MIN"), "b"),
    16: (c("int16_t"), c("uint16_t"), c("INT16_MIN"), "h"),
    32: (c("int32_t"), c("uint32_t"), c("INT32_MIN"), "i"),
    64: (c("int64_t"), c("uint64_t"), c("INT64_MIN"), "q"),
}


def elementary(data_type: Elementary) -> Form | None:
    """Return the form of a type without parts, None for a timer or counter of S5."""
    kind = data_type.kind
    if kind in (Kind.TIMER, Kind.COUNTER):
        return None
    if kind is Kind.BOOL:
        return Form(c("uint8_t"), 1, 1, letter="?")
    if kind is Kind.REAL:
        return Form(c("float"), 4, 4, letter="f") if data_type.bits == 32 else Form(c("double"), 8, 8, letter="d")
    signed = data_type.signed or (kind is Kind.DATE_AND_TIME and not data_type.unit)
    text, unsigned, least, letter = _WHOLE[data_type.bits]
    size = data_type.bits // 8
    if signed:
        return Form(text, size, size, letter=letter, least=least)
    return Form(unsigned, size, size, letter=letter.upper())
