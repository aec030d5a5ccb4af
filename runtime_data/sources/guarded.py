"""Sources of plugins: what fails in one is an answer of this source, so that the others keep running."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn, cast

from openness_bridge.errors import Detail, Place, Problem
from runtime_data.plugins import guard
from runtime_data.quality import NOT_CONNECTED
from runtime_data.sources.source import Source, SourceStatus
from runtime_data.values import Scalar, Value, now
from simatic_xml.lazy.plugins import NOT_USED, Entry, PluginError

_METHODS = ("status", "read", "write", "find", "tags", "browse", "leaves", "follow")
Methods = dict[str, Callable[..., Any]]


class _Answering:
    """A source. Its methods are attributes, so that it has those further protocols that the plugin's source has."""

    def __init__(self, about: Mapping[str, object], methods: Methods) -> None:
        self.__dict__ |= {**about, **methods}


def guard_source(source: Any, name: str, entry: Entry) -> Source:
    """Return a source of a plugin whose failures are answers.

    Raises:
        Problem: It lacks an attribute or a method of a source.
    """
    missing = [each for each in (*_METHODS, "real", "atomic") if not hasattr(source, each)]
    if missing:
        failure = PluginError(NOT_USED, entry, f"its source has no {', '.join(missing)}.")
        raise Problem("plugin.not_used", failure.message)
    members = {each: getattr(source, each) for each in dir(source) if not each.startswith("_")}
    methods = {each: member for each, member in members.items() if callable(member)}
    methods |= {
        "read": lambda paths: _require(source.read(paths), Value, len(paths)),
        "write": lambda values, expected, *, atomic: _require(
            source.write(values, expected, atomic=atomic), Detail | None, len(values)
        ),
    }
    about = {"name": name, "kind": entry.name, "real": bool(source.real), "atomic": bool(source.atomic)}
    return _answering(about, {each: guard(method, entry) for each, method in methods.items()})


def broken_source(name: str, kind: str, problem: Problem) -> Source:
    """Return the source of a definition whose kind cannot be used: its plugin is gone, or fails. It answers with the reason."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise Problem(problem.code, problem.message, kind=problem.kind)

    methods: Methods = dict.fromkeys(_METHODS, refuse)
    return _answering({"name": name, "kind": kind, "real": True, "atomic": False}, methods | {"follow": lambda _: None})


def _answering(about: Mapping[str, Any], methods: Methods) -> Source:
    """Return a source of methods that raise a Problem for what fails; for a state and for tags it is an answer."""
    name = about["name"]

    def status() -> SourceStatus:
        try:
            found: SourceStatus = methods["status"]()
        except Problem as problem:
            return SourceStatus("failed", problem.message)
        return found

    def read(paths: Sequence[str]) -> list[Value]:
        try:
            found: list[Value] = methods["read"](paths)
        except Problem as problem:
            return [_without_value(f"{name}:{path}", problem) for path in paths]
        return found

    def write(
        values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        try:
            found: list[Detail | None] = methods["write"](values, expected, atomic=atomic)
        except Problem as problem:
            return [Detail(problem.code, problem.message, Place(object=f"{name}:{path}")) for path, _ in values]
        return found

    def close() -> None:
        with suppress(Problem):  # it is in the log
            methods["close"]()

    kept: Methods = {"status": status, "read": read, "write": write}
    return cast(Source, _Answering(about, methods | kept | ({"close": close} if "close" in methods else {})))


def _require(found: Any, kind: Any, count: int) -> list[Any]:
    """Return what a source answered.

    Raises:
        TypeError: It is not an answer for each tag.
    """
    if not (isinstance(found, list) and len(found) == count and all(isinstance(each, kind) for each in found)):
        msg = "it did not answer for each tag"
        raise TypeError(msg)
    return found


def _without_value(tag: str, problem: Problem) -> Value:
    error = Detail(problem.code, problem.message, Place(object=tag))
    return Value(tag, None, status=NOT_CONNECTED.code, server_time=now(), error=error)
