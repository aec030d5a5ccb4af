"""The blocks of the typed program: a code block with its networks or its GRAPH body, and a data block as declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.program.graph_nodes import GraphBody
from simatic_xml.program.nodes import Statement
from simatic_xml.program.types.types import DataType, Structure, Variable

BlockKind = Literal["OB", "FB", "FC"]


@dataclass(slots=True)
class Network:
    """One network; `number` counts from 1."""

    number: int
    language: str
    body: list[Statement]


@dataclass(slots=True)
class Block:
    """A typed block.

    Attributes:
        kind: `OB`, `FB`, `FC`.
        name: without quotes.
        number: block number, None where it has none yet.
        language: language of the block.
        variables: all declared variables, in order of the sections.
        result: type of a function's result, Void for none.
        optimized: whether it has optimized access.
        iec_check: whether the IEC check is on.
        set_eno: whether ENO is set automatically.
        secondary_type: event class of an OB.
        networks: empty for GRAPH.
        graph: body of a GRAPH block.
        diagnostics: findings about it, in the order of the program.
        uses: casefolded names of the global objects that were looked up: the block depends on them.
        mentions: casefolded names of the block's own variables that its code or its declarations use.
        derived: what others found out about the body, by what it is about; it is kept as long as the block.
    """

    kind: BlockKind
    name: str
    number: int | None
    language: str
    variables: tuple[Variable, ...]
    result: DataType
    optimized: bool = True
    iec_check: bool = False
    set_eno: bool = False
    secondary_type: str = ""
    networks: list[Network] = field(default_factory=list)
    graph: GraphBody | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    uses: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    derived: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def instance(self) -> tuple[Variable, ...]:
        """The variables that an instance of the block holds."""
        return tuple(v for v in self.variables if v.section in ("Input", "Output", "InOut", "Static"))


@dataclass(slots=True)
class DataBlockDeclaration:
    """A data block as declared.

    Attributes:
        name: without quotes.
        number: block number, None where it has none yet.
        type: its structure; an `Array` for an ArrayDB.
        kind: `GlobalDB`, `InstanceDB`, `ArrayDB`, `TechnologicalInstanceDB`.
        instance_of: function block, PLC data type or system type of its structure, empty for none.
        optimized: whether it has optimized access.
        read_only: whether the program may not write it.
        starts: start values that differ from those of the type, by path (`.motor.speed`, `.list[3]`, in an ArrayDB `[3]`).
        retains: members that are retentive, by path; `("",)` for the whole block.
    """

    name: str
    number: int | None
    type: Structure | DataType
    kind: str
    instance_of: str = ""
    optimized: bool = True
    read_only: bool = False
    starts: tuple[tuple[str, str], ...] = ()
    retains: tuple[str, ...] = ()
