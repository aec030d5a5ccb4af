"""Findings about a program: one finding, one place, one table of codes.

Every language reports through these. The codes are the keys of `CODES`; docs/diagnostics.md explains each with an
example, and a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

from simatic_xml.scl.diagnostics import Severity

__all__ = ["NOT_REPORTED_BY_TIA", "Diagnostic", "Place", "Severity"]

NOT_REPORTED_BY_TIA = frozenset({"flow.unused", "flow.unreachable", "flow.endless"})
"""Codes of findings that TIA Portal's compiler is not known to report; `tia scl check` does."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a program; every part may be missing.

    Attributes:
        block: name of the block, data type or tag table.
        network: network, counted from 1.
        line: line in the network for SCL and STL (in the source, when a source is checked), counted from 1.
        column: column in that line, counted from 1.
        uid: UId of the node in a LAD, FBD, STL or SCL network.
        member: path of a declared member (`speed`, `motor.speed`).
        step: name of a GRAPH step or transition.
        end_line: line where it ends.
        end_column: column after its end.
    """

    block: str = ""
    network: int | None = None
    line: int | None = None
    column: int | None = None
    uid: int | None = None
    member: str = ""
    step: str = ""
    end_line: int | None = None
    end_column: int | None = None

    def __str__(self) -> str:
        """Return the place in the form that compilers print."""
        parts = [self.block]
        parts += [f"Network {self.network}"] if self.network is not None else []
        parts += [self.step] if self.step else []
        parts += [f"Line {self.line}" + (f", Column {self.column}" if self.column else "")] if self.line else []
        parts += [self.member] if self.member else []
        return " / ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Attributes:
        severity: an error makes the block unusable, a warning does not.
        code: stable name of the kind of finding, such as `type.implicit`.
        message: what is wrong and what to do, as one or two sentences.
        place: where.
        hint: what else helps, empty when the message says it all.
    """

    severity: Severity
    code: str
    message: str
    place: Place
    hint: str = ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.severity} {self.code}: {self.message}{hint}"
