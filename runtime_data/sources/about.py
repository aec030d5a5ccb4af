"""What a source may say of its CPU beyond values, for the overview of all CPUs. A source implements what it can."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

import msgspec


class CpuAbout(msgspec.Struct, rename="camel", frozen=True):
    """What a CPU says of itself. What it does not say is empty.

    Attributes:
        order_number: Such as 6ES7 511-1AK02-0AB0.
        firmware: Such as 2.9.4.
        checksum: Of the program that it executes; equal ones mean equal programs.
        no_checksum: Why there is none, as a sentence.
        certificate_expires: When the certificate of its connection ends, RFC 3339 in UTC.
        no_backup: Why the source makes no backup, as a sentence; empty where it makes one (BackingUp).
    """

    order_number: str = ""
    firmware: str = ""
    checksum: str = ""
    no_checksum: str = ""
    certificate_expires: str = ""
    no_backup: str = ""


@runtime_checkable
class Cpu(Protocol):
    """A source that is a CPU. Any thread but the event loop's."""

    def about(self) -> CpuAbout:
        """Return what the CPU says of itself.

        Raises:
            Problem: It cannot be reached.
        """


@runtime_checkable
class BackingUp(Protocol):
    """A source whose CPU can be backed up. Any thread but the event loop's."""

    def back_up(self, file: Path) -> None:
        """Write a backup to a new file.

        Raises:
            Problem: It cannot be made now.
        """
