"""The alarms of the service whose tags the server shows, as Alarms.Browse lists them."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Any

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from runtime_data.alarms.alarm import Alarm, AlarmEvent
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.texts import choose
from runtime_data.servers.webapi.cpu import iso
from runtime_data.servers.webapi.refusals import Refused
from runtime_data.values import now, split
from runtime_data.webapi import codes

ACKNOWLEDGE = "runtime_servers.acknowledge"
MOST = 500
DEFAULT_LANGUAGE = "en-US"
_ATTRIBUTES = {"alarm_text", "info_text", "status", "timestamp", "acknowledgement", "alarm_number", "producer"}
_ALWAYS = {"id"}


class AlarmList:
    """The alarms of a source. On the event loop only."""

    def __init__(self, service: Service, source: Callable[[], Awaitable[str]]) -> None:
        """Show the alarms of a source of this service."""
        self._service, self._source = service, source
        self._alarms = service.part(Alarms)
        self._modified = now()
        self._listening = ExitStack()
        self._listening.enter_context(self._alarms.listen(self._note))

    def close(self) -> None:
        """Listen no more."""
        self._listening.close()

    def languages(self, caller: Caller) -> list[str]:
        """Return the languages that the alarms of a caller have texts in."""
        found = {language for each in self._alarms.definitions(caller) for language in each.texts}
        return sorted(found) or [DEFAULT_LANGUAGE]

    async def browse(self, caller: Caller, params: dict[str, Any], language: str, count: int) -> dict[str, Any]:
        """Return the alarms that are not Normal.

        Raises:
            Refused: There is no alarm of the id, or the parameters contradict each other.
        """
        wanted = params.get("alarm_id")
        if wanted is not None and "count" in params:
            raise Refused(codes.INVALID_ALARM_PARAMETERS)
        left_out = _left_out(params.get("filters"))
        found = await self._active(caller)
        shown = found[: min(count, MOST)] if wanted is None else [self._find(found, wanted)]
        return {
            "entries": [_entry(each, language, left_out) for each in shown],
            "last_modified": iso(self._modified * 1000),
            "count_current": len(found),
            "count_max": MOST,
            "language": language,
        }

    async def acknowledge(self, caller: Caller, wanted: Any) -> bool:
        """Acknowledge an alarm, and note that.

        Raises:
            Refused: There is none, or it does not need that.
        """
        alarm = self._find(await self._active(caller), wanted)
        (outcome,) = await self._alarms.acknowledge([alarm.id], caller.name, "", caller)
        code = "ok" if outcome.error is None else outcome.error.code
        await self._service.audit.event(
            ACKNOWLEDGE, code, caller.name, caller.address, server="webapi", alarm=alarm.name
        )
        if outcome.error is not None:
            raise Refused(codes.INVALID_ALARM)
        return True

    async def _active(self, caller: Caller) -> list[Alarm]:
        source = await self._source()
        return [each for each in self._alarms.active(caller=caller) if split(each.tag)[0] == source]

    def _find(self, alarms: list[Alarm], wanted: Any) -> Alarm:
        found = next((each for each in alarms if id_of(each) == str(wanted)), None)
        if found is None:
            raise Refused(codes.INVALID_ALARM)
        return found

    def _note(self, events: Sequence[AlarmEvent]) -> None:
        self._modified = max(self._modified + 1, *(each.time for each in events))


def id_of(alarm: Alarm) -> str:
    """Return the number of an alarm: 64 bits as a text, as a CPU's."""
    return str(int.from_bytes(hashlib.blake2b(alarm.id.encode(), digest_size=8).digest(), "big"))


def _entry(alarm: Alarm, language: str, left_out: set[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": id_of(alarm),
        "alarm_number": alarm.number,
        "status": "incoming" if alarm.active else "outgoing",
        "timestamp": iso((alarm.raised_at if alarm.active else alarm.cleared_at) * 1000),
        "producer": "system_diagnostics" if alarm.origin == "system" else "program_alarm",
        "alarm_text": choose(alarm.texts, language) or alarm.name,
        "info_text": "",
        "text_inconsistent": False,
    }
    if alarm.needs_acknowledge:
        entry["acknowledgement"] = {"state": "acknowledged" if alarm.acknowledged else "not_acknowledged"} | (
            {"timestamp": iso(alarm.acknowledged_at * 1000)} if alarm.acknowledged_at else {}
        )
    return {name: value for name, value in entry.items() if name in _ALWAYS or name not in left_out}


def _left_out(filters: Any) -> set[str]:
    """Return the attributes that a client does not want.

    Raises:
        Refused: The filter is none.
    """
    if filters is None:
        return set()
    mode, attributes = (filters.get("mode"), filters.get("attributes")) if isinstance(filters, dict) else (None, None)
    if (
        mode not in ("include", "exclude")
        or not isinstance(attributes, list)
        or not set(map(str, attributes)) <= _ATTRIBUTES
    ):
        raise Refused(codes.INVALID_PARAMETERS)
    return set(attributes) if mode == "exclude" else _ATTRIBUTES - set(attributes)
