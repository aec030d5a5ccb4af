"""The certificate of the server: made once, kept in the data folder, and made again before it ends."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engineering_api.durable import write_file

DAYS = 825
RENEWED_BEFORE = dt.timedelta(days=30)
NAMES = ("certificate.pem", "key.pem")


def context_of(folder: Path, host: str) -> ssl.SSLContext:
    """Return TLS with the certificate of a folder, which is made where there is none that fits the host.

    Args:
        folder: Where certificate and key are, readable for the owner alone.
        host: The address that the server listens on.

    Raises:
        OSError: The folder cannot be used.
    """
    certificate, key = (folder / name for name in NAMES)
    if not _is_usable(certificate, key, host):
        make(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def make(folder: Path, host: str) -> None:
    """Make a key and a certificate that it signs itself."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Open engineering API for SIMATIC PLCs: Web API server")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_file(folder / NAMES[1], key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_file(folder / NAMES[0], certificate.public_bytes(Encoding.PEM))


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 fingerprint of the certificate, as AB:CD:..."""
    certificate = x509.load_pem_x509_certificate((folder / NAMES[0]).read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _is_usable(certificate: Path, key: Path, host: str) -> bool:
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    fits = all(each in list(names) for each in _names(host))
    return key.is_file() and fits and found.not_valid_after_utc - RENEWED_BEFORE > dt.datetime.now(dt.UTC)


def _names(host: str) -> list[x509.GeneralName]:
    """Return the names by which clients call a host."""
    texts = {host, "localhost", "127.0.0.1", socket.gethostname()} - {"0.0.0.0", "::"}  # noqa: S104 - no name
    names: list[x509.GeneralName] = []
    for text in sorted(texts):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(text)))
        except ValueError:
            with suppress(ValueError):
                names.append(x509.DNSName(text))
    return names
