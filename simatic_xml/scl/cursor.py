"""The common part of all parsers of SCL: where they are, what they expect, and how they report and recover."""

from __future__ import annotations

from simatic_xml import limits
from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.lexer import END, Tokens


class Cursor:
    """A position in the tokens of one source, with the findings so far."""

    def __init__(self, tokens: Tokens) -> None:
        """Start at the first token."""
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.at = 0
        self.depth = 0
        self.diagnostics: list[Diagnostic] = []
        self.left_out = 0
        self._deepest, self._most_findings = limits.most("source_nesting"), limits.most("findings")
        self._reported_at = -1

    def text(self, index: int) -> str:
        """Return the text of a token."""
        tokens = self.tokens
        return tokens.source[tokens.starts[index] : tokens.ends[index]]

    def accept(self, kind: str) -> bool:
        """Take the token if it is of this kind."""
        if self.kinds[self.at] == kind:
            self.at += 1
            return True
        return False

    def expect(self, kind: str, purpose: str) -> bool:
        """Take the token if it is of this kind, else report that it is missing."""
        if self.kinds[self.at] == kind:
            self.at += 1
            return True
        self.report("expected", f"'{kind}' is missing {purpose}; found {self.describe_token()}.")
        return False

    def describe_token(self) -> str:
        """Return how a message names the current token."""
        if self.kinds[self.at] == END:
            return "the end of the source"
        return f"'{self.text(self.at)[:40]}'"

    def report(self, code: str, message: str, hint: str = "", *, at: int = -1) -> None:
        """Add an error at a token (by default the current one), once for each place."""
        index = self.at if at < 0 else at
        if index == self._reported_at:
            return
        self._reported_at = index
        self.add(Severity.ERROR, code, message, hint, index)

    def add(self, severity: Severity, code: str, message: str, hint: str, index: int) -> None:
        """Add a finding at a token."""
        if len(self.diagnostics) >= self._most_findings:
            self.left_out += 1
            return
        place = self.tokens.place
        line, column = place(self.tokens.starts[index])
        end_line, end_column = place(self.tokens.ends[index])
        self.diagnostics.append(Diagnostic(severity, code, message, line, column, end_line, end_column, hint))

    def too_deep(self) -> bool:
        """Report and return whether the nesting has reached the limit."""
        if self.depth < self._deepest:
            return False
        self.report("too-deep", f"The nesting is deeper than {self._deepest} levels.", "Split the block.")
        return True
