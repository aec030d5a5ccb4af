"""Comparisons that every kind of object needs: texts, attributes, and what the model has no name for."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.plain_xml import NUMBERS
from simatic_xml.model import Extra, Texts

_ASSUMED = {"DBAccessibleFromOPCUA": "true", "DBAccessibleFromWebserver": "true", "HeaderVersion": "0.1"}
"""What entries are where they are left out; all others are empty or false.

Facts: docs/facts/simaticml.md#export-settings, measured on exports.
"""


def texts(path: str, kind: Kind, before: Texts, after: Texts, network: int | None = None) -> Iterator[Change]:
    """Compare a title or comment in each culture; an empty text is none."""
    for culture in dict.fromkeys([*before, *after]):
        old, new = before.get(culture) or None, after.get(culture) or None
        if old != new:
            yield Change(path, kind, old, new, network, culture)


def attributes(
    path: str, before: Mapping[str, str | None], after: Mapping[str, str | None], network: int | None = None
) -> Iterator[Change]:
    """Compare entries by name; one that is empty or false is the same as one left out."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if _meaning(name, old) != _meaning(name, new):
            yield Change(path, Kind.ATTRIBUTE_CHANGED, old, new, network, name)


def beyond(path: str, before: Extra | None, after: Extra | None, network: int | None = None) -> Iterator[Change]:
    """Compare what the model has no name for."""
    old, new = _edits(before), _edits(after)
    if old != new:
        yield Change(path, Kind.OTHER_CHANGED, old, new, network)


def format_flag(value: bool | None) -> str | None:
    """Return a flag as TIA Portal writes it."""
    return None if value is None else str(value).lower()


def _meaning(name: str, value: str | None) -> str:
    text = _ASSUMED.get(name, "") if value is None else value
    lower = text.lower()
    return lower.replace("false", "") if lower in ("true", "false") else text


def _edits(extra: Extra | None) -> str | None:
    """Return edits as text without what only the file needs: numbers, and the order of attributes and elements."""
    kept = [edit for each in extra or [] if (edit := _significant(each))]
    return NUMBERS.sub("", json.dumps(kept, ensure_ascii=False).replace('\\"', '"')) if kept else None


def _significant(edit: list[Any]) -> list[Any]:
    """Return an edit without what only orders; empty where nothing is left."""
    kind, path, *rest = edit
    if kind == "attributes":
        change = {key: value for key, value in rest[0].items() if key != "order"}
        return [kind, path, change] if change else []
    only_reordered = kind == "children" and sorted(map(str, rest[0])) == sorted(map(str, range(rest[1])))
    return [] if only_reordered else edit
