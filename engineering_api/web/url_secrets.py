"""Refuses secrets in a URL: histories, proxies and logs keep URLs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec

from engineering_api.operations.fields import Request, metas
from openness_bridge.errors import Kind, Place, Problem

ALWAYS = frozenset({"apikey", "xapikey", "accesstoken", "refreshtoken", "authorization", "password", "secret", "token"})
"""Names under which nothing else than a secret comes, without regard to case, hyphens and underscores."""


def require_none(names: Iterable[str], request: type[Request]) -> None:
    """Refuse a query with a secret.

    Args:
        names: The names of the query's fields.
        request: What the operation takes.

    Raises:
        Problem: `request.secret_in_url`; it does not repeat the value.
    """
    for name in names:
        if _fold(name) in _secrets(request):
            msg = (
                f"'{name}' must not be in a URL, because logs and histories keep URLs: send a password in the body, and an API key "
                "as X-API-Key. Change it if it was real."
            )
            raise Problem("request.secret_in_url", msg, kind=Kind.INVALID, place=Place(pointer=f"/{name}"))


@cache
def _secrets(request: type[Request]) -> frozenset[str]:
    """Return the names of the fields that hold secrets, and those that always do."""
    found = set(ALWAYS)
    for field in msgspec.structs.fields(request):
        for extra in (meta.extra or {} for meta in metas(field.type)):
            if extra.get("secret"):
                found |= {_fold(name) for name in (field.name, *extra.get("also", ()))}
    return frozenset(found)


def _fold(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "")
