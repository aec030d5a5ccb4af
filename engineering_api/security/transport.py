"""Where the server listens, and how it is reached: encrypted, or on this computer alone unless a setting differs."""

from __future__ import annotations

import ssl

from engineering_api.security.origins import is_loopback
from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Return how connections are encrypted: TLS 1.2 or later with the given certificate; None where none is given.

    Raises:
        Problem: The certificate, its key or the clients' authority cannot be read, or do not belong together.
    """
    if settings.tls_cert is None and settings.tls_key is None:
        if settings.tls_client_ca is not None:
            raise _unusable("TIA_TLS_CLIENT_CA needs TIA_TLS_CERT and TIA_TLS_KEY.")
        return None
    if settings.tls_cert is None or settings.tls_key is None:
        raise _unusable("Give both, the certificate (TIA_TLS_CERT) and its key (TIA_TLS_KEY).")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # an encrypted key must not make the server ask at a terminal that nobody reads
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password=lambda: b"")
    except ssl.SSLError as error:
        raise _unusable(
            f"{settings.tls_cert} and {settings.tls_key} are not a certificate and its unencrypted key in PEM form "
            f"({error.reason or 'unreadable'})."
        ) from None
    except OSError as error:
        raise _unusable(f"{settings.tls_cert} or {settings.tls_key} cannot be read: {error.strerror}.") from None
    if settings.tls_client_ca is not None:
        _require_certificates(context, settings)
    return context


def require_safe_host(settings: Settings) -> None:
    """Refuse to listen for other computers without encryption, unless that is asked for.

    Raises:
        Problem: The host is reached from elsewhere, and keys and passwords would be seen on the way.
    """
    if is_loopback(settings.host) or settings.tls_cert is not None or settings.insecure:
        return
    msg = (
        f"{settings.host} is reachable from other computers, and without TLS everybody on the network sees keys, passwords and "
        "programs. Give a certificate with --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that has one; "
        "where the network is safe by other means, set --insecure (TIA_INSECURE=1)."
    )
    raise Problem("server.insecure", msg, kind=Kind.INVALID)


def _require_certificates(context: ssl.SSLContext, settings: Settings) -> None:
    """Let only clients in that have a certificate of an authority; they need a key or a token anyway."""
    try:
        context.load_verify_locations(settings.tls_client_ca)
    except (ssl.SSLError, OSError) as error:
        raise _unusable(f"{settings.tls_client_ca} is not a file of certificates in PEM form ({error}).") from None
    context.verify_mode = ssl.CERT_REQUIRED


def _unusable(what: str) -> Problem:
    return Problem("server.tls", what, kind=Kind.INVALID)
