"""Screens of a Unified panel with their items and dynamizations.

There is no file of such a screen: its properties are read and written one by one. Of some fifty types of items the
usual ones are here, of the dynamizations that by a tag.
Facts: docs/facts/openness-hmi.md#unified-panels; type lists of V17 to V21.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_dotnet.system import Int32, UInt16, UInt32, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, already_exists, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.hmi.unified_objects import (
    HmiValidationResult,
    _CreateOf,
    _UnifiedComposition,
    _UnifiedObject,
    _UnifiedObjects,
    check_value,
    formatted_text,
    value,
    wrong,
)

# -- dynamizations ------------------------------------------------------------------------


class DynamizationBase(_UnifiedObject):
    """What sets a property at run time."""

    _WHAT = "dynamization"

    @property
    def PropertyName(self) -> str:
        """The property that it sets."""
        return self._name


class TagDynamization(DynamizationBase):
    """Sets a property by a tag."""

    Tag = value("Tag", str, "", "The tag.")
    ReadOnly = value("ReadOnly", bool, True, "Whether the item only shows the tag.")

    def _checks(self) -> Iterator[HmiValidationResult]:
        name = str(self._values.get("Tag", ""))
        if not name:
            yield wrong("Tag", "The dynamization has no tag.")
        elif name.casefold() not in self._hmi._tags._by_name:
            yield wrong("Tag", f"There is no tag '{name}': create it, or name another.")


class DynamizationBaseComposition(_UnifiedObjects[DynamizationBase]):
    """The dynamizations of a screen item: one for each property."""

    _KIND = TagDynamization
    Create = _CreateOf()

    def _create_of(self, kind: type, propertyName: str) -> DynamizationBase:
        if kind is not TagDynamization:
            msg = f"A {kind.__name__} cannot be created here: only a TagDynamization can."
            raise EngineeringTargetInvocationException(msg, code="hmi.dynamization")
        item: Any = self._parent
        if require_type(propertyName, str, "propertyName") not in item._properties():
            msg = f"A {type(item).__name__} has no property '{propertyName}' that can be set at run time."
            raise EngineeringTargetInvocationException(msg, code="hmi.dynamization")
        return self._create(propertyName)


# -- items --------------------------------------------------------------------------------


class HmiScreenItemBase(_UnifiedObject):
    """A screen item."""

    _WHAT = "screen item"
    Visible = value("Visible", bool, True, "Whether it is shown.")

    def __init__(self, parent: HmiScreenItemBaseComposition, software: Any, name: str) -> None:
        """Make an item without dynamizations."""
        super().__init__(parent, software, name)
        self._dynamizations = DynamizationBaseComposition(self, software)

    @property
    def Dynamizations(self) -> DynamizationBaseComposition:
        """What sets its properties at run time."""
        return self._dynamizations

    def _properties(self) -> set[str]:
        """Return the properties that a tag can set."""
        members = {name for kind in type(self).__mro__ for name in vars(kind) if name[0].isupper()}
        own = {name for name in members if isinstance(getattr(type(self), name), property)}
        return own - {"Name", "Parent", "Dynamizations"} | ({"ProcessValue"} if isinstance(self, _Showing) else set())

    def _checks(self) -> Iterator[HmiValidationResult]:
        for each in self._dynamizations._items:
            yield from (HmiValidationResult(each._name, result.Errors, result.Warnings) for result in each._checks())

    def _record(self) -> dict[str, Any]:
        moved = [each._record() for each in self._dynamizations._items]
        return {"type": type(self).__name__} | super()._record() | ({"dynamizations": moved} if moved else {})

    def _take(self, record: dict[str, Any]) -> None:
        super()._take(record)
        for each in record.get("dynamizations", []):
            self._dynamizations._restore(each)

    def _children(self) -> list[EngineeringObject]:
        return [self._dynamizations]


class _Showing(HmiScreenItemBase):
    """An item that shows a value."""


class _Box(HmiScreenItemBase):
    """An item with a place and a size, in pixels."""

    Left = value("Left", Int32, 0, "Distance from the left edge of the screen.")
    Top = value("Top", Int32, 0, "Distance from the top edge of the screen.")
    Width = value("Width", UInt32, 100, "Its width.")
    Height = value("Height", UInt32, 50, "Its height.")


class HmiButton(_Box):
    """A button."""

    Text = formatted_text("Text", "What it says.")


class HmiLabel(_Box):
    """A label."""

    Text = formatted_text("Text", "What it says.")


class HmiText(_Box):
    """A text on the screen."""

    Text = formatted_text("Text", "What it says.")


class HmiTextBox(_Box):
    """A text of several lines."""

    Text = formatted_text("Text", "What it says.")


class HmiIOField(_Box, _Showing):
    """A field that shows a value and takes one."""

    OutputFormat = value("OutputFormat", str, "", "How the value is written.")


class HmiBar(_Box, _Showing):
    """A value as a bar."""


class HmiGauge(_Box, _Showing):
    """A value as a pointer."""


class HmiSlider(_Box, _Showing):
    """A value that is moved."""


class HmiToggleSwitch(_Box, _Showing):
    """A switch."""


class HmiRectangle(_Box):
    """A rectangle."""


class HmiGraphicView(_Box):
    """A graphic."""

    Graphic = value("Graphic", str, "", "Name of the graphic.")


class HmiCircle(HmiScreenItemBase):
    """A circle."""

    CenterX = value("CenterX", Int32, 0, "Distance of its centre from the left edge of the screen.")
    CenterY = value("CenterY", Int32, 0, "Distance of its centre from the top edge of the screen.")
    Radius = value("Radius", UInt32, 25, "Its radius.")


class HmiAlarmControl(_Box):
    """A list of alarms."""


class HmiTrendControl(_Box):
    """Curves over time."""


ITEM_TYPES: dict[str, type[HmiScreenItemBase]] = {
    kind.__name__: kind
    for kind in (
        HmiButton,
        HmiLabel,
        HmiText,
        HmiTextBox,
        HmiIOField,
        HmiBar,
        HmiGauge,
        HmiSlider,
        HmiToggleSwitch,
        HmiRectangle,
        HmiGraphicView,
        HmiCircle,
        HmiAlarmControl,
        HmiTrendControl,
    )
}


class HmiScreenItemBaseComposition(_UnifiedObjects[HmiScreenItemBase]):
    """The items of a screen, in the order of their names."""

    _KIND = HmiScreenItemBase
    Create = _CreateOf()

    def _create_of(self, kind: type, name: str) -> HmiScreenItemBase:
        if kind not in ITEM_TYPES.values():
            msg = f"A {kind.__name__} is not a screen item."
            raise EngineeringTargetInvocationException(msg, code="hmi.item_type")
        self._hmi._require_offline("Creating a screen item")
        require_name(require_type(name, str, "name"), "screen item", GROUP_LENGTH)
        if self._is_taken(name):
            raise already_exists(name, "screen item")
        return self._add(kind(self, self._hmi, name))

    def _restore(self, record: dict[str, Any]) -> HmiScreenItemBase:
        made = self._add(ITEM_TYPES[record["type"]](self, self._hmi, record["name"]))
        made._take(record)
        return made


# -- screens ------------------------------------------------------------------------------


class HmiScreen(_UnifiedObject):
    """A screen."""

    _WHAT = "screen"
    Width = value("Width", UInt32, 1280, "Its width in pixels.")
    Height = value("Height", UInt32, 800, "Its height in pixels.")

    def __init__(self, parent: HmiScreenComposition, software: Any, name: str) -> None:
        """Make an empty screen."""
        super().__init__(parent, software, name)
        self._screen_items = HmiScreenItemBaseComposition(self, software)

    @property
    def ScreenNumber(self) -> int:
        """The number; unique on the panel."""
        return int(self._values.get("ScreenNumber", 0))

    @ScreenNumber.setter
    def ScreenNumber(self, value: int) -> None:
        new = check_value(value, UInt16, "ScreenNumber")
        if any(each.ScreenNumber == new for each in self._hmi._all_screens() if each is not self):
            msg = f"The screen number {new} is used on this panel: choose another."
            raise EngineeringTargetInvocationException(msg, code="hmi.screen_number")
        self._set("ScreenNumber", new)

    @property
    def ScreenItems(self) -> HmiScreenItemBaseComposition:
        """The items of the screen."""
        return self._screen_items

    def _record(self) -> dict[str, Any]:
        items = [each._record() for each in self._screen_items._items]
        return super()._record() | ({"items": items} if items else {})

    def _take(self, record: dict[str, Any]) -> None:
        super()._take(record)
        for each in record.get("items", []):
            self._screen_items._restore(each)

    def _children(self) -> list[EngineeringObject]:
        return [self._screen_items]


class HmiScreenComposition(_UnifiedComposition[HmiScreen]):
    """The screens of the panel outside of groups, or those of a group."""

    _KIND = HmiScreen

    def Create(self, name: str) -> HmiScreen:
        """Make an empty screen with the next free number.

        Raises:
            EngineeringTargetInvocationException: Online, the name is not possible, or taken on this panel.
        """
        taken = {each.ScreenNumber for each in self._hmi._all_screens()}
        made = self._create(name)
        made._set("ScreenNumber", next(number for number in range(1, len(taken) + 2) if number not in taken))
        return made

    def _is_taken(self, name: str) -> bool:
        return any(each._name.casefold() == name.casefold() for each in self._hmi._all_screens())


class HmiScreenGroup(_UnifiedObject):
    """A group of screens."""

    _WHAT = "screen group"

    def __init__(self, parent: HmiScreenGroupComposition, software: Any, name: str) -> None:
        """Make an empty group."""
        super().__init__(parent, software, name)
        self._screens = HmiScreenComposition(self, software)
        self._groups = HmiScreenGroupComposition(self, software)

    @property
    def Screens(self) -> HmiScreenComposition:
        """The screens directly in it."""
        return self._screens

    @property
    def Groups(self) -> HmiScreenGroupComposition:
        """The groups in it."""
        return self._groups

    def _children(self) -> list[EngineeringObject]:
        return [self._screens, self._groups]


class HmiScreenGroupComposition(_UnifiedComposition[HmiScreenGroup]):
    """The groups of screens of the panel or of a group."""

    _KIND = HmiScreenGroup
