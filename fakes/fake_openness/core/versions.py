"""Which TIA Portal is simulated, and what its version changes in names and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering

from simatic_xml.versions import PORTALS

KNOWN = PORTALS


@total_ordering
@dataclass(frozen=True, slots=True)
class TiaVersion:
    """A TIA Portal version, compared by number.

    Attributes:
        text: The version as people write it, such as "20" or "15.1".
    """

    text: str

    @classmethod
    def of(cls, text: str) -> TiaVersion:
        """Read "20", "V20" or "15.1".

        Raises:
            ValueError: Not a known version.
        """
        plain = text.strip().upper().removeprefix("V").replace("_", ".")
        if plain not in KNOWN:
            msg = f"TIA Portal {text!r} is not known: use one of {', '.join(KNOWN)}."
            raise ValueError(msg)
        return cls(plain)

    @property
    def number(self) -> float:
        """The version as a number, for comparisons."""
        return float(self.text)

    @property
    def engineering(self) -> str:
        """The version as SimaticML writes it: V20, V15.1."""
        return f"V{self.text}"

    @property
    def suffix(self) -> str:
        """The version as file extensions have it: 20, 15_1 (V19 Openness manual, project archives)."""
        return self.text.replace(".", "_")

    def __lt__(self, other: TiaVersion) -> bool:
        """Compare by number."""
        return self.number < other.number

    def has(self, version: str) -> bool:
        """Return whether this version is at least the given one."""
        return self.number >= float(version)


def version_text(version: str) -> str:
    """Return a version as it is shown, such as 20.

    Raises:
        ValueError: There is no such version here.
    """
    return TiaVersion.of(version).text
