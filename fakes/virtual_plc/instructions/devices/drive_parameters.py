"""SinaPara and SinaParaS: parameters of a SINAMICS drive by data record 47.

A write first reads the format, then writes the value of ValueWrite2 (sdValue) for double words and double integers, else of
ValueWrite1 (srValue). A job takes three calls. Facts: docs/facts/drives.md#sinaparas.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.devices.records import exchange_records
from virtual_plc.instructions.jobs import Phase, advance, keep_inputs
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.memory.views import ArrayView
from virtual_plc.surroundings.drives.parameters import CHANGE, DOUBLES, READ, RECORD, Format, request, results

TELEGRAM, WRONG_NUMBER, COMMUNICATION, CANCELLED, UNKNOWN_FORMAT = 1, 2, 3, 4, 5
"""First word of Status."""
MOST: Final = 16
"""Parameters of SinaPara."""
_LIST_INPUTS: Final = "Start ReadWrite ParaNo AxisNo hardwareId"
_INPUTS: Final = "Start ReadWrite Parameter Index ValueWrite1 ValueWrite2 AxisNo hardwareId"


@dataclass(slots=True)
class _Access:
    """One parameter of a job.

    Attributes:
        number: of the parameter.
        index: its index.
        real: value to write, unless the format is a double word.
        double: value to write of a double word.
        form: format that was found.
        value: value that was read.
        error: error number, -1 without one.
    """

    number: int
    index: int
    real: float
    double: int
    form: Format = Format.ZERO
    value: float = 0.0
    error: int = -1


class _Failure(Exception):
    """A job that cannot be done: first word of Status, and the error of the communication."""

    def __init__(self, kind: int, diagnosis: int = 0) -> None:
        super().__init__(kind)
        self.kind, self.diagnosis = kind, diagnosis


def _run(site: Site, module: int, axis: int, wanted: Sequence[_Access], *, write: bool) -> None:
    """Do a job: read the parameters, and write those without an error.

    Raises:
        _Failure: the drive does not answer, or otherwise than expected.
    """
    for each, (form, value) in zip(wanted, _ask(site, module, axis, READ, wanted), strict=True):
        each.form, each.value = form, value
        each.error = int(value) if form is Format.ERROR else -1
    good = [each for each in wanted if each.error < 0]
    if write and good:
        for each, (form, value) in zip(good, _ask(site, module, axis, CHANGE, good), strict=True):
            each.error = int(value) if form is Format.ERROR else -1


def _ask(site: Site, module: int, axis: int, what: int, wanted: Sequence[_Access]) -> list[tuple[Format, float]]:
    addresses = [(each.number, each.index) for each in wanted]
    given = (
        [(each.form, each.double if each.form in DOUBLES else each.real) for each in wanted] if what == CHANGE else []
    )
    try:
        content = request(what, axis, addresses, given)
    except (struct.error, OverflowError, ValueError) as error:
        raise _Failure(WRONG_NUMBER) from error
    status, answer = exchange_records(site, module, RECORD, content)
    if status:
        raise _Failure(COMMUNICATION, status)
    try:
        found = results(answer)
    except ValueError as error:
        raise _Failure(TELEGRAM) from error
    if len(found) != len(wanted):
        raise _Failure(TELEGRAM)
    return found


def _advance(instance: Any, do: Callable[[], int]) -> bool:
    """Let a job of an instance take its next call; `do` returns the second word of Status. Return whether it ended."""
    was_busy = instance.Busy
    phase = advance(instance, instance.Start)
    if was_busy and not instance.Start:
        instance._state = None
        _end(instance, CANCELLED << 16)
        return True
    if phase is Phase.DUE:
        try:
            _end(instance, do(), done=True)
        except _Failure as failure:
            _end(instance, failure.kind << 16, diagnosis=failure.diagnosis)
        return True
    instance.Ready, instance.Busy = False, phase is not Phase.IDLE
    if phase is Phase.FIRST:
        instance.Done, instance.Error, instance.Status, instance.DiagId = False, False, 0, 0
    return False


def _end(instance: Any, status: int, *, done: bool = False, diagnosis: int = 0) -> None:
    instance.Ready, instance.Busy, instance.Done = True, False, done
    instance.Error, instance.Status, instance.DiagId = status != 0, status, diagnosis


@register_maker("SinaParaS", f"instance {_INPUTS}", "")
def _access_one(site: Site) -> Callable[..., None]:
    names = _INPUTS.split()

    def access(instance: Any, *given: Any) -> None:
        keep_inputs(instance, names, given)

        def do() -> int:
            wanted = _Access(instance.Parameter, instance.Index, instance.ValueWrite1, instance.ValueWrite2)
            _run(site, instance.hardwareId, instance.AxisNo, [wanted], write=instance.ReadWrite)
            instance.Format, instance.ErrorNo = int(wanted.form), max(wanted.error, 0)
            if wanted.error < 0 and not instance.ReadWrite:
                instance.ValueRead1, instance.ValueRead2 = _values(wanted)
            return int(wanted.error >= 0)

        _advance(instance, do)

    return access


def _values(found: _Access) -> tuple[float, int]:
    """Return the value as Real and DInt: it is in the one that its format belongs to."""
    if found.form not in DOUBLES:
        return single(found.value), 0
    value = int(found.value)
    return 0.0, value - (1 << 32) if value >= 1 << 31 else value


@register_maker("SinaPara", f"instance {_LIST_INPUTS} &Parameter", "")
def _access_many(site: Site) -> Callable[..., None]:
    names = _LIST_INPUTS.split()

    def access(instance: Any, *given: Any) -> None:
        *inputs, parameter = given
        keep_inputs(instance, names, inputs)
        count, write = instance.ParaNo, instance.ReadWrite

        def do() -> int:
            rows = _rows(parameter)
            if not 1 <= count <= min(MOST, len(rows)):
                raise _Failure(WRONG_NUMBER)
            rows = rows[:count]
            wanted = [
                _Access(each.siParaNo & 0xFFFF, each.siIndex & 0xFFFF, each.srValue, each.sdValue) for each in rows
            ]
            _run(site, instance.hardwareId, instance.AxisNo, wanted, write=write)
            for row, each in zip(rows, wanted, strict=True):
                row.syFormat, row.swErrorNo = int(each.form), max(each.error, 0)
                if each.error < 0 and not write:
                    row.srValue, row.sdValue = _values(each)
            return sum(1 << at for at, each in enumerate(wanted) if each.error >= 0)

        _advance(instance, do)

    return access


_MEMBERS: Final = ("siParaNo", "siIndex", "srValue", "sdValue", "syFormat", "swErrorNo")


def _rows(parameter: Reference | None) -> list[Any]:
    """Return the elements of the list; none where it is not one of parameters."""
    content = None if parameter is None else parameter.get()
    rows = list(content) if isinstance(content, list | ArrayView) else []
    return rows if all(hasattr(each, name) for each in rows for name in _MEMBERS) else []
