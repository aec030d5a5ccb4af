"""Statements of SCL, with recovery: a mistake costs its statement, not the rest of the block."""

from __future__ import annotations

from simatic_xml.interruption import checkpoint
from simatic_xml.scl.expressions import ExpressionParser
from simatic_xml.scl.lexer import END, NAME, NUMBER, OBJECT_ENDS, OBJECT_KEYWORDS, QUOTED, TEXT, UNKNOWN
from simatic_xml.scl.nodes import (
    Assignment,
    Branch,
    Call,
    CallStatement,
    Case,
    Choice,
    Empty,
    Expression,
    For,
    If,
    Jump,
    Label,
    Range,
    Region,
    Repeat,
    Statement,
    While,
)

_ASSIGNMENTS = frozenset((":=", "+=", "-=", "*=", "/=", "&=", "|=", "?="))
_OBJECT_EDGES = OBJECT_ENDS | OBJECT_KEYWORDS | {END}
_IF_STOPS = frozenset(("ELSIF", "ELSE", "END_IF"))
_CASE_STOPS = frozenset(("ELSE", "END_CASE"))
_NESTED_STOPS = frozenset(
    ["ELSIF", "ELSE", "END_IF", "END_CASE", "END_FOR", "END_WHILE", "UNTIL", "END_REPEAT", "END_REGION"]
)
_COMPOUND = frozenset(["IF", "CASE", "FOR", "WHILE", "REPEAT", "REGION"])
_JUMPS = frozenset(["EXIT", "CONTINUE", "RETURN", "GOTO"])
_RESYNC = _NESTED_STOPS | _OBJECT_EDGES | _COMPOUND | _JUMPS | {";"}


