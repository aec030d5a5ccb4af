"""Named value data types: a base data type, and names for some of its values."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class NamedValueType:
    """A named value data type of a software unit.

    Attributes:
        name: Its name with its namespace, `Demo.Colors`.
        base: Its base data type, `Int`.
        values: The literals of its values by their names, in order.
        default: The name or literal of its default value; empty for the first value.
        published: Whether other software units can use it.
    """

    name: str
    base: str
    values: dict[str, str] = field(default_factory=dict)
    default: str = ""
    published: bool = False

    @property
    def namespace(self) -> str:
        """Its namespace, empty for none."""
        return self.name.rpartition(".")[0]

    @property
    def default_literal(self) -> str:
        """The literal of its default value; empty if it has no values."""
        named = {name.casefold(): value for name, value in self.values.items()}
        return named.get(self.default.casefold(), self.default) or next(iter(self.values.values()), "")
