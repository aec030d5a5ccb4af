"""Alarms, alarm classes and logs of a Unified panel.

Facts: docs/facts/openness-hmi.md#unified-panels; type lists of V17 to V21. The alarm classes of a new panel are
background.
"""

from __future__ import annotations

from collections.abc import Iterator

from fake_dotnet.system import Byte, UInt32
from fake_openness.hmi.unified_objects import (
    HmiValidationResult,
    _UnifiedComposition,
    _UnifiedObject,
    formatted_text,
    value,
    wrong,
)

SYSTEM_CLASSES = {"Alarm": 12, "Warning": 8, "Information": 1, "SystemAlarm": 12, "SystemWarning": 8}
"""The alarm classes of a new panel and their priorities."""


class HmiAlarmClass(_UnifiedObject):
    """What alarms have in common."""

    _WHAT = "alarm class"
    Priority = value("Priority", Byte, 0, "The priority: TIA Portal shows alarms with a higher one first.")


class HmiAlarmClassComposition(_UnifiedComposition[HmiAlarmClass]):
    """The alarm classes."""

    _KIND = HmiAlarmClass

    def _fill(self) -> None:
        """Make the alarm classes of a new panel."""
        for name, priority in SYSTEM_CLASSES.items():
            self._make(name)._set("Priority", priority)


class _Alarm(_UnifiedObject):
    """What alarms of both kinds have."""

    AlarmClass = value("AlarmClass", str, "Alarm", "Its class.")
    RaisedStateTag = value("RaisedStateTag", str, "", "The tag that raises it.")
    Priority = value("Priority", Byte, 0, "The priority: TIA Portal shows alarms with a higher one first.")
    EventText = formatted_text("EventText", "The text of the alarm.")

    def _checks(self) -> Iterator[HmiValidationResult]:
        tag, kind = str(self._values.get("RaisedStateTag", "")), str(self._values.get("AlarmClass", "Alarm"))
        if not tag:
            yield wrong("RaisedStateTag", "The alarm has no tag that raises it.")
        elif tag.casefold() not in self._hmi._tags._by_name:
            yield wrong("RaisedStateTag", f"There is no tag '{tag}': create it, or name another.")
        if kind.casefold() not in self._hmi._alarm_classes._by_name:
            yield wrong("AlarmClass", f"There is no alarm class '{kind}': create it, or name another.")


class HmiDiscreteAlarm(_Alarm):
    """An alarm that a bit raises."""

    _WHAT = "discrete alarm"
    RaisedStateTagBitNumber = value("RaisedStateTagBitNumber", UInt32, 0, "The bit of the tag.")


class HmiDiscreteAlarmComposition(_UnifiedComposition[HmiDiscreteAlarm]):
    """The discrete alarms."""

    _KIND = HmiDiscreteAlarm


class HmiAnalogAlarm(_Alarm):
    """An alarm that a limit raises."""

    _WHAT = "analog alarm"
    ConditionValue = value("ConditionValue", float, 0.0, "The limit.")


class HmiAnalogAlarmComposition(_UnifiedComposition[HmiAnalogAlarm]):
    """The analog alarms."""

    _KIND = HmiAnalogAlarm


class HmiDataLog(_UnifiedObject):
    """A log of values."""

    _WHAT = "data log"


class HmiDataLogComposition(_UnifiedComposition[HmiDataLog]):
    """The data logs."""

    _KIND = HmiDataLog


class HmiAlarmLog(_UnifiedObject):
    """A log of alarms."""

    _WHAT = "alarm log"


class HmiAlarmLogComposition(_UnifiedComposition[HmiAlarmLog]):
    """The alarm logs."""

    _KIND = HmiAlarmLog
