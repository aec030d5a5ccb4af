"""HmiSoftware: the runtime software of a Unified Panel.

Facts: docs/facts/openness-hmi.md#unified-panels, docs/facts/openness.md#version-gates (scripts and lists from V20 on).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from fake_openness.core.compile_messages import _Finding
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hmi import compile as hmi_compile
from fake_openness.hmi.hmi_object import _HmiSoftware
from fake_openness.hmi.unified_alarms import (
    HmiAlarmClassComposition,
    HmiAlarmLogComposition,
    HmiAnalogAlarmComposition,
    HmiDataLogComposition,
    HmiDiscreteAlarmComposition,
)
from fake_openness.hmi.unified_lists import (
    HmiGraphicListComposition,
    HmiScriptModuleComposition,
    HmiTextListComposition,
)
from fake_openness.hmi.unified_screens import HmiScreen, HmiScreenComposition, HmiScreenGroupComposition
from fake_openness.hmi.unified_tags import (
    DEFAULT_TABLE,
    HmiConnectionComposition,
    HmiTagComposition,
    HmiTagTable,
    HmiTagTableComposition,
    HmiTagTableGroupComposition,
)
from fake_openness.program.plc import _Plc, programs_of

_SCREENS, _TABLES = "screens", "tagTables"
_LISTS = "scripts", "textLists", "graphicLists"
_CHECKED = ("connections", "discreteAlarms", "analogAlarms")


class HmiSoftware(_HmiSoftware):
    """The software of a Unified panel."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"Scripts": "20", "HmiTextLists": "20", "HmiGraphicLists": "20"}

    def __init__(self, parent: DeviceItem, name: str, folder: str) -> None:
        """Represent the software in a folder of the project; without files it gets the content of a new panel."""
        super().__init__(parent, name, folder)
        self._screens, self._screen_groups = HmiScreenComposition(self, self), HmiScreenGroupComposition(self, self)
        self._tables, self._table_groups = HmiTagTableComposition(self, self), HmiTagTableGroupComposition(self, self)
        self._tags = HmiTagComposition(self, self)
        self._connections, self._alarm_classes = (
            HmiConnectionComposition(self, self),
            HmiAlarmClassComposition(self, self),
        )
        self._discrete_alarms = HmiDiscreteAlarmComposition(self, self)
        self._analog_alarms = HmiAnalogAlarmComposition(self, self)
        self._data_logs = HmiDataLogComposition(self, self)
        self._alarm_logs = HmiAlarmLogComposition(self, self)
        self._scripts = HmiScriptModuleComposition(self)
        self._text_lists = HmiTextListComposition(self)
        self._graphic_lists = HmiGraphicListComposition(self)
        self._flat: dict[str, Any] = {
            "connections": self._connections,
            "alarmClasses": self._alarm_classes,
            "discreteAlarms": self._discrete_alarms,
            "analogAlarms": self._analog_alarms,
            "dataLogs": self._data_logs,
            "alarmLogs": self._alarm_logs,
            "scripts": self._scripts,
            "textLists": self._text_lists,
            "graphicLists": self._graphic_lists,
        }
        if not self._store.exists(self._index()):
            self._tables._make(DEFAULT_TABLE)
            self._alarm_classes._fill()

    @property
    def Screens(self) -> HmiScreenComposition:
        """The screens outside of groups."""
        return self._screens

    @property
    def ScreenGroups(self) -> HmiScreenGroupComposition:
        """The groups of screens."""
        return self._screen_groups

    @property
    def Tags(self) -> HmiTagComposition:
        """All tags of all tables."""
        return self._tags

    @property
    def TagTables(self) -> HmiTagTableComposition:
        """The tag tables outside of groups."""
        return self._tables

    @property
    def TagTableGroups(self) -> HmiTagTableGroupComposition:
        """The groups of tag tables."""
        return self._table_groups

    @property
    def Connections(self) -> HmiConnectionComposition:
        """The connections."""
        return self._connections

    @property
    def AlarmClasses(self) -> HmiAlarmClassComposition:
        """The alarm classes."""
        return self._alarm_classes

    @property
    def DiscreteAlarms(self) -> HmiDiscreteAlarmComposition:
        """The alarms that bits raise."""
        return self._discrete_alarms

    @property
    def AnalogAlarms(self) -> HmiAnalogAlarmComposition:
        """The alarms that limits raise."""
        return self._analog_alarms

    @property
    def DataLogs(self) -> HmiDataLogComposition:
        """The logs of values."""
        return self._data_logs

    @property
    def AlarmLogs(self) -> HmiAlarmLogComposition:
        """The logs of alarms."""
        return self._alarm_logs

    @property
    def Scripts(self) -> HmiScriptModuleComposition:
        """The script modules (from V20 on)."""
        return self._scripts

    @property
    def HmiTextLists(self) -> HmiTextListComposition:
        """The text lists (from V20 on)."""
        return self._text_lists

    @property
    def HmiGraphicLists(self) -> HmiGraphicListComposition:
        """The graphic lists (from V20 on)."""
        return self._graphic_lists

    # -- inside -----------------------------------------------------------------------

    def _holders(self, tree: str) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Yield the collections of screens or tag tables, with the names of their groups."""
        groups, root = (self._screen_groups, self._screens) if tree == _SCREENS else (self._table_groups, self._tables)
        yield (), root
        yield from _below(groups, (), "_screens" if tree == _SCREENS else "_tables")

    def _all_screens(self) -> Iterator[HmiScreen]:
        for _, screens in self._holders(_SCREENS):
            yield from screens._items

    def _all_tables(self) -> Iterator[HmiTagTable]:
        for _, tables in self._holders(_TABLES):
            yield from tables._items

    def _find_table(self, name: str) -> HmiTagTable:
        """Return the table of a name.

        Raises:
            EngineeringTargetInvocationException: There is none.
        """
        found = next((each for each in self._all_tables() if each._name.casefold() == name.casefold()), None)
        if found is None:
            msg = f"There is no tag table '{name}' on this panel."
            raise EngineeringTargetInvocationException(msg, code="hmi.no_table", place={"name": name})
        return found

    def _get_or_make_table(self, name: str) -> HmiTagTable:
        """Return the table of a name, made where it is missing."""
        found = next((each for each in self._all_tables() if each._name.casefold() == name.casefold()), None)
        return found or self._tables._create(name)

    def _programs(self) -> Iterator[_Plc]:
        """Yield the programs of the project's controllers."""
        yield from programs_of(self._item._device._hardware.every_device())

    def _list_to_check(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Yield the objects that the compiler checks, each with its path."""
        for tag in self._tags._items:
            yield ("HMI tags", tag.TagTableName, tag._name), tag
        for screen in self._all_screens():
            yield from ((("Screens", screen._name, item._name), item) for item in screen._screen_items._items)
        for key in _CHECKED:
            yield from (((key, item._name), item) for item in self._flat[key]._items)

    def _findings(self) -> list[_Finding]:
        return hmi_compile.compile_unified(self._list_to_check())

    # -- files ------------------------------------------------------------------------

    def _lines(self) -> Iterator[dict[str, Any]]:
        for tree in (_SCREENS, _TABLES):
            for path, holder in self._holders(tree):
                place = {"tree": tree, "group": list(path)}
                if path:
                    yield place
                yield from (place | item._record() for item in holder._items)
        for tree, holder in self._flat.items():
            yield from ({"tree": tree} | item._record() for item in holder._items)

    def _restore(self, line: dict[str, Any]) -> None:
        tree, path = line.pop("tree"), line.pop("group", [])
        holder = self._flat[tree] if tree in self._flat else self._descend(tree, path)
        if line:
            holder._restore(line)

    def _descend(self, tree: str, path: list[str]) -> Any:
        holder, groups = (
            (self._screens, self._screen_groups) if tree == _SCREENS else (self._tables, self._table_groups)
        )
        for name in path:
            group: Any = groups._by_name.get(name.casefold()) or groups._make(name)
            holder, groups = (group._screens if tree == _SCREENS else group._tables), group._groups
        return holder

    def _content_files(self) -> Iterator[str]:
        yield from (item._file() for tree in _LISTS for item in self._flat[tree]._items)

    def _children(self) -> list[EngineeringObject]:
        return [self._screens, self._screen_groups, self._tables, self._table_groups, self._tags, *self._flat.values()]


def _below(groups: Any, path: tuple[str, ...], inside: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for group in groups._items:
        here = (*path, group._name)
        yield here, getattr(group, inside)
        yield from _below(group._groups, here, inside)
