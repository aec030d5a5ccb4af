"""The network as a typed graph: what the XML says, without its spelling.

Checks, drawing and execution read this graph; the readable JSON form is lifted from it and lowered to it.
Facts: docs/facts/simaticml.md#lad-and-fbd, SimaticML exports of TIA Portal V15 to V21.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Rail:
    """The power rail as the end of a wire."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin of a part or call as the end of a wire."""

    part: int
    name: str


@dataclass(frozen=True, slots=True)
class Ident:
    """An operand as the end of a wire."""

    access: int


@dataclass(frozen=True, slots=True)
class Open:
    """A deliberately open end of a wire."""

    uid: int


End: TypeAlias = Rail | Pin | Ident | Open


@dataclass(frozen=True, slots=True)
class Template:
    """A template value of a part: ``kind`` is ``Type`` or ``Cardinality``; ``value`` None means automatically typed."""

    name: str
    kind: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a called block as the call repeats it; ``section`` is Input, Output, InOut or Return."""

    name: str
    section: str | None
    data_type: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """An operand of the network; ``text`` is written as in SCL."""

    uid: int
    text: str
    scope: str


@dataclass(frozen=True, slots=True)
class Part:
    """An instruction or a call.

    Attributes:
        uid: number that is unique in the network.
        name: name of the instruction, or of the called block.
        block_type: ``FB`` or ``FC`` for a call, None for an instruction.
        version: version of the instruction, where it has one.
        instance: operand text of the instance, where it has one.
        instance_uid: UId of the instance node.
        negated: names of the negated pins in the order written.
        templates: template values in the order written.
        parameters: parameters that a call lists.
        equation: formula of a Calculate box.
        disabled_eno: the attribute DisabledENO, None when it is not written.
    """

    uid: int
    name: str
    block_type: str | None = None
    version: str | None = None
    instance: str | None = None
    instance_uid: int | None = None
    negated: tuple[str, ...] = ()
    templates: tuple[Template, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    equation: str | None = None
    disabled_eno: bool | None = None

    @property
    def is_call(self) -> bool:
        """Whether this is the call of a user block."""
        return self.block_type is not None

    def template(self, name: str) -> str | None:
        """Return the value of the template ``name``, None when absent or automatically typed."""
        return next((t.value for t in self.templates if t.name == name), None)


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire; the first end is its source, in the order written."""

    uid: int
    ends: tuple[End, ...]

    @property
    def source(self) -> End | None:
        """The end that drives the wire, None when the wire has no end."""
        return self.ends[0] if self.ends else None


@dataclass(frozen=True, slots=True)
class Label:
    """A jump label in front of the network."""

    uid: int
    name: str


@dataclass(slots=True)
class NetworkGraph:
    """A network: operands, parts, wires and jump labels in document order."""

    accesses: list[Access] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def has_rail(self) -> bool:
        """Whether the network is connected to a power rail, as every LAD network with content is."""
        return any(isinstance(end, Rail) for wire in self.wires for end in wire.ends)

    def access(self, uid: int) -> Access:
        """Return the operand with this UId, which must exist."""
        return next(access for access in self.accesses if access.uid == uid)

    def part(self, uid: int) -> Part:
        """Return the part with this UId, which must exist."""
        return next(part for part in self.parts if part.uid == uid)

    def pins(self) -> Iterator[tuple[Wire, int, Pin]]:
        """Yield every wired pin with its wire and its position in that wire."""
        for wire in self.wires:
            for index, end in enumerate(wire.ends):
                if isinstance(end, Pin):
                    yield wire, index, end

    def operands(self) -> dict[Pin, Access]:
        """Return the operand at each pin that has one."""
        accesses = {access.uid: access for access in self.accesses}
        found: dict[Pin, Access] = {}
        for wire in self.wires:
            idents = [end for end in wire.ends if isinstance(end, Ident) and end.access in accesses]
            for pin in (end for end in wire.ends if isinstance(end, Pin) and idents):
                found[pin] = accesses[idents[0].access]
        return found
