"""Which certificate of a CPU is accepted: the one with a fingerprint, or what a CA signed. Nothing is trusted by itself."""

from __future__ import annotations

import hashlib
import socket
import ssl
from typing import Any

from runtime_data.sources.webapi.connection import WebApiConnection, digits_of


class WrongCertificateError(ssl.SSLCertVerificationError):
    """A CPU shows another certificate than the one with the fingerprint.

    Attributes:
        shown: The fingerprint of the certificate that it shows.
    """

    def __init__(self, shown: str) -> None:
        """Note what it shows."""
        super().__init__(f"the certificate has the fingerprint {shown}")
        self.shown = shown


def context_for(connection: WebApiConnection) -> ssl.SSLContext:
    """Return which certificates a connection accepts. TLS 1.2 is the oldest."""
    if not connection.fingerprint:
        return ssl.create_default_context(cadata=connection.ca or None)
    wanted = digits_of(connection.fingerprint)

    class Pinned(ssl.SSLObject):
        """A connection that ends after the handshake, before anything is sent, where another certificate is shown."""

        def do_handshake(self) -> None:
            super().do_handshake()
            shown = _digest(self.getpeercert(binary_form=True))
            if shown != wanted:
                raise WrongCertificateError(spell(shown))

    context = _unchecked()
    context.sslobject_class = Pinned
    return context


def fetch_certificate(addresses: list[str], port: int, seconds: float) -> bytes:
    """Return the certificate that a CPU shows, in DER. Nothing else is sent to it.

    Args:
        addresses: The addresses of the host, which were checked.
        port: Of its web server.
        seconds: How long each step may take.

    Raises:
        OSError: It cannot be reached, or speaks no TLS.
    """
    with (
        socket.create_connection((addresses[0], port), seconds) as plain,
        _unchecked().wrap_socket(plain) as encrypted,
    ):
        return encrypted.getpeercert(binary_form=True) or b""


def fingerprint_of(certificate: bytes) -> str:
    """Return the fingerprint of a certificate, as people compare it."""
    return spell(_digest(certificate))


def spell(digits: str) -> str:
    """Return a fingerprint as people compare it: AB:CD:..."""
    text = digits.upper()
    return ":".join(text[at : at + 2] for at in range(0, len(text), 2))


def _unchecked() -> ssl.SSLContext:
    """Return a context that accepts every certificate: who uses it compares the fingerprint."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _digest(certificate: Any) -> str:
    return hashlib.sha256(certificate or b"").hexdigest()
