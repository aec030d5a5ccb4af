"""Errors of a network, worded so that the author finds the place."""

from dataclasses import dataclass
from typing import Literal

from simatic_xml.errors import SimaticMLError


class FlgNetError(SimaticMLError):
    """A network that cannot be read or built.

    Attributes:
        code: stable short name of the kind of error, for programs.
        message: a sentence that says what is wrong and what to do.
        pointer: RFC 6901 JSON pointer into the given data; empty for the whole network.
    """

    def __init__(self, code: str, message: str, pointer: str = "") -> None:
        super().__init__(code, message, pointer=pointer)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of :func:`simatic_xml.flgnet.check`.

    Attributes:
        code: stable short name of the kind of finding.
        message: a sentence that says what is wrong and what to do.
        pointer: path of the offending node, as ``/Parts/24`` or ``/Wires/31`` (the number is the UId).
        severity: TIA Portal refuses an ``error``; a ``warning`` is imported but is probably not meant.
    """

    code: str
    message: str
    pointer: str
    severity: Literal["error", "warning"]
