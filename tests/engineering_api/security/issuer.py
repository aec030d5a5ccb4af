"""An OpenID Connect issuer on a loopback address: its discovery document, its keys, and the tokens that it signs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

AUDIENCE = "engineering"
ROLES = {
    "plc-viewers": "viewer",
    "plc-engineers": "engineer",
    "plc-operators": "operator",
    "plc-admins": "administrator",
}


class Issuer:
    """Signs tokens.

    Attributes:
        address: Of the issuer.
        asked: The paths that were asked for, in their order.
        documents: What is answered by path; a test may change it.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.documents: dict[str, Any] = {}
        self.keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        self.documents["/.well-known/openid-configuration"] = {"issuer": address, "jwks_uri": f"{address}/keys"}
        self.renew("first")

    def renew(self, key_id: str) -> None:
        """Sign with a new key from now on, and publish that one alone."""
        self.keys = {key_id: ec.generate_private_key(ec.SECP256R1())}
        self.documents["/keys"] = {
            "keys": [
                json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": name, "use": "sig", "alg": "ES256"}
                for name, key in self.keys.items()
            ]
        }

    def claims(self, *roles: str, **more: Any) -> dict[str, Any]:
        now = time.time()
        return {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "eva",
            "exp": now + 600,
            "iat": now,
            "roles": list(roles),
        } | more

    def token(self, *roles: str, **more: Any) -> str:
        """A good token, but for what `more` says otherwise; a claim that is None is left out."""
        claims = {name: value for name, value in self.claims(*roles, **more).items() if value is not None}
        key_id, key = next(iter(self.keys.items()))
        return jwt.encode(claims, key, algorithm="ES256", headers={"kid": key_id})

    @property
    def settings(self) -> dict[str, Any]:
        """How a service is told of this issuer."""
        return {
            "oidc_issuer": self.address,
            "oidc_audience": AUDIENCE,
            "oidc_rights": dict(ROLES),
            "oidc_algorithms": ["ES256"],
        }


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that runs within the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            found = issuer.documents.get(self.path)
            body = json.dumps(found).encode() if not isinstance(found, bytes) else found
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        issuer = Issuer(f"http://127.0.0.1:{http.server_address[1]}")
        thread = threading.Thread(target=http.serve_forever, args=[0.05])
        thread.start()
        try:
            yield issuer
        finally:
            http.shutdown()
            thread.join()
