"""Makes the schema with its resolvers, once, from its text. Needs the extra `graphql`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from engineering_api.extras import Extra
from engineering_api.operations.context import Context
from runtime_data.unified import access, alarms, streams, tags
from runtime_data.unified.schema_text import SCHEMA

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo, GraphQLSchema

    Info = GraphQLResolveInfo[Context]

Resolver = Callable[..., Any]


@cache
def unified_schema() -> GraphQLSchema:
    """Return the schema.

    Raises:
        Problem: The extra is not installed.
    """
    with Extra("graphql"):
        from graphql import build_schema
    schema = build_schema(SCHEMA)
    for name, resolver in _QUERIES.items():
        schema.query_type.fields[name].resolve = _for_known(resolver)  # type: ignore[union-attr]  # the text has it
    for name, resolver in _MUTATIONS.items():
        wrapped = resolver if name in OPEN else _for_known(resolver)
        schema.mutation_type.fields[name].resolve = wrapped  # type: ignore[union-attr]  # as above
    for name, subscribe in _SUBSCRIPTIONS.items():
        field = schema.subscription_type.fields[name]  # type: ignore[union-attr]  # as above
        field.subscribe, field.resolve = _for_known(subscribe), _as_is
    return schema


def _for_known(resolver: Resolver) -> Resolver:
    """Return a resolver that refuses callers without a token."""

    def resolve(root: Any, info: Info, **arguments: Any) -> Any:
        access.require_known(info.context.caller)
        return resolver(root, info, **arguments)

    return resolve


def _as_is(event: Any, _: Info, **__: Any) -> Any:
    return event


def _languages(given: list[str | None] | None) -> list[str]:
    return [each for each in given or [] if each][:10] or ["en-US"]


def _names(given: list[str | None]) -> list[str]:
    return [each or "" for each in given]


# -- queries ------------------------------------------------------------------------------


def _session(_: Any, info: Info, **__: Any) -> list[dict[str, Any]]:
    return [access.show_session(info.context.caller)]


def _refuse_claim(_: Any, __: Info, **___: Any) -> Any:
    raise access.refuse_central_login()


async def _tag_values(_: Any, info: Info, *, names: list[str], **__: Any) -> Any:
    return await tags.read(info.context, names)


async def _browse(_: Any, info: Info, **given: Any) -> Any:
    lists = (_names(given.get(each) or []) for each in ("nameFilters", "objectTypeFilters", "baseTypeFilters"))
    return await tags.browse(info.context, *lists)


async def _logged_tag_values(_: Any, info: Info, *, names: list[str | None], **given: Any) -> Any:
    return await tags.read_logged(
        info.context,
        _names(names),
        start=given["startTime"],
        end=given["endTime"],
        most=given["maxNumberOfValues"],
        descending=given["sortingMode"] == "TIME_DESC",
        bounds=given["boundingValuesMode"],
    )


def _active_alarms(_: Any, info: Info, **given: Any) -> Any:
    return alarms.list_active(info.context, _languages(given.get("languages")), given.get("filterString") or "")


async def _logged_alarms(_: Any, info: Info, **given: Any) -> Any:
    return await alarms.list_logged(
        info.context,
        _languages(given.get("languages")),
        given.get("filterString") or "",
        start=given["startTime"],
        end=given["endTime"],
        most=given["maxNumberOfResults"],
    )


# -- mutations ----------------------------------------------------------------------------


async def _login(_: Any, info: Info, *, username: str, password: str) -> Any:
    return await access.login(info.context, username, password)


def _extend_session(_: Any, __: Info) -> Any:
    raise access.refuse_extension()


async def _logout(_: Any, info: Info, **__: Any) -> bool:
    return await access.logout(info.context)


async def _write(_: Any, info: Info, **given: Any) -> Any:
    dated = given.get("timestamp") is not None or given.get("quality") is not None
    return await tags.write(info.context, [each for each in given["input"] if each], dated=dated)


def _on_occurrences(action: str) -> Resolver:
    async def resolve(_: Any, info: Info, **given: Any) -> Any:
        return await alarms.change_occurrences(info.context, action, [each for each in given["input"] if each])

    return resolve


def _on_definitions(action: str) -> Resolver:
    async def resolve(_: Any, info: Info, *, names: list[str | None]) -> Any:
        return await alarms.change_definitions(info.context, action, _names(names))

    return resolve


async def _shelve(_: Any, info: Info, *, names: list[str | None], **given: Any) -> Any:
    seconds = alarms.shelving_seconds(given.get("shelveTimeout") or 0)
    return await alarms.change_definitions(info.context, "shelve", _names(names), seconds=seconds)


# -- subscriptions ------------------------------------------------------------------------


def _values(_: Any, info: Info, *, names: list[str]) -> AsyncIterator[Any]:
    tags.require_few(names)
    return streams.values_of(info.context, names)


def _alarms(_: Any, info: Info, **given: Any) -> AsyncIterator[Any]:
    languages, text = _languages(given.get("languages")), given.get("filterString") or ""
    return streams.alarms_of(info.context, languages, text)


def _redundancy(_: Any, info: Info) -> AsyncIterator[Any]:
    return streams.redundancy_of(info.context)


_QUERIES: dict[str, Resolver] = {
    "session": _session,
    "nonce": _refuse_claim,
    "identityProviderURL": _refuse_claim,
    "tagValues": _tag_values,
    "browse": _browse,
    "loggedTagValues": _logged_tag_values,
    "activeAlarms": _active_alarms,
    "loggedAlarms": _logged_alarms,
}
_MUTATIONS: dict[str, Resolver] = {
    "login": _login,
    "loginSWAC": _refuse_claim,
    "extendSession": _extend_session,
    "logout": _logout,
    "writeTagValues": _write,
    "acknowledgeAlarms": _on_occurrences("acknowledge"),
    "resetAlarms": _on_occurrences("reset"),
    "disableAlarms": _on_definitions("remove_from_service"),
    "enableAlarms": _on_definitions("place_in_service"),
    "shelveAlarms": _shelve,
    "unshelveAlarms": _on_definitions("unshelve"),
}
_SUBSCRIPTIONS: dict[str, Resolver] = {"tagValues": _values, "activeAlarms": _alarms, "reduState": _redundancy}
OPEN = {"login", "loginSWAC"}
"""What a caller without a token may use."""
