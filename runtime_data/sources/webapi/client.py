"""The Web API of one CPU: logs in, renews the session, splits batches, and waits longer after each failure.

The session ends when nothing was sent for 120 s; the CPU then answers as to a user who did not log in. So after a refusal
the client asks for its permissions, logs in again once where they are fewer than before, and sends the reads again. A write
is never sent twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any, NamedTuple

import msgspec

from openness_bridge.errors import Kind, Problem
from runtime_data.sources.webapi.connection import WebApiConnection
from runtime_data.sources.webapi.exchange import Exchange, Lost
from runtime_data.webapi import codes

SMALLEST_BODY = 64 << 10
"""Bytes of a request that every firmware accepts; Api.GetQuantityStructures gives the limit of others."""
LARGEST_BODY = 1 << 20
LONGEST_PAUSE = 30.0
"""Seconds between two attempts to reach a CPU that does not answer; the first pause is half a second."""
NO_ANSWER = -1
"""The code of a call that the CPU left out of its answer, or answered twice."""
_UNIDENTIFIED = (401, 403)
_NO_LOGIN = {codes.LOGIN_FAILED, codes.PASSWORD_EXPIRED, codes.NOT_ACCEPTED}


class Call(NamedTuple):
    """A call of a method."""

    method: str
    params: dict[str, Any]


class Refusal(NamedTuple):
    """The CPU refuses a call.

    Attributes:
        code: Its code (codes.py), or NO_ANSWER.
        message: What it says.
    """

    code: int
    message: str


class _Session(NamedTuple):
    """A login.

    Attributes:
        token: Goes with each request.
        permissions: What the user may do.
        methods: What the firmware offers.
        largest: Bytes of a request.
    """

    token: str
    permissions: frozenset[str]
    methods: frozenset[str]
    largest: int


class _ExpiredError(Exception):
    """The CPU does not know the token any more."""


class WebApiClient:
    """Calls methods of one CPU. Any thread but the event loop's.

    Attributes:
        logins: How often it logged in.
    """

    def __init__(
        self, connection: WebApiConnection, exchange: Exchange, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Connect with the first call.

        Args:
            connection: Its user and password.
            exchange: Sends the requests.
            clock: Gives seconds.
        """
        self._connection, self._exchange, self._clock = connection, exchange, clock
        self._session: _Session | None = None
        self._ids = count(1)
        self._logging_in = threading.Lock()
        self._failures, self._again_at = 0, 0.0
        self._failure: Problem | None = None
        self._off = False
        self.logins = 0

    # -- the connection ---------------------------------------------------------------

    @property
    def is_off(self) -> bool:
        """Whether somebody disconnected it."""
        return self._off

    @property
    def is_connected(self) -> bool:
        """Whether it has a session."""
        return self._session is not None and self._failure is None

    def connect(self) -> None:
        """Log in now, also where it was disconnected, or waits because of a failure.

        Raises:
            Problem: It cannot.
        """
        self._off = False
        self._failures, self._again_at, self._failure = 0, 0.0, None
        self._require_session()

    def disconnect(self) -> None:
        """Log out, and send nothing until `connect`."""
        self._off = True
        self.close()

    def close(self) -> None:
        """Log out and end the connections; the next call logs in again."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(Lost):  # the CPU ends the session by itself
                self._exchange.post(self._alone("Api.Logout", {}).data, session.token)
        self._exchange.close()

    # -- calls ------------------------------------------------------------------------

    def offers(self, method: str) -> bool:
        """Return whether the firmware has a method.

        Raises:
            Problem: The CPU cannot be reached.
        """
        return method in self._require_session().methods

    def call(self, method: str, **params: Any) -> Any:
        """Call a method that changes nothing; return its result.

        Raises:
            Problem: The CPU cannot be reached, refuses it, or its firmware has no such method.
        """
        return self._one(method, params, again=True)

    def order(self, method: str, **params: Any) -> Any:
        """Call a method that changes something. It is sent once.

        Raises:
            Problem: As `call`; runtime.outcome_unknown where no answer came.
        """
        return self._one(method, params, again=False)

    def _one(self, method: str, params: dict[str, Any], *, again: bool) -> Any:
        if not self.offers(method):
            msg = f"The firmware of {self._connection.host} has no method {method}: update it, or do it in TIA Portal."
            raise Problem("runtime.firmware", msg, kind=Kind.UNSUPPORTED)
        call = Call(method, params)
        (answer,) = self.read([call]) if again else self.write([call])
        if isinstance(answer, Lost):
            raise outcome_unknown(method, answer) if answer.may_have_arrived else answer
        if isinstance(answer, Refusal) and answer.code == NO_ANSWER and not again:
            raise outcome_unknown(method, self._problem(method, answer))
        if isinstance(answer, Refusal):
            raise self._problem(method, answer)
        return answer

    def read(self, calls: Sequence[Call]) -> list[Any]:
        """Make calls that change nothing; return for each its result or a Refusal. An expired session is renewed once.

        Raises:
            Problem: The CPU cannot be reached, or its answer cannot be understood.
        """
        session = self._require_session()
        answers, is_rejected = self._read(session, calls)
        denied = [at for at, each in enumerate(answers) if _is_denied(each)]
        if not is_rejected and (not denied or not self._has_expired(session)):
            return answers
        if self._session is session:
            self._session = None
        again, is_rejected = self._read(self._require_session(), [calls[at] for at in denied])
        if is_rejected:
            raise self._keep_failure(self._not_understood("it rejects the session that it has just begun"))
        for at, answer in zip(denied, again, strict=True):
            answers[at] = answer
        return answers

    def write(self, calls: Sequence[Call]) -> list[Any]:
        """Make calls that change something, in their order, each once.

        Returns:
            For each its result, a Refusal, or a Lost: no answer came. After a Lost nothing more is sent.

        Raises:
            Problem: There is no connection, so nothing was sent.
        """
        session = self._require_session()
        answers: list[Any] = []
        for body in (bodies := iter(self._bodies(calls, session.largest))):
            try:
                answers += self._parse(body, self._send(body.data, session.token))
            except _ExpiredError:
                self._session = None
                answers += [_denied()] * len(body.ids)
            except Problem as problem:
                lost = problem if isinstance(problem, Lost) else _unclear(problem)
                answers += [lost] * len(body.ids)
                break
        not_sent = Lost(
            "runtime.not_sent",
            "It was not sent, because no answer came to what was sent before.",
            Kind.UNAVAILABLE,
            sent=False,
        )
        return [*answers, *(not_sent for body in bodies for _ in body.ids)]

    def _read(self, session: _Session, calls: Sequence[Call]) -> tuple[list[Any], bool]:
        """Return the answer to each call, and whether the CPU rejected the session itself."""
        bodies = list(self._bodies(calls, session.largest))
        if len(bodies) == 1:
            contents = [self._send_or_expire(bodies[0].data, session.token)]
        else:
            contents = [
                self._checked(each) for each in self._exchange.post_all([b.data for b in bodies], session.token)
            ]
        answers: list[Any] = []
        for body, content in zip(bodies, contents, strict=True):
            answers += [_denied()] * len(body.ids) if content is None else self._parse(body, content)
        return answers, None in contents

    # -- session ----------------------------------------------------------------------

    def _require_session(self) -> _Session:
        if self._off:
            msg = f"The connection to {self._connection.host} was ended: connect the source."
            raise Problem("runtime.disconnected", msg, kind=Kind.UNAVAILABLE)
        session = self._session
        if session is not None:
            self._require_no_pause()
            return session
        with self._logging_in:
            if self._session is None:
                self._require_no_pause()
                self._session = self._log_in()
            return self._session

    def _require_no_pause(self) -> None:
        if self._failure is not None and self._clock() < self._again_at:
            raise self._failure.at()

    def _log_in(self) -> _Session:
        connection = self._connection
        user = {"user": connection.user, "password": connection.password}
        found = self._plain("Api.Login", user)
        if isinstance(found, Refusal):
            raise self._keep_failure(self._no_login(found), lasting=found.code in _NO_LOGIN)
        token = found.get("token") if isinstance(found, dict) else None
        if not isinstance(token, str) or not token or not (token.isascii() and token.isprintable()):
            raise self._keep_failure(self._not_understood("the answer to Api.Login has no token"))
        self.logins += 1
        permissions = _names(self._plain("Api.GetPermissions", {}, token))
        methods = _names(self._plain("Api.Browse", {}, token))
        limits = self._plain("Api.GetQuantityStructures", {}, token) if "Api.GetQuantityStructures" in methods else None
        return _Session(token, permissions, methods, _largest(limits))

    def _plain(self, method: str, params: dict[str, Any], token: str = "") -> Any:
        """Return the answer to a single call outside of a session."""
        body = self._alone(method, params)
        try:
            (answer,) = self._parse(body, self._send(body.data, token))
        except _ExpiredError:
            return _denied()
        return answer

    def _has_expired(self, session: _Session) -> bool:
        """Ask whether a session has lost its permissions; a user who never had one is refused for good."""
        if self._session is not session:
            return True
        found = self._plain("Api.GetPermissions", {}, session.token)
        return isinstance(found, Refusal) or not session.permissions <= _names(found)

    # -- requests and answers ---------------------------------------------------------

    def _send(self, body: bytes, token: str) -> bytes:
        """Send a request; return its answer.

        Raises:
            Lost: None came.
            Problem: It is none of the Web API.
            _ExpiredError: The CPU does not know the token.
        """
        try:
            response = self._exchange.post(body, token)
        except Lost as lost:
            raise self._keep_failure(lost) from None
        return self._content(response)

    def _send_or_expire(self, body: bytes, token: str) -> bytes | None:
        try:
            return self._send(body, token)
        except _ExpiredError:
            return None

    def _checked(self, response: Any) -> bytes | None:
        if isinstance(response, Lost):
            raise self._keep_failure(response)
        try:
            return self._content(response)
        except _ExpiredError:
            return None

    def _content(self, response: Any) -> bytes:
        if response.status_code in _UNIDENTIFIED:
            raise _ExpiredError
        if response.status_code != 200:
            raise self._not_understood(f"HTTP status {response.status_code}")
        self._failures, self._failure = 0, None
        content: bytes = response.content
        return content

    def _parse(self, body: _Body, content: bytes) -> list[Any]:
        """Return the answer to each call of a request, in the order of the calls, by their ids."""
        try:
            found = msgspec.json.decode(content)
        except msgspec.DecodeError:
            raise self._not_understood("it is not complete JSON") from None
        if isinstance(found, dict) and isinstance(found.get("error"), dict) and found.get("id") is None:
            refusal = _refusal(found["error"])
            return [refusal] * len(body.ids)
        if isinstance(found, dict) and len(body.ids) == 1:
            found = [found]
        if not isinstance(found, list):
            raise self._not_understood("it is not a list")
        by_id: dict[Any, Any] = {}
        for each in found:
            number = each.get("id") if isinstance(each, dict) else None
            if type(number) is not int:
                continue
            by_id[number] = Refusal(NO_ANSWER, "it was answered twice") if number in by_id else _answer(each)
        missing = Refusal(NO_ANSWER, "its answer is missing")
        return [by_id.get(number, missing) for number in body.ids]

    def _bodies(self, calls: Sequence[Call], largest: int) -> Iterable[_Body]:
        """Yield requests for calls, each as large as the CPU accepts."""
        part: list[bytes] = []
        ids: list[int] = []
        size = 2
        for call in calls:
            number = next(self._ids)
            text = _ENCODER.encode({"jsonrpc": "2.0", "id": number, "method": call.method, "params": call.params})
            if part and size + len(text) + 1 > largest:
                yield _Body(_join(part), ids)
                part, ids, size = [], [], 2
            part.append(text)
            ids.append(number)
            size += len(text) + 1
        if part:
            yield _Body(_join(part), ids)

    def _alone(self, method: str, params: dict[str, Any]) -> _Body:
        return next(iter(self._bodies([Call(method, params)], LARGEST_BODY)))

    # -- failures ---------------------------------------------------------------------

    def _keep_failure(self, problem: Problem, *, lasting: bool = False) -> Problem:
        """Remember a failure: until its pause ends, calls fail at once. A refused login lasts until somebody connects."""
        self._failures += 1
        pause = float("inf") if lasting else min(LONGEST_PAUSE, 0.25 * 2**self._failures)
        self._failure, self._again_at = problem, self._clock() + pause
        return problem

    def _no_login(self, refusal: Refusal) -> Problem:
        connection = self._connection
        whose = f"The CPU at {connection.host} does not let the user '{connection.user}' in"
        if refusal.code == codes.LOGIN_FAILED:
            msg = f"{whose}: the name or the password is wrong. Correct it in the source; no further attempt is made."
            return Problem("runtime.login", msg, kind=Kind.FORBIDDEN)
        if refusal.code == codes.PASSWORD_EXPIRED:
            msg = f"{whose}: the password has expired. Change it at the CPU, then in the source."
            return Problem("runtime.login", msg, kind=Kind.FORBIDDEN)
        if refusal.code == codes.NO_RESOURCES:
            msg = f"{whose}: it has too many sessions. They end after 150 s without requests."
            return Problem("runtime.sessions", msg, kind=Kind.UNAVAILABLE)
        return Problem("runtime.login", f"{whose}: {refusal.message} ({refusal.code}).", kind=Kind.FORBIDDEN)

    def _not_understood(self, why: str) -> Problem:
        msg = f"The answer of {self._connection.host} is not one of the Web API: {why}."
        return Problem("runtime.bad_answer", msg, kind=Kind.BAD_ANSWER)

    def _problem(self, method: str, refusal: Refusal) -> Problem:
        host = self._connection.host
        if refusal.code == codes.PERMISSION_DENIED:
            msg = f"The CPU at {host} does not allow {method} to the user '{self._connection.user}': give the user the right."
            return Problem("runtime.denied_by_cpu", msg, kind=Kind.FORBIDDEN)
        if refusal.code == NO_ANSWER:
            return self._not_understood(f"{method}: {refusal.message}")
        msg = f"The CPU at {host} refuses {method}: {refusal.message} ({refusal.code})."
        return Problem("runtime.refused_by_cpu", msg, kind=Kind.REFUSED)


class _Body(NamedTuple):
    """A request: its bytes, and the ids of its calls in their order."""

    data: bytes
    ids: list[int]


_ENCODER = msgspec.json.Encoder()


def _join(calls: Sequence[bytes]) -> bytes:
    """Return the request of calls; a single one is no list, because a login may not be part of one."""
    return calls[0] if len(calls) == 1 else b"[" + b",".join(calls) + b"]"


def outcome_unknown(what: str, lost: Problem) -> Problem:
    """Return that nobody knows what came of a change."""
    msg = f"{lost.message} So it is not known whether {what} was done: check it. It was not sent again."
    return Problem("runtime.outcome_unknown", msg, kind=Kind.TIMED_OUT)


def _unclear(problem: Problem) -> Lost:
    return Lost(problem.code, problem.message, problem.kind, sent=True)


def _is_denied(answer: Any) -> bool:
    return isinstance(answer, Refusal) and answer.code == codes.PERMISSION_DENIED


def _denied() -> Refusal:
    return Refusal(codes.PERMISSION_DENIED, codes.MESSAGES[codes.PERMISSION_DENIED])


def _answer(each: dict[str, Any]) -> Any:
    if isinstance(each.get("error"), dict):
        return _refusal(each["error"])
    return each["result"] if "result" in each else Refusal(NO_ANSWER, "it has neither result nor error")


def _refusal(error: dict[str, Any]) -> Refusal:
    code = error.get("code")
    return Refusal(code if type(code) is int else codes.INTERNAL, str(error.get("message", ""))[:200])


def _names(found: Any) -> frozenset[str]:
    """Return the names of a list such as that of Api.Browse."""
    entries = found if isinstance(found, list) else []
    return frozenset(str(each["name"]) for each in entries if isinstance(each, dict) and "name" in each)


def _largest(limits: Any) -> int:
    found = limits.get("webapi_max_http_request_body_size") if isinstance(limits, dict) else None
    return min(max(found, 1024), LARGEST_BODY) if type(found) is int else SMALLEST_BODY
