"""How to reach a CPU's Web API: the settings of a source of the kind webapi."""

from __future__ import annotations

import re
from typing import Annotated

from engineering_api.operations.fields import Model, named, secret
from engineering_api.security.origins import is_loopback
from openness_bridge.errors import Detail, Place

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_HOST = re.compile(r"[\w.:-]{1,253}", re.ASCII)


class WebApiConnection(Model, kw_only=True):
    """A connection to a CPU."""

    host: Annotated[str, named("The CPU's IP address or name.", max_length=253)]
    port: Annotated[int, named("The port of its web server.", ge=1, le=65_535)] = 443
    user: Annotated[str, named("A user of the CPU's web server.", max_length=200)] = "Anonymous"
    password: Annotated[str, secret("The user's password; sealed, and never answered.")] = ""
    fingerprint: Annotated[
        str,
        named(
            "The SHA-256 fingerprint of the CPU's certificate: only this certificate is accepted then. The action test of the"
            " source shows it.",
            max_length=200,
        ),
    ] = ""
    ca: Annotated[
        str,
        named(
            "Certificates as PEM, of which one must have signed the CPU's. Without them and without a fingerprint, those count"
            " that the computer trusts.",
            max_length=100_000,
        ),
    ] = ""
    device: Annotated[
        str,
        named(
            "The PLC of the project whose CPU it is, for the routes below /api/devices/{deviceName}/cpu. Without it, it is the"
            " PLC that has the host as an IP address.",
            max_length=200,
        ),
    ] = ""
    start_stop: Annotated[bool, named("Whether those routes may start and stop the CPU.")] = False
    alarms: Annotated[bool, named("Whether the alarms of the CPU are alarms of the service, too.")] = False
    timeout: Annotated[float, named("Seconds in which the CPU must have answered.", ge=0.1, le=60)] = 5.0
    plain_http: Annotated[bool, named("Use HTTP without TLS; only for a host on this computer.")] = False


def address_of(connection: WebApiConnection) -> tuple[str, int]:
    """Return the host and the port."""
    return connection.host, connection.port


def digits_of(fingerprint: str) -> str:
    """Return a fingerprint as 64 hexadecimal digits, however it is written; empty for none."""
    return re.sub(r"[\s:-]", "", fingerprint).casefold().removeprefix("sha256")


def check(connection: WebApiConnection) -> list[Detail]:
    """Return what is wrong with a connection, with pointers below it."""
    found = []
    if not _HOST.fullmatch(connection.host):
        found.append(_detail("The host is an IP address or a name, without https:// and a path.", "/host"))
    if connection.fingerprint and not _FINGERPRINT.fullmatch(digits_of(connection.fingerprint)):
        found.append(_detail("A SHA-256 fingerprint has 64 hexadecimal digits.", "/fingerprint"))
    if connection.fingerprint and connection.ca:
        found.append(_detail("Give a fingerprint or certificates of a CA, not both.", "/ca"))
    if connection.ca and not _is_pem(connection.ca):
        found.append(_detail("These are not certificates as PEM.", "/ca"))
    if connection.plain_http and not is_loopback(connection.host):
        msg = "Without TLS everybody on the network sees the password: use HTTPS, or a host on this computer."
        found.append(_detail(msg, "/plainHttp"))
    return found


def _is_pem(text: str) -> bool:
    from cryptography import x509

    try:
        return bool(x509.load_pem_x509_certificates(text.encode()))
    except ValueError:
        return False


def _detail(message: str, pointer: str) -> Detail:
    return Detail("runtime.source_connection", message, Place(pointer=pointer))
