"""Texts and other small values in JSON: a string where one culture says it all."""

from typing import Any

from simatic_xml.json_form.reader import DEFAULT_CULTURE
from simatic_xml.model import Extra, Texts

Json = dict[str, Any]


class Cultures:
    """The cultures of a document; texts that are empty in all of them are not written."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._usual = names or [DEFAULT_CULTURE]
        self._empty = dict.fromkeys(names, "")

    def put(self, target: Json, key: str, texts: Texts) -> None:
        """Write a text of a block, network, type or tag into `target`."""
        if list(texts.items()) == list(self._empty.items()):
            return
        if list(texts) == self._usual and not any(list(texts.values())[1:]):
            target[key] = next(iter(texts.values()))
        else:
            target[key] = dict(texts) or None

    def put_comment(self, target: Json, texts: Texts) -> None:
        """Write a member's comment into `target`."""
        if list(texts) == self._usual[:1]:
            target["comment"] = texts[self._usual[0]]
        elif texts:
            target["comment"] = dict(texts)


def put(target: Json, **values: Any) -> None:
    """Write the values that are there: not None, not False, not empty containers."""
    for key, value in values.items():
        if value is not None and value is not False and value != {} and value != []:
            target[key] = value


def put_given(target: Json, **values: Any) -> None:
    """Write the values that are not None, empty and false ones too."""
    target.update({key: value for key, value in values.items() if value is not None})


def put_rest(target: Json, extra: Extra | None, **values: Any) -> None:
    """Write what authors leave out, as the last member ``x``."""
    rest: Json = {}
    put(rest, **values, extra=extra)
    put(target, x=rest)


def entries_to_json(entries: dict[str, str]) -> Json:
    """Return AttributeList entries with Booleans as such."""
    return {name: value == "true" if value in ("true", "false") else value for name, value in entries.items()}
