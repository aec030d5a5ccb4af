"""Certificates of a sink: which are trusted, and which one it shows."""

from __future__ import annotations

import secrets
import ssl
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from engineering_api.operations.fields import Model, named, secret
from openness_bridge.errors import Detail, Place
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
else:
    x509 = import_later("cryptography.x509")
    serialization = import_later("cryptography.hazmat.primitives.serialization")


class Tls(Model, kw_only=True):
    """Certificates."""

    ca: Annotated[str, named("The certificates, as PEM, of which one must have signed the receiver's.")] = ""
    certificate: Annotated[str, named("The sink's own certificate as PEM, with those between it and its CA.")] = ""
    private_key: Annotated[str, secret("Its key as PEM; sealed, and never answered.")] = ""


def check(tls: Tls) -> list[Detail]:
    """Return what is wrong with certificates, with pointers below `send`."""
    found = []
    for name, text in (("ca", tls.ca), ("certificate", tls.certificate)):
        if text and not _is_pem(text):
            found.append(_detail("This is not a certificate as PEM.", f"/tls/{name}"))
    if bool(tls.certificate) != bool(tls.private_key):
        found.append(_detail("A certificate and its key belong together.", "/tls/privateKey"))
    if tls.private_key:
        try:
            serialization.load_pem_private_key(tls.private_key.encode(), None)
        except (ValueError, TypeError):
            found.append(_detail("This is not a private key as PEM without a password.", "/tls/privateKey"))
    return found


def show(context: ssl.SSLContext, tls: Tls) -> None:
    """Load a certificate with its key, which Python takes from files only: the key's is encrypted and soon gone."""
    password = secrets.token_bytes(32).hex().encode()
    key = serialization.load_pem_private_key(tls.private_key.encode(), None)
    sealed = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(password)
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "own.pem"
        file.write_bytes(tls.certificate.encode() + b"\n" + sealed)
        context.load_cert_chain(file, password=password)


def _is_pem(text: str) -> bool:
    try:
        return bool(x509.load_pem_x509_certificates(text.encode()))
    except ValueError:
        return False


def _detail(message: str, pointer: str) -> Detail:
    return Detail("sink.certificate", message, Place(pointer=pointer))
