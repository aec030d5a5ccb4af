"""The connection of a source that is an OPC UA server, and how the source is made of it."""

from __future__ import annotations

from typing import Annotated, Literal

from engineering_api.extras import Extra
from engineering_api.operations.fields import Model, named, secret
from openness_bridge.errors import Detail, Place
from runtime_data.opcua.names import FINGERPRINT
from runtime_data.sources.kind import Around, SourceKind
from runtime_data.sources.source import Source

Policy = Literal["None", "Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss"]
OBJECTS = "i=85"


class OpcuaConnection(Model, kw_only=True):
    """How the source connects to an OPC UA server."""

    host: Annotated[str, named("The server's name or address.", min_length=1, max_length=255)]
    port: Annotated[int, named("Its port.", ge=1, le=65535)] = 4840
    path: Annotated[str, named("What follows the port in its URL, such as /server.", max_length=200)] = ""
    security_policy: Annotated[Policy, named("How messages are secured.")] = "Basic256Sha256"
    security_mode: Annotated[
        Literal["Sign", "SignAndEncrypt"], named("Whether messages are encrypted, too; not for the policy None.")
    ] = "SignAndEncrypt"
    server_certificate: Annotated[
        str,
        named(
            "The SHA-256 fingerprint of the server's certificate. Without it a secured connection is refused, and the refusal"
            " names the one that the server shows.",
            max_length=95,
        ),
    ] = ""
    username: Annotated[str, named("The user; without one the source connects anonymously.", max_length=200)] = ""
    password: Annotated[str, secret("The user's password; sealed, and never answered.")] = ""
    root: Annotated[
        str, named("The id of the node below which the tags are, such as ns=3;s=PLC.", min_length=3, max_length=500)
    ] = OBJECTS
    connections: Annotated[int, named("How many connections share many monitored tags.", ge=1, le=8)] = 4
    sampling: Annotated[int, named("Milliseconds between two samples of a monitored tag.", ge=50, le=60_000)] = 100
    timeout: Annotated[float, named("Seconds within which the server has to answer.", ge=0.5, le=60)] = 5.0


def check(connection: OpcuaConnection) -> list[Detail]:
    """Return what is wrong with a connection."""
    found = []
    if connection.server_certificate and FINGERPRINT.fullmatch(connection.server_certificate) is None:
        msg = "A fingerprint of SHA-256 is 64 hexadecimal digits, with colons or without."
        found.append(_detail(msg, "/serverCertificate"))
    if connection.password and not connection.username:
        found.append(_detail("A password belongs to a user: write username.", "/username"))
    if connection.username and connection.security_policy == "None":
        msg = "A user's password is sent on a secured connection only: choose a security policy such as Basic256Sha256."
        found.append(_detail(msg, "/securityPolicy"))
    if connection.path and not connection.path.startswith("/"):
        found.append(_detail("A path begins with /.", "/path"))
    return found


def make(name: str, connection: OpcuaConnection, around: Around) -> Source:
    """Make the source; it connects when it is asked first.

    Raises:
        Problem: asyncua is not installed.
    """
    with Extra("opcua"):
        from runtime_data.sources.opcua.source import OpcuaSource
    return OpcuaSource(name, connection, around.targets, around.folder / "opcua")


def _detail(message: str, pointer: str) -> Detail:
    return Detail("runtime.source_connection", message, Place(pointer=pointer))


KIND = SourceKind("opcua", OpcuaConnection, make, lambda connection: (connection.host, connection.port), check)
