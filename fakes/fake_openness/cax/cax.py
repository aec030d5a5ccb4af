"""CaxProvider: export and import of hardware as AutomationML.

Facts: docs/facts/openness-hardware.md#cax; docs/facts/openness.md#exclusive-access-and-transactions (CAx import).
"""

from __future__ import annotations

from pathlib import Path

from fake_dotnet.system import FileInfo, NetEnum, absolute, require_type
from fake_openness.cax.cax_export import document
from fake_openness.cax.cax_import import read
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware.devices import Device
from fake_openness.hardware.hardware import Hardware


class CaxImportOptions(NetEnum):
    """What an import does with a device whose name the project has already."""

    MoveToParkingLot = 0
    OverwriteTiaDevice = 1
    RetainTiaDevice = 2


class CaxProvider(EngineeringObject):
    """The project's service for AutomationML."""

    def __init__(self, hardware: Hardware) -> None:
        """Serve one project."""
        super().__init__(hardware.project)
        self._hardware = hardware

    def Export(self, source: EngineeringObject, file: FileInfo, log: FileInfo | None = None) -> bool:
        """Write a device or the whole project.

        Raises:
            TypeError: The source is neither.
            EngineeringTargetInvocationException: The target exists.
        """
        if source is not self._hardware.project and not isinstance(source, Device):
            msg = f"No method matches given arguments: source must be Project or Device, not {type(source).__name__}"
            raise TypeError(msg)
        target = absolute(file, FileInfo, "exportFile")
        log_file = absolute(log, FileInfo, "logFile") if log is not None else None
        if target.exists():
            msg = f"'{target}' exists already: choose another file or delete it first."
            raise EngineeringTargetInvocationException(msg, code="export.exists")
        devices = [source] if isinstance(source, Device) else list(self._hardware.every_device())
        content = document(self._hardware, devices, target.name)
        _write(target, content)
        if log_file is not None:
            _write(log_file, "".join(f"Exported: {device._name}\n" for device in devices).encode())
        return True

    def Import(self, importFilePath: FileInfo, logFilePath: FileInfo, importOption: CaxImportOptions) -> bool:
        """Import devices from a file; the log names the result for each.

        Returns:
            Whether everything in the file was imported.

        Raises:
            EngineeringTargetInvocationException: Inside exclusive access, or the file is not there or not AutomationML.
        """
        source, log_file = absolute(importFilePath, FileInfo, "importFile"), absolute(logFilePath, FileInfo, "logFile")
        require_type(importOption, CaxImportOptions, "importOptions")
        self._refuse_in_exclusive_access()
        done = read(self._hardware, source, importOption.name)
        _write(log_file, "".join(f"{line}\n" for line in done.lines).encode())
        return not done.errors

    def _refuse_in_exclusive_access(self) -> None:
        if self._hardware.in_exclusive_access():
            msg = "A CAx import is not possible inside exclusive access: end it first."
            raise EngineeringTargetInvocationException(msg, code="cax.exclusive_access")


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        msg = f"'{target}' cannot be written: {error.strerror}."
        raise EngineeringTargetInvocationException(msg, code="export.not_written") from error
