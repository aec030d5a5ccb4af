"""Bearer tokens of an OpenID Connect or OAuth 2.0 issuer, by configuration: checked with the keys that it publishes.

Only signatures with a public key are taken, and only those of the configured list: never none, and never HS256, whose key
would be the published one. Facts: RFC 8725 (JWT best practices), RFC 9068 (access tokens), OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.origins import is_loopback
from engineering_api.security.roles import RIGHTS
from engineering_api.security.tokens import ALGORITHM, TokenCache, bad_token
from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem

log = logging.getLogger(__name__)
ALLOWED = {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)} | {"EdDSA"}
FRESH = 3600.0
"""Seconds after which the keys are fetched again."""
USABLE = 86_400.0
"""Seconds for which keys are used while the issuer does not answer."""
PAUSE = 30.0
"""Seconds between two tries to fetch keys, for all tokens together."""
LARGEST = 1 << 20
LONGEST_NAME = 200
PATIENCE = 5.0


class KeySet:
    """The issuer's keys, fetched when they are needed, old, or lack the one of a token."""

    def __init__(self, issuer: str, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Fetch from an address, or from where the issuer's discovery document says when that is empty."""
        self._issuer, self._address, self._clock = issuer, address, clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = -USABLE
        self._fetching = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """Return a key by its id, or the only one for an empty id; None where there is no such key.

        Raises:
            Problem: There are no keys, and the issuer does not give any.
        """
        if self._find(key_id) is None or self._clock() - self._fetched > FRESH:
            async with self._fetching:
                await self._renew(key_id)
        if self._clock() - self._fetched > USABLE:
            msg = "The issuer of tokens does not answer: try again later, or use an API key."
            raise Problem("auth.issuer", msg, kind=Kind.UNAVAILABLE)
        return self._find(key_id)

    def _find(self, key_id: str) -> jwt.PyJWK | None:
        if not key_id and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id)

    async def _renew(self, key_id: str) -> None:
        now = self._clock()
        current = self._find(key_id) is not None and now - self._fetched <= FRESH
        if current or now - self._tried < PAUSE:
            return
        self._tried = now
        try:
            self._keys = _usable(await self._download())
            self._fetched = now
        except (
            Problem,
            httpx.HTTPError,
            msgspec.MsgspecError,
            KeyError,
            TypeError,
            ValueError,
            jwt.PyJWTError,
        ) as error:
            log.warning("The keys of %s cannot be read: %s: %s", self._issuer, type(error).__name__, error)

    async def _download(self) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            address = self._address
            if not address:
                about = await _document(client, f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                if about["issuer"] != self._issuer:
                    msg = f"it says that it is {about['issuer']}"
                    raise ValueError(msg)
                address = str(about["jwks_uri"])
            return await _document(client, require_safe(address))


class Issuer:
    """Takes the tokens of one issuer."""

    def __init__(self, settings: Settings, keys: KeySet | None = None) -> None:
        """Take tokens as these settings say.

        Raises:
            Problem: The settings are not complete, or not safe.
        """
        _require_usable(settings)
        self._settings = settings
        named = {str(role): right for role, right in RIGHTS.items()}
        self._rights = {value: named[role] for value, role in settings.oidc_rights.items()}
        self._keys = keys or KeySet(settings.oidc_issuer, settings.oidc_jwks)
        self._good = TokenCache()

    def takes(self, token: str) -> bool:
        """Return whether a token names another signer than this service, whose own tokens are all signed alike."""
        try:
            return self._good.get(token) is not None or jwt.get_unverified_header(token).get("alg") != ALGORITHM
        except jwt.PyJWTError:
            return False

    async def caller(self, token: str) -> Caller:
        """Return the caller that a token identifies.

        Raises:
            Problem: 401, it is not good; 403, it gives no right here; 503, the issuer does not answer.
        """
        known: Caller | None = self._good.get(token)
        if known is not None:
            return known
        claims = await self._claims(token)
        caller = self._caller(claims)
        self._good.put(token, caller, float(claims["exp"]))
        return caller

    async def _claims(self, token: str) -> dict[str, Any]:
        given = self._settings
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in given.oidc_algorithms:
                raise bad_token()
            key = await self._keys.key(str(header.get("kid", "")))
            if key is None:
                raise bad_token()
            found: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=given.oidc_algorithms,
                issuer=given.oidc_issuer,
                audience=given.oidc_audience,
                leeway=given.oidc_skew,
                options={"require": ["iss", "aud", "exp", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise Problem("auth.expired", "The token has expired: request a new one.", kind=Kind.UNIDENTIFIED) from None
        except (jwt.PyJWTError, TypeError, ValueError):
            raise bad_token() from None
        return found

    def _caller(self, claims: dict[str, Any]) -> Caller:
        given = self._settings
        name = str(_claim(claims, given.oidc_name_claim) or claims["sub"])
        if not name.isprintable() or len(name) > LONGEST_NAME:
            raise bad_token()
        values = _texts(_claim(claims, given.oidc_claim))
        right = max((self._rights[each] for each in values if each in self._rights), default=None)
        if right is None:
            msg = f"The token of '{name}' gives no right: '{given.oidc_claim}' has no value that TIA_OIDC_RIGHTS lists."
            raise Problem("auth.right", msg, kind=Kind.FORBIDDEN)
        projects = _texts(_claim(claims, given.oidc_projects_claim)) if given.oidc_projects_claim else []
        if given.oidc_projects_claim and not projects:
            msg = f"The token of '{name}' names no projects: '{given.oidc_projects_claim}' is missing."
            raise Problem("auth.scope", msg, kind=Kind.FORBIDDEN)
        return Caller(
            f"oidc:{name}",
            Right(right),
            kind="token",
            projects=tuple(projects),
            credential=f"token:{float(claims['exp']) + given.oidc_skew}",
        )


def require_safe(address: str) -> str:
    """Return the address, which must be https unless it is this computer's.

    Raises:
        Problem: It is not.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return address
    raise Problem(
        "settings.oidc",
        f"'{address}' must be an https address, because the keys there decide which tokens are valid.",
        kind=Kind.INVALID,
    )


def _require_usable(settings: Settings) -> None:
    require_safe(settings.oidc_issuer)
    if settings.oidc_jwks:
        require_safe(settings.oidc_jwks)
    wrong = {each for each in settings.oidc_algorithms if each not in ALLOWED}
    if wrong or not settings.oidc_algorithms:
        msg = (
            f"TIA_OIDC_ALGORITHMS has {', '.join(sorted(wrong)) or 'none'}: take some of {', '.join(sorted(ALLOWED))}."
        )
        raise Problem("settings.oidc", msg, kind=Kind.INVALID)
    if not settings.oidc_audience:
        msg = "TIA_OIDC_AUDIENCE is missing: without it, the service would accept tokens for other services."
        raise Problem("settings.oidc", msg, kind=Kind.INVALID)
    if not settings.oidc_rights or not set(settings.oidc_rights.values()) <= set(RIGHTS):
        msg = f"TIA_OIDC_RIGHTS must give each value one of {', '.join(RIGHTS)}, such as plc-admins=administrator."
        raise Problem("settings.oidc", msg, kind=Kind.INVALID)


async def _document(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    async with client.stream("GET", address) as answer:
        answer.raise_for_status()
        content = b""
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > LARGEST:
                msg = "the answer is too large"
                raise ValueError(msg)
    return msgspec.json.decode(content, type=dict[str, Any])


def _usable(document: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """Return the public keys for signatures in a set, by their ids; what this version does not know is left out."""
    found: dict[str, jwt.PyJWK] = {}
    for each in msgspec.convert(document["keys"], list[dict[str, Any]]):
        if each.get("kty") == "oct" or each.get("use", "sig") != "sig":
            continue
        try:
            found[str(each.get("kid", ""))] = jwt.PyJWK(each)
        except jwt.PyJWTError:
            log.info("A key of the issuer cannot be used: %s", each.get("kid"))
    return found


def _claim(claims: dict[str, Any], path: str) -> Any:
    found: Any = claims.get(path)
    if found is None and "." in path:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    return found


def _texts(value: Any) -> list[str]:
    """Return the values of a claim: a list, or texts with blanks between them as in `scope`."""
    if isinstance(value, str):
        return value.split()
    return [str(each) for each in value] if isinstance(value, list) else []
