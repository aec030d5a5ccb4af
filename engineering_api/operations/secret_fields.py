"""Requests as they may be kept, in jobs, in the audit log and in reports: without the passwords that came with them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, get_args, get_origin

import msgspec

from engineering_api.operations.fields import Request, metas, secrets_of

SECRET_KEYS = frozenset(
    {
        "password",
        "passwords",
        "newpassword",
        "oldpassword",
        "displaypassword",
        "mastersecret",
        "privatekey",
        "secret",
        "apikey",
        "token",
        "accesstoken",
        "refreshtoken",
    }
)
"""What passwords are called in free documents, without regard to case and underscores."""
_NAMED = re.compile(r"\$\{secret\.\w+\}")


def without_secrets(request: Request) -> Request:
    """Return the request as it may be kept: passwords that were given are gone, those in its parts as well.

    In free documents, such as the parameters of a pipeline's step, what is called like a password is one, unless it is
    the name of a secret: ${secret.PLANT}.
    """
    kept: Request = _strip(request)
    return kept


def _strip(value: Any) -> Any:
    """Return a value without secrets: the same object when it has none."""
    if isinstance(value, msgspec.Struct):
        fields = ((name, hidden, getattr(value, name)) for name, hidden in _list_secret_fields(type(value)))
        kept = {name: type(found)() if hidden and found else _strip(found) for name, hidden, found in fields}
        changed = {name: each for name, each in kept.items() if each is not getattr(value, name)}
        return msgspec.structs.replace(value, **changed) if changed else value
    if isinstance(value, dict):
        less = {key: _blank(each) if _is_secret(key, each) else _strip(each) for key, each in value.items()}
        return value if all(less[key] is each for key, each in value.items()) else less
    if isinstance(value, list):
        entries = [_strip(each) for each in value]
        return value if all(one is other for one, other in zip(entries, value, strict=True)) else entries
    return value


def _blank(value: Any) -> Any:
    return type(value)() if isinstance(value, str | list | dict) else None


def _is_secret(key: Any, value: Any) -> bool:
    named = isinstance(value, str) and _NAMED.fullmatch(value)
    return bool(value) and not named and str(key).casefold().replace("_", "") in SECRET_KEYS


@cache
def _list_secret_fields(struct: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """Return the fields that hold a secret (true), and those with parts that may have one."""
    found = []
    for each in msgspec.structs.fields(struct):
        hidden = any((meta.extra or {}).get("secret") or (meta.extra or {}).get("carries") for meta in metas(each.type))
        if hidden or _can_have_secret(each.type, set()):
            found.append((each.name, hidden))
    return tuple(found)


def _can_have_secret(kind: Any, seen: set[Any]) -> bool:
    """Return whether a value of a type can have a secret in it: it is a free document, or has a field for one."""
    if kind is Any or kind is dict or get_origin(kind) is dict:
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        fields = msgspec.structs.fields(kind)
        return bool(secrets_of(kind)) or any(_can_have_secret(each.type, seen) for each in fields)
    return any(_can_have_secret(part, seen) for part in get_args(kind))
