"""Errors of a GRAPH network, worded so that the author finds the place."""

from simatic_xml.errors import SimaticMLError


class GraphError(SimaticMLError):
    """A GRAPH network that cannot be read or built.

    Attributes:
        code: always ``"graph"``.
        message: a sentence that says what is wrong and what to do.
        pointer: RFC 6901 JSON pointer into the given data; None where the error is in the XML.
    """

    def __init__(self, message: str, pointer: str | None = None) -> None:
        super().__init__("graph", message, pointer=pointer)


class UnreadableFlowError(Exception):
    """The connections of a sequence are no series and branches; they are listed one by one then."""
