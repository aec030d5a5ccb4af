"""One HTTP request of a client. It is apart from the catalogue, which the command line does without."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent.

    Attributes:
        body: The JSON body; empty for none.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def safe(self) -> bool:
        """Whether it may be repeated when its answer was lost."""
        return self.method == "GET"


def segment(name: str) -> str:
    """Return a name as one segment of a path: slashes are no separators, and dots no steps upwards."""
    return quote(name, safe="") if name.strip(".") else name.replace(".", "%2E")
