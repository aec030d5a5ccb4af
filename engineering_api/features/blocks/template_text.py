"""Fills the texts of block templates: values, parts for each element of a list, parts that depend on a value.

`{{name}}` is a value. Lines between `{{#name}}` and `{{/name}}`, each on a separate
line, are repeated for each element of a list, with the element's values, or
kept where the value is true; those after `{{^name}}` are kept where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PART = re.compile(r"^[ \t]*\{\{([#^])(\w+)\}\}\n(.*?)^[ \t]*\{\{/\2\}\}(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_VALUE = re.compile(r"\{\{(\w+)\}\}")


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Return the text with everything filled in.

    Raises:
        KeyError: The text names a value that there is not.
    """
    whole = _PART.sub(lambda part: _part(part[1], values[part[2]], part[3], values), text)
    return _VALUE.sub(lambda found: _text(values[found[1]]), whole)


def fill_all(data: Any, values: Mapping[str, Any]) -> Any:
    """Return JSON data with everything filled in, in all its strings."""
    if isinstance(data, str):
        return fill(data, values)
    if isinstance(data, list):
        return [fill_all(each, values) for each in data]
    if isinstance(data, dict):
        return {key: fill_all(each, values) for key, each in data.items()}
    return data


def _part(sign: str, value: Any, inner: str, values: Mapping[str, Any]) -> str:
    if isinstance(value, list):
        return "".join(fill(inner, {**values, **each}) for each in value)
    return fill(inner, values) if bool(value) is (sign == "#") else ""


def _text(value: Any) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)
