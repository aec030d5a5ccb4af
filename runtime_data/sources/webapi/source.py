"""A source over the Web API of a CPU: reads and writes tags in batches, and knows the CPU's operating state.

Facts: docs/facts/webapi.md.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.plcsim.values import elementary
from runtime_data import data_types
from runtime_data.quality import (
    BAD,
    GOOD,
    INITIAL_VALUE,
    NO_COMMUNICATION,
    NOT_A_NUMBER,
    NOT_CONNECTED,
    OUT_OF_SERVICE,
    TYPE_MISMATCH,
    Status,
)
from runtime_data.sources.about import CpuAbout
from runtime_data.sources.kind import Around, SourceKind
from runtime_data.sources.source import Changed, Diagnostics, ListedAlarm, SourceStatus, differing
from runtime_data.sources.webapi.alarms import WebApiAlarms
from runtime_data.sources.webapi.client import NO_ANSWER, Call, Refusal, WebApiClient, outcome_unknown
from runtime_data.sources.webapi.connection import WebApiConnection, address_of, check
from runtime_data.sources.webapi.cpu import WebApiCpu, state_of
from runtime_data.sources.webapi.exchange import Exchange, Lost
from runtime_data.sources.webapi.program import DATA_BLOCK, Node, Program
from runtime_data.sources.webapi.trust import fetch_certificate, fingerprint_of
from runtime_data.values import Scalar, TagInfo, Value, now
from runtime_data.webapi import codes
from runtime_data.webapi.forms import FormError, from_raw, from_simple, to_raw, to_simple
from simatic_xml.program.types.types import Kind as TypeKind

NAME = "webapi"
_STATUS_OF_STATE = {"Run": GOOD, "Startup": INITIAL_VALUE, "Stop": OUT_OF_SERVICE, "Freeze": OUT_OF_SERVICE}
"""The quality of values by the operating state; of an unknown one they are good, because the CPU gave them."""
_NO_CHECKSUM = "The Web API has no documented method for the checksum of the program."
_NO_BACKUP = "A backup by the Web API is not made here: make it in the web server of the CPU, or in TIA Portal."
_GONE = {codes.NO_ADDRESS, codes.INVALID_ADDRESS, codes.INVALID_INDEX, codes.UNSUPPORTED_ADDRESS}
"""Refusals of an address that was known: the program has changed."""


class WebApiSource:
    """Tags of a CPU. Any thread but the event loop's.

    Attributes:
        cpu: Its operating state, diagnostics and certificate.
    """

    kind = NAME
    real = True
    atomic = False

    def __init__(self, name: str, connection: WebApiConnection, around: Around) -> None:
        """Connect when it is asked first."""
        self.name, self.connection, self._around = name, connection, around
        self.client = WebApiClient(connection, Exchange(connection, around.targets))
        self.cpu = WebApiCpu(connection, self.client)
        self._program, self._alarms = Program(self.client), WebApiAlarms(self.client)
        self._writing = threading.Lock()

    def connect(self) -> None:
        """Log in now, also after a failure.

        Raises:
            Problem: It cannot.
        """
        self._program.forget()
        self.client.connect()

    def disconnect(self) -> None:
        """Log out, and send nothing until `connect`."""
        self.client.disconnect()

    def close(self) -> None:
        """Log out, and end the connections."""
        self.client.close()

    def fingerprint(self) -> str:
        """Return the fingerprint of the certificate that the CPU shows; empty without TLS.

        Raises:
            Problem: The host is not allowed, or does not answer.
        """
        return "" if self.connection.plain_http else fingerprint_of(self._certificate())

    def about(self) -> CpuAbout:
        """Return what the CPU says of itself: its order number, and when its certificate ends.

        Raises:
            Problem: It cannot be reached, or refuses it.
        """
        ends = ""
        if not self.connection.plain_http:
            from cryptography import x509

            ends = x509.load_der_x509_certificate(self._certificate()).not_valid_after_utc.isoformat()
        return CpuAbout(
            self.cpu.order_number(), no_checksum=_NO_CHECKSUM, certificate_expires=ends, no_backup=_NO_BACKUP
        )

    def _certificate(self) -> bytes:
        connection = self.connection
        try:
            addresses = self._around.targets.resolve_here(*address_of(connection))
            return fetch_certificate(addresses, connection.port, connection.timeout)
        except OSError as error:
            msg = f"{connection.host} shows no certificate ({type(error).__name__}: {error})."
            raise Problem("runtime.unreachable", msg, kind=Kind.UNAVAILABLE) from None

    def read_diagnostics(self, count: int, language: str) -> Diagnostics:
        """Return the newest entries of the diagnostic buffer.

        Raises:
            Problem: The CPU cannot be reached, refuses it, or its firmware does not offer it.
        """
        return self.cpu.read_diagnostics(count, language)

    def alarms(self) -> Sequence[ListedAlarm] | None:
        """Return the alarms that the CPU lists; None where they have not changed.

        Raises:
            Problem: The CPU cannot be reached, or refuses it.
        """
        return self._alarms.read()

    def acknowledge_alarm(self, id_: str) -> None:
        """Acknowledge an alarm of the CPU.

        Raises:
            Problem: The CPU refuses it, or its answer is lost.
        """
        self._alarms.acknowledge(id_)

    def status(self) -> SourceStatus:
        """Ask the CPU for its operating state."""
        if self.client.is_off:
            return SourceStatus("disconnected", "The connection was ended: connect the source.")
        try:
            return SourceStatus("connected", "", self.cpu.state())
        except Problem as problem:
            return SourceStatus("failed", problem.message)

    def read(self, paths: Sequence[str]) -> list[Value]:
        """Return the values of tags, and the operating state of the same moment in their quality."""
        try:
            found = self._program.find(paths)
            return self._read(paths, found)
        except Problem as problem:
            status = NOT_CONNECTED if self.client.is_off else NO_COMMUNICATION
            return [self._without(path, status, problem) for path in paths]

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        """Write tags in one request, or a few where it is too large; each once. See Source."""
        del atomic  # the runtime refuses it
        with self._writing:
            try:
                found = self._program.find([path for path, _ in values])
                errors = differing(self, expected)
                ready: dict[str, Call] = {}
                for path, value in values:
                    if errors.get(path) is None:
                        made = self._order(path, found[path], value)
                        ready |= {path: made} if isinstance(made, Call) else {}
                        errors[path] = made if isinstance(made, Detail) else None
                answers = self.client.write(list(ready.values())) if ready else []
            except Problem as problem:
                return [self._detail(path, problem.code, problem.message) for path, _ in values]
        errors |= {path: self._outcome(path, answer) for path, answer in zip(ready, answers, strict=True)}
        return [errors[path] for path, _ in values]

    def find(self, path: str) -> TagInfo:
        """Return what is known of a tag.

        Raises:
            Problem: There is none, or the CPU cannot be reached.
        """
        node = self._program.one(self.name, path)
        fail_safe = node.area == DATA_BLOCK and self._is_fail_safe(node)
        return self._info(node, fail_safe=fail_safe)

    def tags(self) -> list[TagInfo]:
        """Return all tags that have a value.

        Raises:
            Problem: The CPU cannot be reached, or has too many.
        """
        return [each for each in self.browse("", 100) if each.has_value]

    def leaves(self) -> list[TagInfo]:
        """Return all tags that have a value."""
        return self.tags()

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        """Return the nodes below a path.

        Raises:
            Problem: There is no such path, or the CPU cannot be reached.
        """
        return [self._info(node) for node in self._program.levels(path, depth)]

    def follow(self, changed: Changed) -> None:
        """Return None: it is polled."""
        del changed

    # -- reading ----------------------------------------------------------------------

    def _read(self, paths: Sequence[str], found: Mapping[str, Node | Refusal]) -> list[Value]:
        nodes = {path: node for path, node in found.items() if isinstance(node, Node) and node.is_value}
        state = Call("Plc.ReadOperatingMode", {})
        asked = [state, *(Call("PlcProgram.Read", {"var": node.address, "mode": "simple"}) for node in nodes.values())]
        mode, *answers = self.client.read(asked)
        if any(isinstance(each, Refusal) and each.code in _GONE for each in answers):
            self._program.suspect()
        given = dict(zip(nodes, answers, strict=True))
        odd = self._read_odd({path: nodes[path] for path, each in given.items() if each is None})
        status, at = _STATUS_OF_STATE.get(state_of(mode), GOOD), now()
        return [
            self._value(path, nodes[path], odd.get(path, given[path]), status, at, is_raw=path in odd)
            if path in nodes
            else self._missing(path, found[path], at)
            for path in paths
        ]

    def _read_odd(self, nodes: Mapping[str, Node]) -> dict[str, Any]:
        """Read the bytes of values that `simple` gives as null, such as NaN."""
        calls = [Call("PlcProgram.Read", {"var": node.address, "mode": "raw"}) for node in nodes.values()]
        return dict(zip(nodes, self.client.read(calls), strict=True)) if calls else {}

    def _value(self, path: str, node: Node, answer: Any, status: Status, at: int, *, is_raw: bool) -> Value:
        if isinstance(answer, Refusal):
            code, refused, message = _of_tag(answer)
            return self._without(path, refused, Problem(code, message), at)
        try:
            controller = from_raw(node.data_type, answer) if is_raw else from_simple(node.data_type, answer)
            if controller is None or (is_raw and not _has_null(node.data_type, controller)):
                raise FormError("null")
            value, text = data_types.publish(node.data_type, controller)
        except (FormError, ValueError, OverflowError) as error:
            self._program.suspect()  # its type may have changed
            msg = f"The CPU's answer is not a value of {node.data_type}: {str(error)[:200]}."
            return self._without(path, TYPE_MISMATCH, Problem("runtime.type_mismatch", msg), at)
        quality = max(status.code, NOT_A_NUMBER.code) if value is None else status.code
        return Value(f"{self.name}:{path}", value, node.data_type, quality, at, at, "", text)

    def _missing(self, path: str, found: Node | Refusal, at: int) -> Value:
        if isinstance(found, Refusal):
            code, status, message = _of_tag(found)
            return self._without(path, status, Problem(code, message), at)
        code, status, message = codes.OF_TAGS[codes.UNSUPPORTED_ADDRESS]
        return self._without(path, status, Problem(code, message), at)

    def _without(self, path: str, status: Status, why: Problem, at: int = 0) -> Value:
        error = self._detail(path, why.code, why.message)
        return Value(
            f"{self.name}:{path}", None, status=status.code, source_time=at, server_time=at or now(), error=error
        )

    # -- writing ----------------------------------------------------------------------

    def _order(self, path: str, node: Node | Refusal, value: Scalar) -> Call | Detail:
        """Return the call that writes a value, or why there is none."""
        if isinstance(node, Refusal):
            code, _, message = _of_tag(node)
            return self._detail(path, code, message)
        if not node.is_value:
            code, _, message = codes.OF_TAGS[codes.UNSUPPORTED_ADDRESS]
            return self._detail(path, code, message)
        try:
            controller = data_types.accept(node.data_type, value)
            simple = to_simple(node.data_type, controller)
            mode, given = ("raw", to_raw(node.data_type, controller)) if simple is None else ("simple", simple)
        except Problem as problem:
            return self._detail(path, problem.code, problem.message)
        except FormError as error:
            return self._detail(path, "runtime.value", f"{error}.")
        return Call("PlcProgram.Write", {"var": node.address, "value": given, "mode": mode})

    def _outcome(self, path: str, answer: Any) -> Detail | None:
        if answer is True:
            return None
        if isinstance(answer, Lost):
            unknown = outcome_unknown("the write", answer) if answer.may_have_arrived else answer
            return self._detail(path, unknown.code, unknown.message)
        if isinstance(answer, Refusal) and answer.code != NO_ANSWER:
            if answer.code in _GONE:
                self._program.suspect()
            code, _, message = _of_tag(answer)
            return self._detail(path, code, message)
        why = answer.message if isinstance(answer, Refusal) else f"it is {str(answer)[:50]}"
        unknown = outcome_unknown("the write", Problem("", f"The CPU's answer is not one to a write: {why}."))
        return self._detail(path, unknown.code, unknown.message)

    # -- tags -------------------------------------------------------------------------

    def _info(self, node: Node, *, fail_safe: bool = False) -> TagInfo:
        kind = node.data_type or ("" if not node.has_children or len(node.steps) == 1 else "Struct")
        return TagInfo(
            f"{self.name}:{node.path}",
            node.name,
            f"Array of {kind}" if node.dimensions else kind,
            has_value=node.is_value,
            has_children=bool(node.has_children or node.dimensions),
            writable=node.is_value and not node.read_only,
            area=node.area,
            fail_safe=fail_safe,
        )

    def _is_fail_safe(self, node: Node) -> bool:
        return self._around.is_fail_safe(self.connection.device or self.name, str(node.steps[0]))

    def _detail(self, path: str, code: str, message: str) -> Detail:
        return Detail(code, message, Place(object=f"{self.name}:{path}"))


def _of_tag(refusal: Refusal) -> tuple[str, Status, str]:
    """Return the code and status of ours for a refusal of a tag, and a sentence."""
    known = codes.OF_TAGS.get(refusal.code)
    if known is not None:
        return known
    if refusal.code == NO_ANSWER:
        return "runtime.bad_answer", BAD, f"The CPU's answer cannot be used: {refusal.message}."
    return "runtime.refused_by_cpu", BAD, f"The CPU refuses it: {refusal.message} ({refusal.code})."


def _has_null(data_type: str, value: Scalar) -> bool:
    """Return whether a CPU gives this value as null in the form `simple`: otherwise the bytes contradict it."""
    kind = elementary(data_type)
    return to_simple(data_type, value) is None or kind is None or kind.kind is TypeKind.CHARACTER


def _make(name: str, connection: Any, around: Around) -> WebApiSource:
    return WebApiSource(name, connection, around)


KIND = SourceKind(NAME, WebApiConnection, _make, address_of, check)
