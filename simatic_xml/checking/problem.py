"""One finding about a document, with its place for people and for programs."""

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of :func:`simatic_xml.check` or :func:`simatic_xml.validate`.

    Attributes:
        severity: TIA Portal refuses an ``error``; a ``warning`` is imported but is probably not meant.
        code: Stable short name of the kind of finding.
        message: A sentence that says what is wrong and what to do.
        owner: Name of the block, type or table.
        pointer: JSON pointer to the place in `simatic_xml.to_json` of the document.
        network: Network, counted from 1.
        node: Path of the node in a LAD or FBD network, ``/Parts/24``; the number is the UId.
        line: Line in the network (SCL, STL) or in the file (schema), counted from 1.
        column: Column in that line, counted from 1.
    """

    severity: Severity
    code: str
    message: str
    owner: str = ""
    pointer: str = ""
    network: int | None = None
    node: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return the finding as one line, the way compilers print it."""
        places = [
            self.owner,
            f"network {self.network}" if self.network is not None else "",
            self.node.strip("/").replace("/", " "),
            f"line {self.line}" if self.line is not None else "",
            f"column {self.column}" if self.column is not None else "",
        ]
        place = ", ".join(each for each in places if each)
        return f"{f'{place}: ' if place else ''}{self.severity} {self.code}: {self.message}"

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON data, without what has no value."""
        data = {"severity": self.severity, "code": self.code, "message": self.message, "owner": self.owner}
        place = {"network": self.network, "node": self.node or None, "line": self.line, "column": self.column}
        return data | {"pointer": self.pointer} | {key: value for key, value in place.items() if value is not None}