class StatementParser(ExpressionParser):
    """Reads statement lists."""

    def statements(self, stops: frozenset[str]) -> list[Statement]:
        """Read statements up to a token in `stops`, an end word of something outer, or the end of the object."""
        body: list[Statement] = []
        kinds = self.kinds
        ends = stops | _NESTED_STOPS | _OBJECT_EDGES if self.depth else _OBJECT_EDGES
        while kinds[self.at] not in ends:
            checkpoint()
            before = self.at
            statement = self.statement()
            if statement is not None:
                body.append(statement)
            if self.at == before:
                self.at += 1
        return body

    def statement(self) -> Statement | None:
        """Read one statement with its semicolon; None where there is none."""
        kind = self.kinds[self.at]
        if kind in _COMPOUND:
            return self._compound(kind)
        if kind in _JUMPS:
            return self._jump(kind)
        if kind == ";":
            self.at += 1
            return Empty(self.at - 1, self.at)
        if kind == NAME and self.kinds[self.at + 1] == ":":
            return self._label()
        if kind == "{":
            self._pragma()
            return None
        if kind in _NESTED_STOPS or kind == UNKNOWN:
            self.report("unexpected", f"{self.describe_token()} does not belong here.")
            self.at += 1
            return None
        return self._simple()

    def _compound(self, kind: str) -> Statement | None:
        """Read a statement that contains others."""
        if self.too_deep():
            self._recover()
            return None
        self.depth += 1
        try:
            return self._COMPOUND_READERS[kind](self)
        finally:
            self.depth -= 1

    def _simple(self) -> Statement | None:
        """Read an assignment or a call."""
        first = self.at
        kind = self.kinds[first]
        target = self.operand()
        if self.kinds[self.at] in _ASSIGNMENTS:
            return self._assignment(first, target)
        if isinstance(target, Call):
            self._semicolon()
            return CallStatement(first, self.at, target)
        if self.at > first and kind != "(":
            self.report("assignment-missing", f"':=' or a call is missing; found {self.describe_token()}.")
        self._recover()
        return None

    def _assignment(self, first: int, target: Expression) -> Statement:
        """Read the assigned value, also through several targets."""
        targets: list[Expression] = []
        operators: list[str] = []
        value = target
        while (operator := self.kinds[self.at]) in _ASSIGNMENTS:
            self.at += 1
            targets.append(value)
            operators.append(operator)
            value = self._read_value()
        self._semicolon()
        return Assignment(first, self.at, targets, operators, value)

    def _read_value(self) -> Expression:
        """Read a value."""
        return self.expression()

    def _semicolon(self) -> None:
        """Take the semicolon of a statement; if it is missing, report it and skip to the next possible start."""
        if self.kinds[self.at] == ";":
            self.at += 1
            return
        self.report("semicolon-missing", f"';' is missing before {self.describe_token()}.", at=self.at)
        self._recover()

    def _recover(self) -> None:
        """Skip to the end of the statement, or to a word that starts or ends another one."""
        line = self._line(self.at)
        while self.kinds[self.at] not in _RESYNC:
            starts_new = self.at and self._line(self.at) != line and self.kinds[self.at + 1 : self.at + 2] == [":="]
            if starts_new:
                return
            self.at += 1
        self.accept(";")

    def _line(self, index: int) -> int:
        return self.tokens.place(self.tokens.starts[index])[0]

    def _end(self, word: str) -> None:
        """Take the end word of a compound statement and the semicolon after it."""
        if self.expect(word, "at the end of the statement") and not self.accept(";"):
            self.report("semicolon-missing", f"';' is missing after '{word}'.", at=self.at - 1)

    def _if(self) -> Statement:
        first = self.at
        branches: list[Branch] = []
        while not branches or self.kinds[self.at] == "ELSIF":
            branch_first = self.at
            self.at += 1
            condition = self.expression()
            self.expect("THEN", "after the condition")
            body = self.statements(_IF_STOPS)
            branches.append(Branch(branch_first, self.at, condition, body))
        otherwise = self.statements(_IF_STOPS) if self.accept("ELSE") else None
        self._end("END_IF")
        return If(first, self.at, branches, otherwise)

    def _case(self) -> Statement:
        first = self.at
        self.at += 1
        selector = self.expression()
        self.expect("OF", "after the selector of CASE")
        choices: list[Choice] = []
        while self.kinds[self.at] not in _CASE_STOPS and self.kinds[self.at] not in _NESTED_STOPS | _OBJECT_EDGES:
            before = self.at
            choices.append(self._choice())
            if self.at == before:
                self.at += 1
        otherwise = None
        if self.accept("ELSE"):
            self.accept(":")
            otherwise = self.statements(_CASE_STOPS)
        self._end("END_CASE")
        return Case(first, self.at, selector, choices, otherwise)

    def _choice(self) -> Choice:
        """Read the labels of one CASE branch and the statements up to the next label."""
        first = self.at
        labels = [self._case_label()]
        while self.accept(","):
            labels.append(self._case_label())
        self.expect(":", "after the CASE label")
        body: list[Statement] = []
        while self.kinds[self.at] not in _NESTED_STOPS | _OBJECT_EDGES and not self._at_case_label():
            before = self.at
            statement = self.statement()
            if statement is not None:
                body.append(statement)
            if self.at == before:
                self.at += 1
        return Choice(first, self.at, labels, body)

    def _case_label(self) -> Expression | Range:
        first = self.at
        low = self.expression()
        if not self.accept(".."):
            return low
        high = self.expression()
        return Range(first, self.at, low, high)

    def _at_case_label(self) -> bool:
        """Return whether the current token starts a label: a `:` comes before anything that only a statement has."""
        kinds, index = self.kinds, self.at
        if kinds[index] == NAME and kinds[index + 1] == ":":
            return True
        while kinds[index] in _LABEL_TOKENS:
            index += 1
        return index > self.at and kinds[index] == ":"

    def _for(self) -> Statement:
        first = self.at
        self.at += 1
        variable = self.variable() if self.kinds[self.at] in _VARIABLE_STARTS else self.missing()
        self.expect(":=", "after the variable of FOR")
        start = self.expression()
        self.expect("TO", "after the start of FOR")
        limit = self.expression()
        step = self.expression() if self.accept("BY") else None
        self.expect("DO", "in front of the statements of FOR")
        body = self.statements(frozenset(("END_FOR",)))
        self._end("END_FOR")
        return For(first, self.at, variable, start, limit, step, body)

    def _while(self) -> Statement:
        first = self.at
        self.at += 1
        condition = self.expression()
        self.expect("DO", "in front of the statements of WHILE")
        body = self.statements(frozenset(("END_WHILE",)))
        self._end("END_WHILE")
        return While(first, self.at, condition, body)

    def _repeat(self) -> Statement:
        first = self.at
        self.at += 1
        body = self.statements(frozenset(("UNTIL",)))
        self.expect("UNTIL", "after the statements of REPEAT")
        condition = self.expression()
        self.accept(";")
        self._end("END_REPEAT")
        return Repeat(first, self.at, body, condition)

    def _region(self) -> Statement:
        first = self.at
        self.at += 1
        name = self.text(self.at) if self.accept(TEXT) else ""
        name = self.text(self.at - 1) if name else ""
        body = self.statements(frozenset(("END_REGION",)))
        if self.expect("END_REGION", "at the end of the region"):
            self.accept(TEXT)
            self.accept(";")
        return Region(first, self.at, name, body)

    def _jump(self, kind: str) -> Statement:
        first = self.at
        self.at += 1
        label = ""
        if kind == "GOTO":
            if self.kinds[self.at] in (NAME, NUMBER, QUOTED):
                label = self.text(self.at)
                self.at += 1
            else:
                self.report("label-missing", f"The label after GOTO is missing; found {self.describe_token()}.")
        value = self.expression() if kind == "RETURN" and self.kinds[self.at] not in _RESYNC else None
        self._semicolon()
        return Jump(first, self.at, kind, label, value)

    def _pragma(self) -> None:
        """Skip a pragma, `{ ... }`, which is for other tools."""
        while self.kinds[self.at] not in ("}", END):
            self.at += 1
        self.expect("}", "at the end of the pragma")

    def _label(self) -> Statement:
        self.at += 2
        return Label(self.at - 2, self.at, self.text(self.at - 2))

    _COMPOUND_READERS = {
        "IF": _if,
        "CASE": _case,
        "FOR": _for,
        "WHILE": _while,
        "REPEAT": _repeat,
        "REGION": _region,
    }


_LABEL_TOKENS = frozenset(("number", "typed", "string", "local", "quoted", "name", "-", "+", "..", ",", "."))
_VARIABLE_STARTS = frozenset(("local", "quoted", "name"))
