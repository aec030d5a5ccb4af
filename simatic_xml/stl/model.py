"""An STL network as a list of typed statements; text, XML, compilation and execution all meet here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a call.

    Attributes:
        name: the formal parameter.
        value: operand text of the actual parameter; empty where the parameter is left open.
        section: ``Input``, ``Output``, ``InOut`` or ``Return``; empty for a parameter of an instruction.
        data_type: data type of the formal parameter; empty where the call does not repeat it.
    """

    name: str
    value: str = ""
    section: str = ""
    data_type: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template value of a called instruction, such as the data type it works on; ``kind`` is ``Type`` or else."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """The operand of CALL, UC or CC.

    Attributes:
        name: the called block or instruction; empty for a multi-instance, whose type says what is called.
        block_type: ``FB`` or ``FC`` for a block, empty for an instruction.
        instance: operand text of the instance; empty where there is none.
        parameters: parameters in the order written.
        templates: template values of an instruction in the order written.
    """

    name: str
    block_type: str
    instance: str = ""
    parameters: tuple[Parameter, ...] = ()
    templates: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of STL.

    Attributes:
        line: line in the network, counted from 1.
        mnemonic: international mnemonic, ``NOP 0`` with its number; empty for an empty line or one that only comments.
        operand: operand text as in SCL, a bare label after a jump; empty where there is none.
        call: what a calling statement calls, else None.
        label: jump label of the line; empty where there is none.
        comment: text after ``//`` with its blanks; None where there is no comment.
    """

    line: int
    mnemonic: str = ""
    operand: str = ""
    call: Call | None = None
    label: str = ""
    comment: str | None = None
