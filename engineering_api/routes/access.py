"""What clients ask before they begin: the API key for programs on this computer, and what the licence allows.

This is free software, so everything is allowed. Facts: t-ia-connect-contract A2 and B1.
"""

from __future__ import annotations

from typing import Annotated

from engineering_api.context import Context
from engineering_api.operation import Lock, Model, Nothing, Place, Right, Section, Site, secret
from engineering_api.security import key_of
from openness_bridge.errors import Problem

section = Section("Health & Status", Site.GATEWAY)


class LocalKey(Model):
    """The key to send as X-API-Key."""

    api_key: Annotated[str, secret("What to send as X-API-Key.")]


class Feature(Model):
    """Something that clients offer only where it is enabled."""

    key: str
    name: str
    description: str
    enabled: bool = True


class Licence(Model):
    """What may be used.

    Attributes:
        edition: A name that clients know; the one with everything.
    """

    edition: str
    is_valid: bool
    features: list[Feature]


FEATURES = [
    Feature(key=key, name=name, description=description)
    for key, name, description in (
        ("ai", "Assistant", "An assistant that uses a model of your choice with your own key."),
        ("copilot", "Copilot", "The same, under the name that editors ask for."),
        ("assistant", "Assistant chat", "The same, under the name that the chat asks for."),
        ("hasVcs", "Source control", "The project as text in a git repository."),
        ("hasTestHarness", "PLC tests", "Tests of programs on simulated PLCs."),
    )
]


@section.operation(also="GET /api/auth/local-key", right=Right.PUBLIC, lock=Lock.NONE, place=Place.LOOP, changes=False)
def local_key(ctx: Context, _: Nothing) -> LocalKey:
    """Get the API key; only for a program on this computer that asks by a loopback address."""
    if not ctx.caller.local:
        msg = "The key is given only to programs on this computer, by http://127.0.0.1 or http://localhost."
        raise Problem("auth.not_local", msg, status=403)
    return LocalKey(api_key=key_of(ctx.service.settings))


@section.operation(also="GET /api/license/features", right=Right.VIEW, lock=Lock.NONE, place=Place.LOOP, changes=False)
def features(_ctx: Context, _: Nothing) -> Licence:
    """Get what may be used: everything, for ever. That a feature is allowed does not say that this version serves it."""
    return Licence(edition="enterprise", is_valid=True, features=FEATURES)
