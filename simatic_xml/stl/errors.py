"""Errors of an STL network, worded so that the author finds the line."""

from simatic_xml.errors import SimaticMLError


class StlError(SimaticMLError):
    """An STL network or text that cannot be read or written.

    Attributes:
        code: always ``"stl"``.
        message: a sentence that says what is wrong and what to do.
        line: line of the text, counted from 1, where known.
        pointer: JSON pointer to the line, where the text came as JSON.
    """

    def __init__(self, message: str, line: int | None = None, pointer: str | None = None) -> None:
        super().__init__("stl", message, line=line, pointer=pointer)
