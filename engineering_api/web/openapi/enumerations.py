"""Gives each enumeration that has a title one named schema, which generators of clients make one type of."""

from __future__ import annotations

from typing import Any

_REF = "#/components/schemas/{name}"
_OWN = ("title", "enum", "type")
_EXAMPLES = {"example", "examples", "default"}


def share(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document whose titled enumerations are components that their fields refer to.

    Raises:
        ValueError: Two enumerations, or an enumeration and a type, have one name.
    """
    found: dict[str, Any] = {}
    shared: dict[str, Any] = _refer(document, found)
    schemas = shared["components"]["schemas"]
    if taken := sorted(found.keys() & schemas.keys()):
        raise ValueError(f"A type and an enumeration have one name: {taken}")
    shared["components"]["schemas"] = dict(sorted((schemas | found).items()))
    return shared


def _refer(value: Any, found: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_refer(each, found) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(title := value.get("title"), str) and isinstance(value.get("enum"), list):
        own = {key: value[key] for key in _OWN if key in value}
        if found.setdefault(title, own) != own:
            raise ValueError(f"Two enumerations have one name: {title}")
        return {"$ref": _REF.format(name=title)} | {key: each for key, each in value.items() if key not in _OWN}
    return {key: each if key in _EXAMPLES else _refer(each, found) for key, each in value.items()}
