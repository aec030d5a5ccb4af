"""Findings of the SCL front end about a source: one value type and its codes.

A finding never stops the parser: it recovers and continues, so that one run reports every mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simatic_xml.errors import SimaticMLError


class Severity(StrEnum):
    """The severity of a finding: an error makes the object unusable, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding with its place; lines and columns count from 1, the end is exclusive."""

    severity: Severity
    code: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    hint: str = ""

    def __str__(self) -> str:
        """Return the finding as one line, the way compilers print it."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.line}:{self.column}: {self.severity} {self.code}: {self.message}{hint}"


class SclError(SimaticMLError):
    """SCL text or a StructuredText element that cannot be converted.

    Attributes:
        diagnostics: the findings that name the reasons, with their places.
    """

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = (), line: int | None = None) -> None:
        """Keep the message and the findings after it; the first finding gives the place."""
        column = diagnostics[0].column if diagnostics else None
        super().__init__("scl", message, diagnostics[0].line if diagnostics else line, column)
        self.diagnostics = diagnostics
