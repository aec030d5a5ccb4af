"""Multilingual texts as lists of culture and text, and the one in the editing language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from openness_bridge.errors import Problem
from openness_bridge.model import Model
from openness_bridge.portal.portal import Session
from openness_bridge.values import set_attribute


class Text(msgspec.Struct, rename="camel", frozen=True):
    """A text in one language.

    Attributes:
        culture: Such as en-US.
    """

    culture: str
    text: str


def editing_culture(session: Session) -> str:
    """Return the culture of the project's editing language."""
    return str(session.project.LanguageSettings.EditingLanguage.Culture.Name)


def read(text: Any) -> dict[str, str]:
    """Return the texts by culture, without those that are empty."""
    found = {str(item.Language.Culture.Name): str(item.Text) for item in text.Items}
    return {culture: value for culture, value in found.items() if value}


def write(model: Model, text: Any, texts: Iterable[Text]) -> None:
    """Write the texts that are given; those of other languages stay.

    Raises:
        Problem: A language is not active in the project.
    """
    items = {str(item.Language.Culture.Name): item for item in text.Items}
    for each in texts:
        item = items.get(each.culture)
        if item is None:
            msg = f"'{each.culture}' is not an active language of the project: use {', '.join(items)}, or activate it."
            raise Problem("text.culture", msg)
        if str(item.Text) != each.text:
            set_attribute(model, item, "Text", each.text)


def as_list(texts: dict[str, str]) -> list[Text]:
    """Return texts by culture as a list, without those that are empty."""
    return [Text(culture, text) for culture, text in texts.items() if text]


def merge(session: Session, comment: str | None, comments: list[Text]) -> list[Text]:
    """Return a comment of the editing language and those of named languages, as one list."""
    return comments if comment is None else [Text(editing_culture(session), comment), *comments]
