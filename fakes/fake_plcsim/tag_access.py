"""Tags of an instance: the list of them, and their values one by one or many in a call.

Facts: docs/facts/plcsim-advanced.md#tags, docs/facts/plcsim-advanced.md#values and the API's function manual: the list
is empty until UpdateTagList and must be updated after each download; structures, arrays and texts are not read as a
whole; types must match exactly. Unverified: names differ by case; of signals with one wrong name the whole call fails
(so API version 1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import require_type
from fake_plcsim.enums import ETagListDetails
from fake_plcsim.errors import refuse, unfitting
from fake_plcsim.primitives import NAMES, fitting
from fake_plcsim.structs import NetArray, SDataValue, SDataValueByName, STagInfo, data_value, require_array

if TYPE_CHECKING:
    from fake_plcsim.controller import Controller
    from fake_plcsim.tag_memory import TagMemory

NAME_LIMIT = 300


class TagAccess:
    """The part of IInstance that is about tags."""

    _controller: Controller

    def _require_program_seen(self) -> None:
        """Refuse when the handle does not see the program."""

    @property
    def _memory(self) -> TagMemory:
        """Tags and areas of an instance that is on."""
        self._controller.require_on()
        return self._controller.memory

    @property
    def TagInfos(self) -> NetArray[STagInfo]:
        """The tag list as it was updated last."""
        return NetArray[STagInfo]([entry.info() for entry in self._controller.memory.tags.values()])

    def UpdateTagList(
        self, in_TagListDetails: ETagListDetails = ETagListDetails.IOMCTDB, in_IsHMIVisibleOnly: bool = True
    ) -> None:
        """Read the tag list of the program."""
        self._require_program_seen()
        details = require_type(in_TagListDetails, ETagListDetails, "in_TagListDetails")
        self._memory.update(details, hmi_only=require_type(in_IsHMIVisibleOnly, bool, "in_IsHMIVisibleOnly"))

    def GetTagListStatus(self) -> tuple[ETagListDetails, bool]:
        """Return both `out` parameters: its areas (None when it must be updated), and whether it has only HMI tags."""
        return self._controller.memory.status

    def Read(self, in_Tag: str) -> SDataValue:
        """Return the value of a tag."""
        entry = self._memory.readable(_name(in_Tag))
        return data_value(entry.primitive.name, self._memory.read(entry))

    def Write(self, in_Tag: str, in_Value: SDataValue) -> None:
        """Write the value of a tag, of the type that the tag has."""
        value = require_type(in_Value, SDataValue, "in_Value")
        kind = value.Type.name
        if kind not in NAMES:
            raise refuse("WrongArgument" if kind == "Unspecific" else "NotSupported", f"A value cannot be {kind}.")
        self._write(in_Tag, kind, getattr(value, kind))

    def ReadSignals(self, inout_Signals: NetArray[SDataValueByName]) -> NetArray[SDataValueByName]:
        """Return the values of several tags; as each `ref` array it is also returned."""
        array = require_array(SDataValueByName, inout_Signals, "inout_Signals")
        signals = [require_type(each, SDataValueByName, "signal") for each in array]
        entries = [self._memory.readable(_name(signal.Name)) for signal in signals]
        for index, (signal, (kind, value)) in enumerate(zip(signals, self._memory.read_all(entries), strict=True)):
            signal.DataValue = data_value(kind, value)
            array[index] = signal
        return array

    def WriteSignals(self, in_Signals: NetArray[SDataValueByName]) -> None:
        """Write the values of several tags, between two cycles."""
        array = require_array(SDataValueByName, in_Signals, "in_Signals")
        signals = [require_type(each, SDataValueByName, "signal") for each in array]
        for signal in signals:
            _matching(self._memory.readable(_name(signal.Name)).primitive.name, signal.DataValue.Type.name, signal.Name)
        with self._memory.between_cycles():
            for signal in signals:
                self.Write(signal.Name, signal.DataValue)

    def _read(self, tag: str, kind: str) -> Any:
        entry = self._memory.readable(_name(tag))
        _matching(entry.primitive.name, kind, tag)
        return self._memory.read(entry)

    def _write(self, tag: str, kind: str, value: Any) -> None:
        entry = self._memory.readable(_name(tag))
        _matching(entry.primitive.name, kind, tag)
        try:
            self._memory.write(entry, fitting(kind, value))
        except OverflowError:
            raise unfitting("in_Value", value, kind) from None


def _name(tag: str | None) -> str:
    if tag is None:
        raise refuse("WrongArgument", "Name the tag of each signal.")
    if len(require_type(tag, str, "in_Tag")) >= NAME_LIMIT:
        raise refuse("WrongArgument", f"The name of a tag must have less than {NAME_LIMIT} characters.")
    return tag


def _matching(primitive: str, kind: str, tag: str) -> None:
    if primitive != kind:
        raise refuse("TypeMismatch", f"'{tag}' is {primitive}, not {kind}.")


def _reader(kind: str) -> Callable[..., Any]:
    def read(self: TagAccess, in_Tag: str) -> Any:
        return self._read(in_Tag, kind)

    read.__doc__ = f"The value of a tag whose primitive type is {kind}."
    return read


def _writer(kind: str) -> Callable[..., None]:
    def write(self: TagAccess, in_Tag: str, in_Value: Any) -> None:
        self._write(in_Tag, kind, in_Value)

    write.__doc__ = f"Write a tag whose primitive type is {kind}."
    return write


for _kind in NAMES:
    setattr(TagAccess, f"Read{_kind}", _reader(_kind))
    setattr(TagAccess, f"Write{_kind}", _writer(_kind))
