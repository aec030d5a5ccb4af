"""The transport `line`: values as line protocol, posted to InfluxDB, QuestDB or VictoriaMetrics.

Page: docs/runtime/mqtt.md#line-protocol.
"""

from __future__ import annotations

import logging
from typing import Annotated

import msgspec

from engineering_api.operations.fields import named
from openness_bridge.errors import Detail, Place
from runtime_data.sinks import http_form, http_transport, names
from runtime_data.sinks.http_form import HttpSend
from runtime_data.sinks.line_protocol import line
from runtime_data.sinks.transport import Answer, Around, Outgoing, TransportKind
from runtime_data.values import Value, split

log = logging.getLogger(__name__)
MEDIA_TYPE = "text/plain; charset=utf-8"
MOST_LABELS = 20
_OWN = {"source", "tag", "quality"}


class LineSend(HttpSend, kw_only=True):
    """A request with a line for each value. The receiver must read times as nanoseconds."""

    series: Annotated[str, named("The series of a value, with {tag}, {source}, {path}, {sink}.", max_length=500)] = (
        "{tag}"
    )
    labels: Annotated[dict[str, str], named("Further tags of each line, by name.")] = {}
    unsigned: Annotated[bool, named("Whether unsigned numbers have the suffix u, as InfluxDB 2 and 3 read it.")] = False


class LineTransport:
    """Posts the values of pushes as lines."""

    def __init__(self, send: LineSend, around: Around) -> None:
        """Post as a definition says."""
        self._send, self._around = send, around
        self._http = http_transport.HttpTransport(send, around)

    async def send(self, outgoing: Outgoing) -> Answer:
        """Post the values of a push. A value that has no form in line protocol, such as none, is left out."""
        lines = [found for each in outgoing.values if (found := self._line(each, outgoing)) is not None]
        if len(lines) < len(outgoing.values):
            missing = len(outgoing.values) - len(lines)
            log.warning("The sink %s left out %d values that line protocol cannot say", self._around.sink, missing)
        if not lines:
            return Answer(ok=True)
        body = "\n".join([*lines, ""]).encode()
        return await self._http.send(msgspec.structs.replace(outgoing, body=body, media_type=MEDIA_TYPE))

    async def close(self) -> None:
        """End the connections."""
        await self._http.close()

    def _line(self, value: Value, outgoing: Outgoing) -> str | None:
        source, path = split(value.tag)
        series = names.fill(self._send.series, self._around.sink, value.tag)
        labels = self._send.labels | {"source": source, "tag": path}
        online = outgoing.program_of(value.tag)
        return line(series, value, labels, outgoing.time, unsigned=self._send.unsigned, online=online)


def check(send: LineSend) -> list[Detail]:
    """Return what is wrong with a definition."""
    found = http_form.check(send)
    unknown = names.find_unknown(send.series)
    if unknown or not send.series.strip():
        what = f"{{{unknown}}} is not a placeholder" if unknown else "it is empty"
        msg = f"This is not a name of a series, because {what}: write one such as {{tag}}, or a table and labels."
        found.append(Detail("sink.series", msg, Place(pointer="/series")))
    if len(send.labels) > MOST_LABELS or any(not name.strip() or name in _OWN for name in send.labels):
        msg = f"A line has at most {MOST_LABELS} further tags with names, and none named {', '.join(sorted(_OWN))}."
        found.append(Detail("sink.series", msg, Place(pointer="/labels")))
    return found


KIND = TransportKind("line", LineSend, check, LineTransport, http_transport.urls)
