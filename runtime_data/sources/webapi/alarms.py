"""The alarms that a CPU lists: asked for as a whole only when `last_modified` is another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from openness_bridge.errors import Kind, Problem
from runtime_data.sources.source import ListedAlarm
from runtime_data.sources.webapi.client import WebApiClient
from runtime_data.values import microseconds

MOST = 500
USUAL_LANGUAGE = "en-US"
LONGEST_TEXT = 1000
_LARGEST_NUMBER = (1 << 31) - 1


class WebApiAlarms:
    """The alarms of one CPU. Any thread but the event loop's."""

    def __init__(self, client: WebApiClient) -> None:
        """Ask this client."""
        self._client = client
        self._modified, self._language = "", ""

    def read(self) -> Sequence[ListedAlarm] | None:
        """Return all alarms; None where nothing has changed since the last call, or the firmware has no list.

        Raises:
            Problem: The CPU cannot be reached, or refuses it.
        """
        if not self._client.offers("Alarms.Browse"):
            return None
        language = self._language = self._language or self._ask_language()
        modified = str(_entries(self._client.call("Alarms.Browse", language=language, count=1))[1])
        if modified == self._modified:
            return None
        entries, modified = _entries(self._client.call("Alarms.Browse", language=language, count=MOST))
        self._modified = modified
        return [_alarm(each, language) for each in entries if isinstance(each, dict) and each.get("id")]

    def acknowledge(self, id_: str) -> None:
        """Acknowledge an alarm.

        Raises:
            Problem: The CPU refuses it, or its answer is lost (runtime.outcome_unknown).
        """
        self._client.order("Alarms.Acknowledge", id=id_)

    def _ask_language(self) -> str:
        """Return the first language of the project in the CPU."""
        if not self._client.offers("Project.ReadLanguages"):
            return USUAL_LANGUAGE
        found = self._client.call("Project.ReadLanguages")
        languages = found.get("languages") if isinstance(found, dict) else None
        first = languages[0] if isinstance(languages, list) and languages else None
        return str(first.get("language") or USUAL_LANGUAGE) if isinstance(first, dict) else USUAL_LANGUAGE


def _entries(found: Any) -> tuple[list[Any], str]:
    entries = found.get("entries") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise Problem("runtime.bad_answer", "The CPU's answer is not a list of alarms.", kind=Kind.BAD_ANSWER)
    return entries, str(found.get("last_modified", ""))


def _alarm(entry: dict[str, Any], language: str) -> ListedAlarm:
    acknowledgement, number = entry.get("acknowledgement"), entry.get("alarm_number")
    needs = isinstance(acknowledgement, dict)
    return ListedAlarm(
        id=str(entry["id"])[:40],
        text=str(entry.get("alarm_text") or f"Alarm {entry['id']}")[:LONGEST_TEXT],
        language=language,
        active=entry.get("status") != "outgoing",
        needs_acknowledge=needs,
        acknowledged=not needs
        or (isinstance(acknowledgement, dict) and acknowledgement.get("state") == "acknowledged"),
        number=number if type(number) is int and 0 <= number <= _LARGEST_NUMBER else 0,
        time=_moment(str(entry.get("timestamp", ""))),
    )


def _moment(text: str) -> int:
    """Return a moment in microseconds since 1970; 0 where the text is none. The CPU writes nanoseconds."""
    try:
        whole, _, fraction = text.removesuffix("Z").partition(".")
        return microseconds(dt.datetime.fromisoformat(whole)) + int(fraction[:6].ljust(6, "0") if fraction else 0)
    except ValueError:
        return 0
