"""Which names TIA Portal accepts for which object.

Facts: tia-rules 1; the maximum lengths are the usually quoted ones, nowhere documented.
"""

from __future__ import annotations

from fakes.openness.errors import EngineeringTargetInvocationException

BLOCK_LENGTH = 125
TAG_LENGTH = 128
GROUP_LENGTH = 128


def require_name(name: str, what: str, limit: int = BLOCK_LENGTH) -> str:
    """Return a name that a program object may have.

    Args:
        name: The name.
        what: What it names, for the sentence of the refusal.
        limit: The greatest number of characters.

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


def require_length(name: str, what: str, limit: int = GROUP_LENGTH) -> str:
    """Return a name of 1 to `limit` characters; groups have no other rule.

    Raises:
        EngineeringTargetInvocationException: Empty or too long.
    """
    if not 0 < len(name) <= limit:
        msg = f"The name of a {what} has 1 to {limit} characters; '{name[:40]}' has {len(name)}."
        raise _refusal("name.length", msg, name)
    return name


def already_exists(name: str, what: str) -> EngineeringTargetInvocationException:
    """The refusal of a name that is taken."""
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
