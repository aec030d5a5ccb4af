"""The certificate with which this service shows itself to OPC UA clients and servers: made once, and kept in the data folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engineering_api.durable import write_file

BITS = 2048
VALID = dt.timedelta(days=5 * 365)
RENEWED = dt.timedelta(days=30)
"""The service replaces a certificate that ends sooner when it needs it next."""
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Own:
    """A certificate with its key.

    Attributes:
        certificate: As DER.
        key: As PEM without a password.
        uri: The application's URI, which the certificate names.
    """

    certificate: bytes
    key: bytes
    uri: str


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate as DER: 64 hexadecimal digits."""
    return hashlib.sha256(certificate).hexdigest()


def plain(text: str) -> str:
    """Return a fingerprint without colons, in lower case."""
    return text.replace(":", "").casefold()


def own(folder: Path, name: str, hosts: Sequence[str] = ()) -> Own:
    """Return the certificate of an application of this service; make one where there is none, or it ends soon.

    Args:
        folder: Where it is kept.
        name: The application: server or client.
        hosts: Names and addresses that it must name.

    Raises:
        OSError: It cannot be kept.
    """
    uri = f"urn:{socket.gethostname()}:simatic-engineering-api:opcua:{name}"
    certificate, key = folder / f"{name}.der", folder / f"{name}.key"
    with _lock:
        if not (certificate.exists() and key.exists() and _is_usable(certificate.read_bytes(), uri, hosts)):
            folder.mkdir(parents=True, exist_ok=True)
            new_certificate, new_key = _make(uri, hosts)
            write_file(key, new_key)
            write_file(certificate, new_certificate)
        return Own(certificate.read_bytes(), key.read_bytes(), uri)


def _is_usable(der: bytes, uri: str, hosts: Sequence[str]) -> bool:
    found = x509.load_der_x509_certificate(der)
    if found.not_valid_after_utc - RENEWED < dt.datetime.now(dt.UTC):
        return False
    names = set(found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    return set(_names(uri, hosts)) <= names


def _names(uri: str, hosts: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri)]
    for host in dict.fromkeys((socket.gethostname(), *hosts)):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            found.append(x509.DNSName(host))
    return found


def _make(uri: str, hosts: Sequence[str]) -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(65537, BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, uri.rpartition(":")[0][4:68])])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(_names(uri, hosts)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
        .add_extension(usage, critical=False)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return built.public_bytes(serialization.Encoding.DER), private
