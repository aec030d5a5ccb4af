"""Expressions and statements of the typed program, the one intermediate form of SCL, LAD, FBD, STL and GRAPH.

Names are resolved, every expression has a type, and every conversion is a separate node. Diagnostics, cross references,
the call structure and execution read this form; none of them reads a language again.

LAD and FBD become statements on wires (`Wire`); STL stays a list of operations of the accumulator machine
(`StlOperation`) with resolved operands. `typed_blocks` has the blocks and their networks, `graph_nodes` the body of a
GRAPH block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import BOOL, Array, DataType, Variable

Value = bool | int | float | str
"""A constant's value. Durations, dates and times are counts of their type's unit; S5TIME is its BCD word; DATE_AND_TIME
and DTL literals are their text. REAL is rounded to 32 bits."""

Area = Literal["I", "Q", "M", "L", "DB", "DI", "T", "C", "FC", "FB"]


# Expressions ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Constant:
    """A constant.

    Attributes:
        symbol: its name where it has one.
        scope: whose name that is.
        fixed: whether its type was written (`DINT#5`) or declared; the type of a plain `5` adapts to its use.
    """

    value: Value
    type: DataType
    place: Place
    symbol: str = ""
    scope: Literal["", "local", "global"] = ""
    fixed: bool = False


@dataclass(slots=True)
class Local:
    """A variable of the block itself: parameter, static, temporary variable, or the result of a function (`Return`)."""

    variable: Variable
    place: Place

    @property
    def type(self) -> DataType:
        """Type of the variable."""
        return self.variable.type


@dataclass(slots=True)
class TagOperand:
    """A PLC tag; `peripheral` for `"tag":P`."""

    name: str
    address: str
    type: DataType
    place: Place
    peripheral: bool = False


@dataclass(slots=True)
class DataBlock:
    """A data block as a whole, the root of `"DB".member`; its type is the structure of its members.

    An ArrayDB has an `Array` as its type.
    """

    name: str
    type: DataType
    place: Place


@dataclass(slots=True)
class Absolute:
    """An absolute operand such as `%MW10`, `%DB1.DBX0.0`, `%I0.0:P`, `T5`.

    Attributes:
        area: memory area.
        bits: width of the access: 1, 8, 16, 32 or 64.
        byte: number of the byte (of the timer or counter).
        bit: number of the bit, 0 where `bits` is not 1.
        block: number of the data block, None for another area or a partly qualified access (`DBW 2`).
        peripheral: whether it goes past the process image.
    """

    area: Area
    bits: int
    byte: int
    bit: int
    type: DataType
    place: Place
    block: int | None = None
    peripheral: bool = False


@dataclass(slots=True)
class Field:
    """The member of a structure: `base.name`."""

    base: Expression
    member: Variable
    place: Place

    @property
    def type(self) -> DataType:
        """Type of the member."""
        return self.member.type


@dataclass(slots=True)
class Element:
    """The element of an array: `base[indices]`; one index for each dimension, converted to DInt (or wider).

    With fewer indices it is a row: an array of the remaining dimensions.
    """

    base: Expression
    indices: tuple[Expression, ...]
    type: DataType
    place: Place

    @property
    def is_row(self) -> bool:
        """Whether it is a row."""
        return isinstance(self.base.type, Array) and len(self.indices) < len(self.base.type.bounds)


@dataclass(slots=True)
class Slice:
    """Part of a bit string: `base.%X3`; `bits` is 1, 8, 16 or 32 and `number` counts parts of that width from the lowest."""

    base: Expression
    bits: int
    number: int
    type: DataType
    place: Place


@dataclass(slots=True)
class Dereference:
    """The target of a reference: `base^`."""

    base: Expression
    type: DataType
    place: Place


@dataclass(slots=True)
class Overlay:
    """Absolute access inside a variable: `#any.%DBW2` (AbsoluteOffset); `byte` and `bit` count from its beginning."""

    base: Expression
    bits: int
    byte: int
    bit: int
    type: DataType
    place: Place


@dataclass(slots=True)
class Indirect:
    """Indirect STL operand: a width and area, and where the address comes from.

    Attributes:
        area: memory area, None for area-crossing access.
        bits: width of the access.
        register: `AR1` or `AR2`, empty for memory-indirect access.
        offset: offset to the register in bits.
        pointer: for memory-indirect access the operand that holds the address.
    """

    area: Area | None
    bits: int
    type: DataType
    place: Place
    register: Literal["", "AR1", "AR2"] = ""
    offset: int = 0
    pointer: Expression | None = None


@dataclass(slots=True)
class StatusBit:
    """A bit of the status word as STL names it (`OV`, `OS`, `BR`, `UO`, `==0`, `>=0`), type Bool, or `STW`, type Word."""

    name: str
    type: DataType
    place: Place


@dataclass(slots=True)
class Wire:
    """The value of a wire of a LAD or FBD network; `number` is unique in the block. Written once, before it is read."""

    number: int
    type: DataType
    place: Place


@dataclass(slots=True)
class Eno:
    """The block's own ENO."""

    place: Place
    type: DataType = BOOL


@dataclass(slots=True)
class Outcome:
    """The result of a GRAPH condition, written by its network (coils TrCoil, IlCoil, SvCoil)."""

    place: Place
    type: DataType = BOOL


@dataclass(slots=True)
class Returned:
    """The value that a parameter of a call gives back, inside `Argument.store` only."""

    type: DataType
    place: Place


@dataclass(slots=True)
class Convert:
    """A conversion of `operand` to `type`.

    Attributes:
        implicit: inserted by the compiler; else the user wrote it.
        function: name of the instruction as written (`INT_TO_REAL`, `CONV`, `ROUND`), empty when implicit.
        lossy: whether a value of the source type may not fit.
    """

    operand: Expression
    type: DataType
    place: Place
    implicit: bool = True
    function: str = ""
    lossy: bool = False


