"""IIOArea: inputs, outputs and bit memory by address.

The whole area can be used with any configured modules. Inputs take the place of modules, so the program never changes
them here; outputs are read from the process image and may be overwritten. Facts: docs/facts/plcsim-advanced.md#areas;
the API's function manual ("I/O access via address").
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import require_type
from fake_plcsim.errors import refuse
from fake_plcsim.primitives import FORMATS, SIZES
from fake_plcsim.structs import NetArray, SDataValue, SDataValueByAddress, data_value, require_array

if TYPE_CHECKING:
    from fake_plcsim.instance import IInstance


class IIOArea:
    """One area of an instance."""

    def __init__(self, instance: IInstance, area: str) -> None:
        """Keep the instance; the area is Input, Output or Marker."""
        self._instance, self._area = instance, area

    @property
    def AreaSize(self) -> int:
        """Its size in bytes."""
        self._instance._enter()
        return self._instance._controller.memory.area_size(self._area)

    def ReadBit(self, in_Offset: int, in_Bit: int) -> bool:
        """Return one bit."""
        return bool(self._read(in_Offset, 1)[0] >> _bit(in_Bit) & 1)

    def ReadByte(self, in_Offset: int) -> int:
        """Return one byte."""
        return self._read(in_Offset, 1)[0]

    def ReadBytes(self, in_Offset: int, in_BytesToRead: int) -> NetArray[int]:
        """Return several bytes."""
        return NetArray[int](self._read(in_Offset, require_type(in_BytesToRead, int, "in_BytesToRead")))

    def WriteBit(self, in_Offset: int, in_Bit: int, in_Value: bool) -> None:
        """Write one bit."""
        mask = 1 << _bit(in_Bit)
        self._change(in_Offset, bytes((mask,)), bytes((mask if require_type(in_Value, bool, "in_Value") else 0,)))

    def WriteByte(self, in_Offset: int, in_Value: int) -> None:
        """Write one byte."""
        self._write(in_Offset, bytes((require_type(in_Value, int, "in_Value"),)))

    def WriteBytes(self, in_Offset: int, *arguments: Any) -> int:
        """Write several bytes, or the first ones up to a number; returns how many were written."""
        *count, values = arguments
        content = bytes(require_array(int, values, "in_Values"))
        if count:
            content = content[: require_type(count[0], int, "in_BytesToWrite")]
        self._write(in_Offset, content)
        return len(content)

    def ReadSignals(self, inout_Signals: NetArray[SDataValueByAddress]) -> NetArray[SDataValueByAddress]:
        """Return values by their addresses; as each `ref` array it is also returned."""
        signals = require_array(SDataValueByAddress, inout_Signals, "inout_Signals")
        for index, signal in enumerate(_signals(signals)):
            signal.DataValue = self._read_value(signal)
            signals[index] = signal
        return signals

    def WriteSignals(self, in_Signals: NetArray[SDataValueByAddress]) -> None:
        """Write values to their addresses, big-endian."""
        for signal in _signals(require_array(SDataValueByAddress, in_Signals, "in_Signals")):
            kind = signal.DataValue.Type.name
            value = getattr(signal.DataValue, _readable(kind))
            if kind == "Bool":
                self.WriteBit(signal.Offset, signal.Bit, value)
            else:
                content = value.encode("utf-16-be") if kind == "WChar" else struct.pack(FORMATS[kind], value)
                self._write(signal.Offset, content)

    def _read_value(self, signal: SDataValueByAddress) -> SDataValue:
        kind = _readable(signal.DataValue.Type.name)
        if kind == "Bool":
            return data_value(kind, self.ReadBit(signal.Offset, signal.Bit))
        content = self._read(signal.Offset, SIZES[kind])
        value = content.decode("utf-16-be") if kind == "WChar" else struct.unpack(FORMATS[kind], content)[0]
        return data_value(kind, value)

    def _read(self, offset: int, count: int) -> bytes:
        self._instance._enter()
        return self._instance._controller.memory.read_bytes(self._area, require_type(offset, int, "in_Offset"), count)

    def _write(self, offset: int, content: bytes) -> None:
        self._change(offset, b"\xff" * len(content), content)

    def _change(self, offset: int, mask: bytes, content: bytes) -> None:
        self._instance._enter()
        self._instance._controller.memory.write_bytes(self._area, require_type(offset, int, "in_Offset"), mask, content)


def _bit(number: int) -> int:
    if not 0 <= require_type(number, int, "in_Bit") <= 7:
        raise refuse("IndexOutOfRange", "A byte has the bits 0 to 7.")
    return number


def _readable(kind: str) -> str:
    if kind not in SIZES:
        raise refuse("NotSupported", f"Values of the type {kind} cannot be accessed: name a primitive type.")
    return kind


def _signals(signals: NetArray[SDataValueByAddress]) -> Iterable[SDataValueByAddress]:
    return [require_type(each, SDataValueByAddress, "signal") for each in signals]
