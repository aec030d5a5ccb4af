"""The small objects that describe a device item, and those that it offers.

Facts: docs/facts/openness-hardware.md#devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetFlags
from fake_openness.core.compile_messages import _Finding
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.files.stored import _Stored
from fake_openness.hardware.articles import Article
from fake_plcsim.controller import Controller

S = TypeVar("S", bound="_Software")


class _Software(_Stored):
    """The software of a CPU or a panel; higher layers make it."""

    _name: str

    def _findings(self) -> list[_Finding]:
        """Return the findings of a compilation, with paths below the software."""
        raise NotImplementedError

    def _load(self) -> None:
        """Read the software from the project's files."""
        raise NotImplementedError

    def _save(self) -> None:
        """Write the changes to the project's files."""
        raise NotImplementedError

    def _delete_files(self) -> None:
        """Delete the files of the software; undone with the transaction."""
        raise NotImplementedError


class _Configuration(EngineeringObject):
    """A way to a CPU that a client can choose; higher layers make it."""

    def _controller(self) -> Controller | None:
        """Return the virtual controller that is reached."""
        raise NotImplementedError


class DeviceItemClassifications(NetFlags):
    """Whether an item is the head of its station."""

    None_ = 0
    CPU = 1
    HM = 2


@dataclass(frozen=True, slots=True)
class PlugLocation(NetObject):
    """A free slot."""

    Label: str
    PositionNumber: int


class HwIdentifier(EngineeringObject):
    """The hardware identifier that instructions use to name an item."""

    def __init__(self, item: EngineeringObject, number: int) -> None:
        """Hold the number."""
        super().__init__(item)
        self._number = number

    @property
    def Identifier(self) -> int:
        """The number."""
        return self._number


class HwIdentifierComposition(Composition[HwIdentifier]):
    """The hardware identifiers of an item: none or one."""


class SoftwareContainer(EngineeringObject, Generic[S]):
    """The service of a CPU or of a panel's runtime through which its software is reached."""

    def __init__(self, item: EngineeringObject, software: S) -> None:
        """Hold the software."""
        super().__init__(item)
        self._software = software

    @property
    def Software(self) -> S:
        """The program of the CPU, or what the panel shows."""
        return self._software

    def _children(self) -> list[EngineeringObject]:
        return [self._software]


def catalog_attributes(article: Article | None) -> dict[str, Any]:
    """Return the attributes that a module has because it is in the catalogue; built-in items have none."""
    if article is None:
        return {}
    found = {"OrderNumber": article.order_number, "TypeName": article.type_name, "Author": "", "Comment": ""}
    return found | ({"FirmwareVersion": article.version} if article.version else {})
