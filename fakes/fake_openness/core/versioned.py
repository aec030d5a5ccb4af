"""Objects with members that exist or can be set only from a TIA version on.

Facts: docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from fake_dotnet.lists import NetList
from fake_openness.core.errors import EngineeringNotSupportedException
from fake_openness.core.objects import EngineeringAttributeAccessMode, EngineeringAttributeInfo, EngineeringObject


class _VersionedObject(EngineeringObject):
    """An object that differs between TIA versions.

    Attributes:
        _WRITABLE_FROM: Member to the TIA version from which it can be set.
    """

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {}

    def _can_set(self, member: str) -> bool:
        return self._context.version.has(self._WRITABLE_FROM.get(member, "0"))

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse a member that this version only reads."""
        if name[0].isupper() and not self._can_set(name):
            msg = f"{type(self).__name__}.{name} cannot be set in TIA Portal {self._context.version.engineering}."
            raise AttributeError(msg)
        super().__setattr__(name, value)

    def GetAttributeInfos(self) -> NetList[EngineeringAttributeInfo]:
        """List the attributes that this object has in this version."""
        read = EngineeringAttributeAccessMode.Read
        infos = [
            info if self._can_set(info.Name) else replace(info, AccessMode=read)
            for info in super().GetAttributeInfos()
            if self._exists(info.Name)
        ]
        return NetList(infos)

    def GetAttribute(self, name: str) -> Any:
        """Read one attribute.

        Raises:
            EngineeringNotSupportedException: This version's object has no such attribute.
        """
        if not self._exists(name):
            raise self._no_attribute(name)
        return super().GetAttribute(name)

    def SetAttribute(self, name: str, value: Any) -> None:
        """Write one attribute.

        Raises:
            EngineeringNotSupportedException: No such attribute, or it is read-only in this version.
        """
        if not self._exists(name):
            raise self._no_attribute(name)
        if not self._can_set(name):
            msg = f"The attribute '{name}' is read-only in TIA Portal {self._context.version.engineering}."
            raise EngineeringNotSupportedException(msg, code="attribute.read_only")
        super().SetAttribute(name, value)
