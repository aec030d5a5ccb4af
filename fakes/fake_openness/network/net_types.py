"""The enums of networks.

Facts: docs/facts/openness-hardware.md#networks; numbers of the rarer members are unverified.
"""

from __future__ import annotations

from fake_dotnet.system import NetEnum, NetFlags


class NetType(NetEnum):
    """Type of a network or interface."""

    Unknown = 0
    Profibus = 1
    Mpi = 2
    Ethernet = 3
    Asi = 4
    Ptp = 5
    Link = 6
    PcInternal = 7
    ProfibusIntegrated = 8
    Wan = 9
    ProfidriveIntegrated = 10


class InterfaceOperatingModes(NetFlags):
    """The part that an interface plays in IO systems."""

    None_ = 0
    IoController = 1
    IoDevice = 2
    IoControllerAndIoDevice = 3


class IpProtocolSelection(NetEnum):
    """Where a node gets its IP address from."""

    None_ = -1
    Project = 0
    Dhcp = 1
    UserProgram = 2
    OtherPath = 3
    ViaIoController = 4
