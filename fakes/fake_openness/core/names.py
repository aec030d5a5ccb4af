"""Which names TIA Portal accepts for which object.

Facts: docs/facts/tia-rules.md#names; the maximum lengths are the usually quoted ones, nowhere documented.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_openness.core.errors import EngineeringTargetInvocationException
from simatic_xml import limits

BLOCK_LENGTH, TAG_LENGTH, GROUP_LENGTH = "block_name", "tag_name", "folder_name"
"""The limits of lengths, by their names in the table of limits."""


def require_name(name: str, what: str, limit: str = BLOCK_LENGTH) -> str:
    """Return a name that a program object may have.

    Args:
        name: The name.
        what: The kind of object, for the text of the refusal.
        limit: The limit of its length.

    Raises:
        EngineeringTargetInvocationException: Empty, too long, or with a character that is not allowed.
    """
    if not name:
        raise _refusal("name.empty", f"A {what} needs a name.", name)
    place = _invalid_place(name)
    if place is not None:
        msg = f"The name '{name}' of a {what} contains an invalid character at position {place}."
        raise _refusal("name.character", msg, name)
    return require_length(name, what, limit)


def are_usual(names: Sequence[str], limit: str = BLOCK_LENGTH) -> bool:
    """Return whether `require_name` takes all names, for many at a time; False where one of them needs it."""
    whole = "".join(names)
    return (
        whole.isprintable()
        and '"' not in whole
        and max(map(len, names), default=1) <= limits.most(limit)
        and all(name and name == name.strip() for name in names)
    )


def require_length(name: str, what: str, limit: str = GROUP_LENGTH) -> str:
    """Return a name that is neither empty nor too long; groups have no other rule.

    Raises:
        EngineeringTargetInvocationException: Empty or too long.
    """
    most = limits.most(limit)
    if not 0 < len(name) <= most:
        msg = f"The name of a {what} has 1 to {most} characters; '{name[:40]}' has {len(name)}."
        raise _refusal("name.length", msg, name)
    return name


def require_levels(above: int) -> None:
    """Refuse a folder below too many others.

    Raises:
        EngineeringTargetInvocationException: There are as many levels as allowed.
    """
    try:
        limits.require("folder_levels", above + 1)
    except limits.LimitError as error:
        raise EngineeringTargetInvocationException(error.message, code=error.code) from error


def levels_above(obj: Any, kind: type) -> int:
    """Return how many objects of a kind an object is in, itself included."""
    found = 0
    while obj is not None:
        found += isinstance(obj, kind)
        obj = getattr(obj, "_parent", None)
    return found


def already_exists(name: str, what: str) -> EngineeringTargetInvocationException:
    """Return the refusal of a name that is taken."""
    return _refusal("name.exists", f"A {what} with the name '{name}' already exists: choose another name.", name)


def _invalid_place(name: str) -> int | None:
    if name.isprintable() and '"' not in name and name == name.strip():
        return None
    if name != name.lstrip():
        return 0
    if name != name.rstrip():
        return len(name) - 1
    return next(i for i, c in enumerate(name) if c == '"' or not c.isprintable())


def _refusal(code: str, text: str, name: str) -> EngineeringTargetInvocationException:
    return EngineeringTargetInvocationException(text, code=code, place={"name": name})
