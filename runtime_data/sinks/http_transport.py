"""The transport over HTTP: one request for each push, with the same Idempotency-Key at each attempt."""

from __future__ import annotations

import base64
import ssl
from time import monotonic
from urllib.parse import quote_plus, urlencode

import msgspec

from engineering_api.security.checked_client import CheckedClient, Reply
from engineering_api.web.value_stream import ONLINE
from openness_bridge.errors import Problem
from runtime_data.answer_programs import header_of
from runtime_data.sinks import certificates
from runtime_data.sinks.certificates import Tls
from runtime_data.sinks.http_form import Auth, HttpSend, check
from runtime_data.sinks.transport import Answer, Around, Outgoing, TransportKind
from runtime_data.values import split

LARGEST_ANSWER = 256 << 10
"""Bytes of an answer that are read."""
LASTING = {400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 501, 505}
"""Answers that the same request gets again. Others, such as 401, 404 and 503, may end when somebody repairs something."""
EARLIER = 30.0
"""Seconds before its end at which a token is renewed."""
_SHORTEST_TOKEN, _USUAL_TOKEN = 1.0, 300.0


class HttpTransport:
    """Sends the pushes of one sink."""

    def __init__(self, send: HttpSend, around: Around) -> None:
        """Send as a definition says, whose secrets are open."""
        self._send = send
        self._client = CheckedClient(around.targets, _context(send.tls))
        self._tokens = Tokens(send.auth, self._client, send.timeout) if send.auth.kind == "oauth2" else None

    async def send(self, outgoing: Outgoing) -> Answer:
        """Try once; with a token that the receiver does not accept any more, once again with a new one."""
        try:
            reply = await self._request(outgoing)
            if reply.status == 401 and self._tokens is not None:
                self._tokens.forget()
                reply = await self._request(outgoing)
        except Problem as problem:
            return Answer(ok=False, error=problem.message)
        return _answer(reply)

    async def close(self) -> None:
        """End the connections."""
        await self._client.close()

    async def _request(self, outgoing: Outgoing) -> Reply:
        send = self._send
        headers = send.headers | {"Idempotency-Key": outgoing.key} | await self._authorization()
        if outgoing.values:
            headers[ONLINE] = header_of({split(each.tag)[0]: outgoing.program_of(each.tag) for each in outgoing.values})
        if outgoing.body:
            headers["Content-Type"] = outgoing.media_type
        return await self._client.send(
            send.method, send.url, headers, outgoing.body, seconds=send.timeout, largest=LARGEST_ANSWER
        )

    async def _authorization(self) -> dict[str, str]:
        auth = self._send.auth
        if auth.kind == "basic":
            return {"Authorization": f"Basic {_base64(f'{auth.user}:{auth.secret}')}"}
        if auth.kind == "bearer":
            return {"Authorization": f"Bearer {auth.secret}"}
        if auth.kind == "apiKey":
            return {auth.header: auth.secret}
        return {} if self._tokens is None else {"Authorization": f"Bearer {await self._tokens.get()}"}


class Tokens:
    """The access token of a client, kept until it ends (RFC 6749, section 4.4)."""

    def __init__(self, auth: Auth, client: CheckedClient, seconds: float) -> None:
        """Get tokens as a definition says."""
        self._auth, self._client, self._seconds = auth, client, seconds
        self._token, self._end = "", 0.0

    def forget(self) -> None:
        """Get another token with the next request."""
        self._token = ""

    async def get(self) -> str:
        """Return a token that is valid.

        Raises:
            Problem: None was given, or the server of tokens is not allowed.
        """
        if not self._token or monotonic() >= self._end:
            self._token, lasts = await self._ask()
            self._end = monotonic() + max(_SHORTEST_TOKEN, lasts - EARLIER)
        return self._token

    async def _ask(self) -> tuple[str, float]:
        auth = self._auth
        fields = {"grant_type": "client_credentials"} | ({"scope": auth.scope} if auth.scope else {})
        headers = {
            "Authorization": f"Basic {_base64(f'{quote_plus(auth.client_id)}:{quote_plus(auth.secret)}')}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        body = urlencode(fields).encode()
        reply = await self._client.send(
            "POST", auth.token_url, headers, body, seconds=self._seconds, largest=LARGEST_ANSWER
        )
        token = _read_token(reply) if reply.status == 200 else None
        if token is None:
            why = reply.error or f"It answered {reply.status}, without a token."
            raise Problem("sink.token", f"No token was given by {auth.token_url}. {why}")
        return token


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float = _USUAL_TOKEN


def _read_token(reply: Reply) -> tuple[str, float] | None:
    try:
        found = msgspec.json.decode(reply.body, type=_Token, strict=False)
    except msgspec.MsgspecError:
        return None
    usable = found.access_token.isascii() and found.access_token.isprintable()
    return (found.access_token, found.expires_in) if found.access_token and usable else None


def _answer(reply: Reply) -> Answer:
    if not reply.status:
        return Answer(ok=False, error=reply.error)
    if 200 <= reply.status < 300:
        return Answer(ok=True, status=reply.status, body=reply.body)
    lasting = reply.status in LASTING or 300 <= reply.status < 400
    msg = f"The receiver answered {reply.status}; a push arrives with 200 to 299, and no redirection is followed."
    return Answer(ok=False, lasting=lasting, status=reply.status, body=reply.body, error=msg)


def _context(tls: Tls) -> ssl.SSLContext | None:
    """Return which certificates are trusted and shown; None for the usual ones."""
    if not tls.ca and not tls.certificate:
        return None
    context = ssl.create_default_context(cadata=tls.ca or None)
    if tls.certificate:
        certificates.show(context, tls)
    return context


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def urls(send: HttpSend) -> list[str]:
    """Return the URLs that a definition sends to."""
    return [url for url in (send.url, send.auth.token_url) if url]


KIND = TransportKind("http", HttpSend, check, HttpTransport, urls)
