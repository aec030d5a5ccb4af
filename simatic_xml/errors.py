"""The one error of this package, so that every caller can show code, sentence and place in the same way."""


class SimaticMLError(ValueError):
    """Something in a SimaticML file, a JSON form or a chosen version that cannot be read or written.

    Attributes:
        code: Stable identifier for programs, e.g. ``"not-xml"``, ``"dtd"``, ``"version"``.
        message: A sentence that says what is wrong and what to do.
        line: Line in the XML text, counted from 1, where known.
        column: Column in that line, counted from 1, where known.
        pointer: JSON pointer into the JSON form, where the input was JSON.
    """

    def __init__(
        self, code: str, message: str, line: int | None = None, column: int | None = None, pointer: str | None = None
    ) -> None:
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.pointer = pointer
        super().__init__(message + self._place())

    def _place(self) -> str:
        if self.pointer is not None:
            return f" (at {self.pointer or '/'})"
        if self.line is None:
            return ""
        return f" (line {self.line})" if self.column is None else f" (line {self.line}, column {self.column})"
