"""Texts of alarms: places for the value, the tag and the limit are filled, and nothing is computed."""

from __future__ import annotations

import re
from typing import Any

from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.values import Value

_PLACE = re.compile(r"\{(value|tag|limit|name)\}")
LONGEST = 4000
LONGEST_VALUE = 200


def fill(definition: AlarmDefinition, value: Value) -> dict[str, str]:
    """Return the texts of an alarm by language, with the places filled; other braces stay as they are."""
    words = {
        "value": value.text or _written(value.value),
        "tag": definition.tag,
        "limit": _written(definition.limit),
        "name": definition.name,
    }
    return {
        language: _PLACE.sub(lambda found: words[found[1]], text)[:LONGEST]
        for language, text in definition.texts.items()
    }


def choose(texts: dict[str, str], language: str = "", otherwise: str = "") -> str:
    """Return the text for a language, such as de-DE; for another region of it, or the first one, where there is none.

    Args:
        texts: The texts by language.
        language: The language that is wanted; empty for the first.
        otherwise: What is returned where there is no text at all.
    """
    folded = {name.casefold(): text for name, text in texts.items()}
    wanted = language.casefold()
    if wanted in folded:
        return folded[wanted]
    base = wanted.partition("-")[0]
    near = (text for name, text in folded.items() if base and name.partition("-")[0] == base)
    return next(near, next(iter(texts.values()), otherwise))


def _written(value: Any) -> str:
    if value is None:
        return ""
    return (("true" if value else "false") if isinstance(value, bool) else str(value))[:LONGEST_VALUE]
