"""Objects that only hold values, such as the result of a compilation: their fields are their attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringNotSupportedException


class ValueObject(NetObject):
    """The base of such a dataclass."""

    __slots__ = ()

    def GetAttribute(self, name: str) -> Any:
        """Read one attribute.

        Raises:
            EngineeringNotSupportedException: The object has no such attribute.
        """
        require_type(name, str, "name")
        if not name[:1].isupper() or name not in {each.name for each in fields(self)}:  # type: ignore[arg-type]
            msg = f"{type(self).__name__} has no attribute '{name}'."
            raise EngineeringNotSupportedException(msg, code="attribute.unknown")
        return getattr(self, name)

    def GetAttributes(self, names: Iterable[str]) -> NetList[Any]:
        """Read several attributes."""
        return NetList([self.GetAttribute(name) for name in require_type(names, NetList, "names")])