@dataclass(slots=True)
class Unary:
    """`NOT x` (type Bool or a bit string) or `-x`."""

    operator: Literal["NOT", "-"]
    operand: Expression
    type: DataType
    place: Place


@dataclass(slots=True)
class Binary:
    """Two operands of equal type (`**`, times and shifts aside) and the operator between them.

    The operator is one of `+ - * / MOD ** AND OR XOR = <> < <= > >=`; both sides are always evaluated. Comparisons have
    the type Bool.
    """

    operator: str
    left: Expression
    right: Expression
    type: DataType
    place: Place


@dataclass(slots=True)
class Argument:
    """One parameter of a call.

    Attributes:
        name: formal parameter.
        direction: `Input`, `Output`, `InOut`.
        type: formal type.
        value: for Input the converted value; for InOut the operand itself; for Output the target.
        store: for Output the value written to the target: `Returned`, or a conversion of it.
    """

    name: str
    direction: Literal["Input", "Output", "InOut"]
    type: DataType
    value: Expression
    store: Expression | None = None


@dataclass(slots=True)
class BlockCall:
    """Call of a user block.

    Attributes:
        callee: name of the function or function block.
        kind: which.
        instance: for FB the instance (`DataBlock`, or a `Local`, `Field`, `Element` of type fb), None for FC.
        arguments: parameters that the call gives, in the order of the interface.
        type: type of the result; Void for FB.
        eno: where ENO of the call goes (a wire, or an operand for `ENO => x`), None where it goes nowhere.
    """

    callee: str
    kind: Literal["FC", "FB"]
    instance: Expression | None
    arguments: tuple[Argument, ...]
    type: DataType
    place: Place
    eno: Expression | None = None


@dataclass(slots=True)
class InstructionCall:
    """Call of an instruction of the catalogue.

    Attributes:
        name: name in the catalogue (`TON`, `LIMIT`, `MOVE_BLK`, `P_TRIG`).
        instance: instance of an instruction with memory, None for the others.
        arguments: parameters, in the order of the catalogue.
        types: the data types chosen for its type variables, by variable (`{"T": Int}`).
        type: type of the result; Void without one.
        eno: where ENO goes, None where it goes nowhere.
    """

    name: str
    instance: Expression | None
    arguments: tuple[Argument, ...]
    types: dict[str, DataType]
    type: DataType
    place: Place
    eno: Expression | None = None


@dataclass(slots=True)
class Broken:
    """An expression with an error; the reason has been reported."""

    type: DataType
    place: Place


Expression = (
    Constant
    | Local
    | TagOperand
    | DataBlock
    | Absolute
    | Field
    | Element
    | Slice
    | Dereference
    | Overlay
    | Indirect
    | StatusBit
    | Wire
    | Eno
    | Outcome
    | Returned
    | Convert
    | Unary
    | Binary
    | BlockCall
    | InstructionCall
    | Broken
)


# Statements ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Assign:
    """`target := value`; both have the same type. Structures and arrays are copied whole."""

    target: Expression
    value: Expression
    place: Place


@dataclass(slots=True)
class Evaluate:
    """A call as a statement; its result is dropped."""

    call: BlockCall | InstructionCall | Broken
    place: Place


@dataclass(slots=True)
class Branch:
    """A condition and the statements to run when it is the first that holds."""

    condition: Expression
    body: list[Statement]


@dataclass(slots=True)
class If:
    """IF with its branches; `otherwise` is None without ELSE."""

    branches: list[Branch]
    otherwise: list[Statement] | None
    place: Place


@dataclass(slots=True)
class Choice:
    """The values of one CASE branch (low and high, equal for a single one) and its statements."""

    ranges: list[tuple[Expression, Expression]]
    body: list[Statement]
    place: Place


@dataclass(slots=True)
class Case:
    """CASE; the selector is evaluated once."""

    selector: Expression
    choices: list[Choice]
    otherwise: list[Statement] | None
    place: Place


@dataclass(slots=True)
class For:
    """FOR; start, limit and step have the type of the variable and are evaluated once."""

    variable: Expression
    start: Expression
    limit: Expression
    step: Expression
    body: list[Statement]
    place: Place


@dataclass(slots=True)
class While:
    """WHILE."""

    condition: Expression
    body: list[Statement]
    place: Place


@dataclass(slots=True)
class Repeat:
    """REPEAT ... UNTIL condition."""

    body: list[Statement]
    condition: Expression
    place: Place


@dataclass(slots=True)
class Jump:
    """EXIT, CONTINUE, RETURN, or GOTO (also the jump of LAD and FBD) with its label."""

    keyword: Literal["EXIT", "CONTINUE", "RETURN", "GOTO"]
    place: Place
    label: str = ""


@dataclass(slots=True)
class Label:
    """A jump target; unique in the block, compared without regard to case."""

    name: str
    place: Place


@dataclass(slots=True)
class Region:
    """A named region of SCL."""

    name: str
    body: list[Statement]
    place: Place


@dataclass(slots=True)
class StlOperation:
    """One operation of STL.

    Attributes:
        mnemonic: international mnemonic (`A`, `L`, `+I`, `JC`, `SE`).
        operand: its operand, None for none; for CALL, UC and CC the call itself.
        target: label that a jump goes to.
    """

    mnemonic: str
    operand: Expression | None
    place: Place
    target: str = ""


Statement = Assign | Evaluate | If | Case | For | While | Repeat | Jump | Label | Region | StlOperation
