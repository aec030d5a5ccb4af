"""The functions of Ignition's `system` that handlers call, over the runtime of this service.

A handler reads, writes and acknowledges with the rights of the caller of its route. Only what is here can be called; another
function of Ignition is an AttributeError. Facts: docs/facts/ignition.md#scripting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from engineering_api.operations.binding import bind_document
from engineering_api.operations.fields import Request
from runtime_data.ignition import alarm_events, history_tables, tags, times
from runtime_data.ignition.alarm_events import Acknowledge, Event, JournalQuery, StatusQuery
from runtime_data.ignition.history_tables import HistoryQuery
from runtime_data.ignition.qualities import Quality
from runtime_data.ignition.scripting.http_client import HttpClient
from runtime_data.ignition.scripting.link import Link
from runtime_data.ignition.scripting.values import Dataset, Date, QualifiedValue, Results, qualified
from runtime_data.ignition.tags import PathWrite
from runtime_data.values import Scalar

Texts = str | Sequence[str]
R = TypeVar("R", bound=Request)


class TagFunctions:
    """`system.tag`."""

    def __init__(self, link: Link) -> None:
        """Ask over this link."""
        self._link = link

    def readBlocking(self, tagPaths: Texts, timeout: int = 45_000) -> list[QualifiedValue]:
        """Return the values of tags, in the order asked.

        Args:
            tagPaths: Paths, such as [default]Motor/speed.
            timeout: Accepted; the time limit of the handler counts.
        """
        del timeout
        return [qualified(value) for value in self._link.ask(lambda ctx: tags.read(ctx, _texts(tagPaths)))]

    def writeBlocking(self, tagPaths: Texts, values: Scalar | Sequence[Scalar], timeout: int = 45_000) -> list[Quality]:
        """Write tags and return the quality of each write, in the order given.

        Args:
            tagPaths: Paths.
            values: As many values, or one for all paths.
            timeout: Accepted; the time limit of the handler counts.

        Raises:
            ValueError: There are more paths or more values.
        """
        del timeout
        paths = _texts(tagPaths)
        given = [values] * len(paths) if isinstance(values, str | bool | int | float) else list(values)
        writes = [PathWrite(path, value) for path, value in zip(paths, given, strict=True)]
        return self._link.ask(lambda ctx: tags.write(ctx, writes))

    def browse(self, path: str = "", filter: dict[str, Any] | None = None) -> Results:  # noqa: A002 - Ignition's name
        """Return the nodes below a path, as dictionaries.

        Args:
            path: Such as [default]Motor; the providers without one.
            filter: name (a glob), recursive, tagType, dataType.

        Raises:
            ValueError: The filter has another key.
        """
        wanted = dict(filter or {})
        name, recursive = str(wanted.pop("name", "*")), bool(wanted.pop("recursive", False))
        alike = {key: str(wanted.pop(key)) for key in ("tagType", "dataType") if key in wanted}
        if wanted:
            msg = f"browse has no filter {', '.join(wanted)}: use name, recursive, tagType, dataType."
            raise ValueError(msg)
        nodes = self._link.ask(lambda ctx: tags.browse(ctx, path, name, recursive=recursive))
        found = (msgspec.to_builtins(node) for node in nodes)
        return Results(each for each in found if all(each[key] == value for key, value in alike.items()))

    def queryTagHistory(self, paths: Texts, *given: Any, **wanted: Any) -> Dataset:
        """Return the past of tags as a table; its columns with times hold dates.

        Args:
            paths: Paths.
            given: startDate and endDate.
            wanted: The other parameters of the route api/history, by their names.

        Raises:
            TypeError: There are more than two unnamed parameters.
        """
        if len(given) > 2:
            msg = "Name the parameters behind endDate, as in returnSize=10."
            raise TypeError(msg)
        named = dict(zip(("startDate", "endDate"), given, strict=False)) | wanted
        query = _bound(HistoryQuery, {"paths": _texts(paths)} | named)
        table = self._link.ask(lambda ctx: history_tables.query(ctx, query))
        rows = [
            [Date(each) if number == table.time_column else each for number, each in enumerate(row)]
            for row in table.rows
        ]
        return Dataset(table.columns, rows)


class AlarmEvent:
    """An alarm as handlers read it: its fields as attributes, or as methods such as getSource()."""

    def __init__(self, event: Event) -> None:
        """Show this event."""
        self._fields = msgspec.to_builtins(event)

    def __getattr__(self, name: str) -> Any:
        fields = object.__getattribute__(self, "_fields")
        if name in fields:
            return fields[name]
        method = name[3:4].lower() + name[4:] if name.startswith("get") else ""
        if method in fields:
            return lambda: fields[method]
        raise AttributeError(name)


class AlarmFunctions:
    """`system.alarm`."""

    def __init__(self, link: Link) -> None:
        """Ask over this link."""
        self._link = link

    def queryStatus(self, **wanted: Any) -> list[AlarmEvent]:
        """Return the alarms that are not over; parameters as of the route api/alarms, each a list or one value."""
        query = _bound(StatusQuery, _as_lists(wanted))
        return [AlarmEvent(each) for each in self._link.ask(lambda ctx: alarm_events.status(ctx, query))]

    def queryJournal(self, startDate: Any = None, endDate: Any = None, **wanted: Any) -> list[AlarmEvent]:
        """Return events of the journal; parameters as of the route api/alarms/journal."""
        dates = {name: each for name, each in (("startDate", startDate), ("endDate", endDate)) if each is not None}
        query = _bound(JournalQuery, _as_lists(wanted) | dates)
        return [AlarmEvent(each) for each in self._link.ask(lambda ctx: alarm_events.journal(ctx, query))]

    def acknowledge(self, alarmIds: Texts, notes: str | None = None, username: str | None = None) -> list[str]:
        """Acknowledge alarms and return the ids of those that were not.

        Args:
            alarmIds: Ids of alarm events.
            notes: What the operator says.
            username: For whom the caller acknowledges.
        """
        wanted = _bound(Acknowledge, {"alarmIds": _texts(alarmIds), "notes": notes or "", "username": username or ""})
        done = self._link.ask(lambda ctx: alarm_events.acknowledge(ctx, wanted))
        return [each.id for each in done if not each.success]


class NetFunctions:
    """`system.net`."""

    def httpClient(self, **settings: Any) -> HttpClient:
        """Return what sends requests to other systems; parameters as of `HttpClient`."""
        return HttpClient(**settings)


class System:
    """`system`."""

    def __init__(self, link: Link) -> None:
        """Ask over this link."""
        self.tag, self.alarm, self.net = TagFunctions(link), AlarmFunctions(link), NetFunctions()


def _bound(kind: type[R], fields: dict[str, Any]) -> R:
    plain = {
        name: times.written(each.microseconds) if isinstance(each, Date) else each for name, each in fields.items()
    }
    found = bind_document(kind, plain)
    assert isinstance(found, kind)  # noqa: S101 - for the type checker
    return found


def _texts(given: Texts) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _as_lists(given: dict[str, Any]) -> dict[str, Any]:
    single = ("includeShelved", "limit")
    return {
        name: each if name in single or isinstance(each, list | tuple) else [each]
        for name, each in given.items()
        if each is not None
    }
