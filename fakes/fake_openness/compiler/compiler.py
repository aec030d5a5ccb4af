"""Compiling: what is inconsistent is checked, callees first, and becomes consistent when nothing is wrong.

Facts: docs/facts/tia-operations.md#compile, docs/facts/tia-operations.md#consistency;
docs/facts/openness-program.md#compiling. Every compilation is a delta compilation, as through Openness.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fake_openness.core.compile_messages import CompilerResult, CompilerResultState, _Finding, result
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware import hardware_check

if TYPE_CHECKING:
    from fake_openness.hardware.device_items import HardwareObject
    from fake_openness.hardware.devices import Device
    from fake_openness.program.elements import _Element
    from fake_openness.program.software import PlcSoftware

Elements = Callable[[], "list[_Element]"]
BLOCKS, TYPES, HARDWARE = "Program blocks", "PLC data types", "Hardware configuration"


class ICompilable(EngineeringObject):
    """The service that compiles an object."""

    def __init__(self, owner: EngineeringObject, run: Callable[[], CompilerResult]) -> None:
        """Compile by calling `run`."""
        super().__init__(owner)
        self._run = run

    def Compile(self) -> CompilerResult:
        """Compile what is not up to date.

        Raises:
            EngineeringTargetInvocationException: A transaction is open, or the PLC is online.
        """
        self._context.refuse_in_transaction("Compiling")
        return self._run()


def software_service(owner: EngineeringObject, plc: PlcSoftware, elements: Elements) -> dict[type, Callable[[], Any]]:
    """The service of a part of a program: blocks, data types or their groups."""
    return {ICompilable: lambda: ICompilable(owner, lambda: _compiled(plc, elements()))}


def compile_software(plc: PlcSoftware) -> CompilerResult:
    """Compile a whole program."""
    return result(plc._name, software_findings(plc), plc._context.now())


def software_findings(plc: PlcSoftware) -> list[_Finding]:
    """Compile a whole program and return what there is to say, with paths below the PLC."""
    from fake_openness.compiler.compile_run import run

    return run(plc, plc._elements(), whole=True)


def _compiled(plc: PlcSoftware, elements: list[_Element]) -> CompilerResult:
    from fake_openness.compiler.compile_run import run

    return result(plc._name, run(plc, elements, whole=False), plc._context.now())


def hardware_compilable(owner: HardwareObject) -> ICompilable:
    """The service of a station, which compiles hardware and software, or of its CPU, which compiles hardware alone."""
    device = owner._device
    return ICompilable(owner, lambda: _compile_station(device, programs=owner is device))


def _compile_station(device: Device, *, programs: bool) -> CompilerResult:
    device._require_offline("Compiling")
    head = device._head()
    name = device._name if head is None else head._name
    findings = [_hardware_finding(*found) for found in hardware_check.compile_hardware(device)]
    if programs:
        for item in device._all_items():
            if item._software is not None:
                findings += software_findings(item._software._software)
            if item._runtime is not None:
                findings += item._runtime._software._findings()
    return result(name, findings, device._context.now())


def _hardware_finding(path: tuple[str, ...], text: str, state: str) -> _Finding:
    return _Finding((HARDWARE, *(path or ("",))), text, CompilerResultState[state], "hardware")
