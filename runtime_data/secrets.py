"""Secrets of a definition of a sink, source or server: sealed before they are kept, open only while it is made, never answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from engineering_api.operations.fields import secrets_of

_DESTINATION = {"url", "host", "port", "token_url", "ca", "fingerprint", "plain_http", "server_certificate"}
"""Fields that say where a secret goes, and who is believed to be there."""


def each_secret(form: Any, change: Callable[[str], str]) -> Any:
    """Return a definition, a struct, whose secrets are changed, those of its parts as well; empty ones stay empty."""
    hidden = _secrets(form)
    changed = {}
    for name in form.__struct_fields__:
        value = getattr(form, name)
        if name in hidden:
            changed[name] = change(value) if value else value
        elif isinstance(value, msgspec.Struct):
            changed[name] = each_secret(value, change)
    return msgspec.structs.replace(form, **changed)


def keep_secrets(new: Any, old: Any) -> Any:
    """Return a definition that has the secrets of the former one where it has none itself, of the same type and receiver."""
    if type(new) is not type(old) or _receiver(new) != _receiver(old):
        return new
    return _fill(new, old)


def _fill(new: Any, old: Any) -> Any:
    hidden = _secrets(new)
    changed = {}
    for name in new.__struct_fields__:
        value, known = getattr(new, name), getattr(old, name)
        if name in hidden:
            changed[name] = value or known
        elif isinstance(value, msgspec.Struct) and type(value) is type(known):
            changed[name] = _fill(value, known)
    return msgspec.structs.replace(new, **changed)


def _secrets(form: msgspec.Struct) -> tuple[str, ...]:
    return secrets_of(type(form))


def _receiver(form: Any) -> dict[str, Any]:
    """Return the parts of a definition that say where its secrets go."""
    found: dict[str, Any] = {}
    for name in form.__struct_fields__:
        value = getattr(form, name)
        if isinstance(value, msgspec.Struct):
            found[name] = _receiver(value)
        elif name in _DESTINATION:
            found[name] = value
    return found
