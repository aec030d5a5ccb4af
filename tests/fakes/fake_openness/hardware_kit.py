"""A simulated portal with an empty project, and shortcuts to what hardware tests look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fake_openness import Installation, install

CPU_1511 = "OrderNumber:6ES7 511-1AK02-0AB0/V2.8"
CPU_1513 = "OrderNumber:6ES7 513-1AL02-0AB0/V2.9"
CPU_1516 = "OrderNumber:6ES7 516-3AN01-0AB0/V2.8"
CPU_1214 = "OrderNumber:6ES7 214-1AG40-0XB0/V4.4"
CPU_1212 = "OrderNumber:6ES7 212-1AE40-0XB0/V4.4"
CPU_1512SP = "OrderNumber:6ES7 512-1DK01-0AB0/V2.8"
CPU_315 = "OrderNumber:6ES7 315-2EH14-0AB0/V3.2"
IM_PN_ST = "OrderNumber:6ES7 155-6AU01-0BN0/V4.1"
DI_16_1500 = "OrderNumber:6ES7 521-1BH00-0AB0/V2.1"
DQ_16_1500 = "OrderNumber:6ES7 522-1BH00-0AB0/V2.0"
DI_8_SP = "OrderNumber:6ES7 131-6BF01-0BA0/V0.0"
SM_1221 = "OrderNumber:6ES7 221-1BF32-0XB0/V2.0"
COMFORT_PANEL = "OrderNumber:6AV2 124-0GC01-0AX0/15.1.0.0"
SCALANCE = "OrderNumber:6GK5 208-0BA10-2AA3"


@dataclass(slots=True)
class Kit:
    """A portal, its types and an open project."""

    installation: Installation
    portal: Any
    project: Any
    folder: Path

    @classmethod
    def new(cls, folder: Path, version: str = "20") -> Kit:
        """Start a portal of a version with a new project below a folder."""
        installation = install(version)
        portal = installation.types["TiaPortal"]()
        project = portal.Projects.Create(installation.types["DirectoryInfo"](str(folder)), "Line")
        return cls(installation, portal, project, folder)

    def type(self, name: str) -> Any:
        """A type by its .NET name."""
        return self.installation.types[name]

    def file(self, name: str) -> Any:
        """A FileInfo in the kit's folder."""
        return self.type("FileInfo")(str(self.folder / name))

    def service(self, obj: Any, name: str) -> Any:
        """A service of an object, or None."""
        return obj.GetService[self.type(name)]()

    def interface(self, device: Any, number: int = 0) -> Any:
        """A network interface of a device."""
        found = (self.service(item, "NetworkInterface") for item in items(device))
        return [each for each in found if each is not None][number]

    def node(self, device: Any, number: int = 0) -> Any:
        """The node of a network interface."""
        return self.interface(device, number).Nodes[0]

    def reopen(self) -> None:
        """Save, close and open the project."""
        path = self.project.Path
        self.project.Save()
        self.project.Close()
        self.project = self.portal.Projects.Open(path)

    def cpu(self, type_identifier: str = CPU_1511, name: str = "PLC_1", device: str | None = None) -> Any:
        """Create a device outside of groups."""
        return self.project.Devices.CreateWithItem(type_identifier, name, device)

    def undone(self, work: Callable[[], object]) -> None:
        """Do something in a transaction that is not committed."""
        with self.portal.ExclusiveAccess("test") as access, access.Transaction(self.project, "test"):
            work()


def items(owner: Any) -> Iterator[Any]:
    """All device items below a device or item."""
    for item in owner.DeviceItems:
        yield item
        yield from items(item)


def rack(device: Any) -> Any:
    """The rack of a device."""
    return next(iter(device.Items))


def named(owner: Any, name: str) -> Any:
    """The item of a name below a device or item."""
    return next(item for item in items(owner) if item.Name == name)


def tree(project: Any) -> list[tuple[Any, ...]]:
    """What can be seen of a project's hardware, to compare before and after."""
    seen: list[tuple[Any, ...]] = []
    for device in project._hardware.every_device():
        seen.append((device.Name, device.TypeIdentifier, device.GetAttribute("Comment")))
        seen += [
            (item.Name, item.TypeIdentifier, item.PositionNumber, item.Container.Name, _addresses(item), _network(item))
            for item in items(device)
        ]
    seen += [(net.Name, net.TypeIdentifier, net.Nodes.Count) for net in project.Subnets]
    return seen


def _addresses(item: Any) -> list[tuple[str, int, int]]:
    return [(address.IoType.name, address.StartAddress, address.Length) for address in item.Addresses]


def _network(item: Any) -> list[Any]:
    if item._interface is None:
        return []
    node = item._interface._node
    system = [connector.ConnectedToIoSystem for connector in item._interface.IoConnectors]
    return [
        list(node.GetAttributes(_names(node))),
        node.ConnectedSubnet.Name if node.ConnectedSubnet else None,
        [(found.Name, found.Number) for found in system if found is not None],
        item._interface.InterfaceOperatingMode.name,
    ]


def _names(node: Any) -> Any:
    from fake_dotnet.lists import NetList

    return NetList([info.Name for info in node.GetAttributeInfos() if info.Name in node._dynamic])


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    """A V20 portal with an empty project."""
    made = Kit.new(tmp_path)
    yield made
    made.portal.Dispose()
