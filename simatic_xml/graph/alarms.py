"""Settings of the alarms of a GRAPH block: classes of supervisions, and categories.

Facts: docs/facts/graph.md#simaticml, exports of V14 SP1 to V21.
"""

from typing import Any

from lxml import etree

from simatic_xml.flgnet.raw import child
from simatic_xml.graph.elements import Maker, within
from simatic_xml.graph.errors import GraphError
from simatic_xml.json_form.reader import Reader
from simatic_xml.xml.numbers import whole_number

_SUBCATEGORIES_SINCE = 4
"""Schema version since which there are subcategories, and a category of supervisions."""

_CLASSES = [0] * 8
_FIRST_TAGS = {"interlock": "AlarmInterlockCategory", "warning": "AlarmWarningCategory"}
_TAGS = {
    "interlock": ("AlarmInterlockCategory", "AlarmSubcategory1Interlock", "AlarmSubcategory2Interlock"),
    "supervision": ("AlarmCategorySupervision", "AlarmSubcategory1Supervision", "AlarmSubcategory2Supervision"),
    "warning": ("AlarmWarningCategory", "AlarmSubcategory1Warning", "AlarmSubcategory2Warning"),
}
_CATEGORIES = {"interlock": [1, 0, 0], "supervision": [1, 0, 0], "warning": [2, 0, 0]}


def build_alarms(reader: Reader | None, parent: etree._Element, maker: Maker, version: int) -> None:
    """Add the ``AlarmsSettings``: display classes, and category with its two subcategories of each kind of alarm.

    Raises:
        SimaticMLError: the JSON has another form.
    """
    settings = maker.make("AlarmsSettings", parent)
    holder = maker.make("AlarmSupervisionCategories", settings)
    for number, shown in enumerate(_numbers(reader, "displayClasses", _CLASSES), start=1):
        maker.make("AlarmSupervisionCategory", holder, Id=number, DisplayClass=shown)
    for key, tags in _tags(version).items():
        categories = _numbers(reader, key, _CATEGORIES[key][: len(tags)])
        for tag, number in zip(tags, categories, strict=False):
            maker.make(tag, settings, Id=number)
    if reader is not None:
        reader.refuse_unread()


def _tags(version: int) -> dict[str, tuple[str, ...]]:
    if version >= _SUBCATEGORIES_SINCE:
        return dict(_TAGS)
    return {key: (tag,) for key, tag in _FIRST_TAGS.items()}


def _numbers(reader: Reader | None, key: str, usual: list[int]) -> list[int]:
    if reader is None or not reader.has(key):
        return usual
    numbers = reader.list(key)
    if not all(type(number) is int for number in numbers):
        raise GraphError("The settings of alarms are lists of whole numbers.", f"{reader.pointer}/{key}")
    return numbers


def alarms_to_json(graph: etree._Element, version: int) -> dict[str, Any]:
    """Return the settings that are not the usual ones; those that are no numbers are left to the edits."""
    settings = child(graph, "AlarmsSettings")
    if settings is None:
        return {}
    found = [
        whole_number(each.get("DisplayClass"))
        for each in within(settings, "AlarmSupervisionCategories", "AlarmSupervisionCategory")
    ]
    data: dict[str, Any] = {} if found == _CLASSES or None in found else {"displayClasses": found}
    for key, tags in _tags(version).items():
        elements = [child(settings, tag) for tag in tags]
        numbers = [None if element is None else whole_number(element.get("Id")) for element in elements]
        if None not in numbers and numbers != _CATEGORIES[key][: len(tags)]:
            data[key] = numbers
    return data
