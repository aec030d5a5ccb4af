"""How a sink is sent over HTTP: what its definition says, and what is wrong with it."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

from engineering_api.operations.fields import Model, named, secret
from openness_bridge.errors import Detail, Place
from runtime_data.sinks import certificates
from runtime_data.sinks.certificates import Tls

MOST_HEADERS = 50
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_OWN = {
    "authorization", "connection", "content-length", "content-type", "cookie", "host", "idempotency-key",
    "proxy-authorization", "te", "transfer-encoding", "upgrade",
}  # fmt: skip
_NEEDS = {"basic": ("user", "secret"), "bearer": ("secret",), "apiKey": ("secret",)} | {
    "oauth2": ("tokenUrl", "clientId", "secret")
}


class Auth(Model, kw_only=True):
    """How the sink identifies itself."""

    kind: Annotated[Literal["none", "basic", "bearer", "apiKey", "oauth2"], named("The way.")] = "none"
    user: Annotated[str, named("Of basic: the user.", max_length=200)] = ""
    secret: Annotated[str, secret("The password, token, key or client secret; sealed, and never answered.")] = ""
    header: Annotated[str, named("Of apiKey: the header that carries it.")] = "X-API-Key"
    token_url: Annotated[str, named("Of oauth2: where tokens are got with client credentials.")] = ""
    client_id: Annotated[str, named("Of oauth2: the client.", max_length=200)] = ""
    scope: Annotated[str, named("Of oauth2: the scopes, with blanks between them.", max_length=500)] = ""


class HttpSend(Model, kw_only=True):
    """A request for each push."""

    url: Annotated[str, named("http or https, to a host that TIA_SINK_HOSTS allows.", max_length=2000)]
    method: Annotated[Literal["GET", "POST", "PUT", "DELETE", "PATCH"], named("The method.")] = "POST"
    headers: Annotated[dict[str, str], named("Further headers.")] = {}
    auth: Annotated[Auth, named("How the sink identifies itself.")] = msgspec.field(default_factory=Auth)
    tls: Annotated[Tls, named("Certificates.")] = msgspec.field(default_factory=Tls)
    timeout: Annotated[float, named("Seconds that the receiver has to answer.", ge=0.1, le=120)] = 10.0


def check(send: HttpSend) -> list[Detail]:
    """Return what is wrong with a definition."""
    found = [*_headers(send.headers), *_auth(send.auth), *certificates.check(send.tls)]
    if not send.url.startswith(("http://", "https://")):
        found.insert(0, _detail("sink.url", "It begins with http:// or https:// and a host.", "/url"))
    return found


def _headers(headers: dict[str, str]) -> list[Detail]:
    if len(headers) > MOST_HEADERS:
        return [_detail("sink.header", f"A request has {MOST_HEADERS} headers at most.", "/headers")]
    found = []
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or name.casefold() in _OWN:
            msg = f"'{name}' cannot be a header here: it is none, or the service sets it, from auth and body."
            found.append(_detail("sink.header", msg, "/headers"))
        elif not value.isascii() or not value.isprintable() or len(value) > 4000:
            msg = f"The value of {name} has characters that a header cannot have, or more than 4000."
            found.append(_detail("sink.header", msg, "/headers"))
    return found


def _auth(auth: Auth) -> list[Detail]:
    given = {"user": auth.user, "secret": auth.secret, "tokenUrl": auth.token_url, "clientId": auth.client_id}
    found = [
        _detail("sink.auth", f"{auth.kind} needs {name}.", f"/auth/{name}")
        for name in _NEEDS.get(auth.kind, ())
        if not given[name]
    ]
    if not _HEADER.fullmatch(auth.header) or auth.header.casefold() in _OWN - {"authorization"}:
        found.append(_detail("sink.header", "The header of the key is not a name of a header.", "/auth/header"))
    if auth.kind in {"bearer", "apiKey"} and not (auth.secret.isascii() and auth.secret.isprintable()):
        found.append(_detail("sink.auth", "The secret has characters that a header cannot have.", "/auth/secret"))
    if auth.token_url and not auth.token_url.startswith(("http://", "https://")):
        found.append(_detail("sink.url", "It begins with http:// or https:// and a host.", "/auth/tokenUrl"))
    return found


def _detail(code: str, message: str, pointer: str) -> Detail:
    return Detail(code, message, Place(pointer=pointer))
