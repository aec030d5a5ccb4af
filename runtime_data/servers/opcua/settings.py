"""The settings of the OPC UA server, and how it is made of them."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

import msgspec

from engineering_api.extras import Extra
from engineering_api.operations.context import Service
from engineering_api.operations.fields import Model, named
from openness_bridge.errors import Detail, Place
from runtime_data.opcua.names import FINGERPRINT
from runtime_data.servers.server import LOOPBACK, Server, ServerKind, register

PORT = 4840
Fingerprint = Annotated[str, msgspec.Meta(min_length=64, max_length=95)]


class OpcuaSettings(Model, kw_only=True):
    """How the OPC UA server runs."""

    host: Annotated[str, named("The address that it listens on.", min_length=1, max_length=255)] = LOOPBACK
    port: Annotated[int, named("The port that it listens on; 0 for a free one.", ge=0, le=65535)] = PORT
    source: Annotated[str, named("The source whose tags it shows; the default one if empty.", max_length=100)] = ""
    access: Annotated[
        Literal["program", "all"],
        named(
            "Whether tags of a simulated PLC are accessible and writable as the program in the open project says, or all of them."
        ),
    ] = "program"
    anonymous: Annotated[
        Literal["off", "read", "write"],
        named("What clients without a user may do; only where the server listens on loopback."),
    ] = "off"
    unsecured: Annotated[
        bool, named("Whether clients may connect without signatures and encryption; only on loopback.")
    ] = False
    trusted_clients: Annotated[
        list[Fingerprint],
        named(
            "SHA-256 fingerprints of the client certificates that are accepted; all where it is empty, because clients log in.",
            max_length=1000,
        ),
    ] = []
    max_sessions: Annotated[int, named("How many sessions there are at once.", ge=1, le=100)] = 20
    max_items: Annotated[int, named("How many tags all clients monitor at once.", ge=1, le=20_000)] = 2000
    max_message: Annotated[int, named("The largest message, in bytes.", ge=65_536, le=64 << 20)] = 16 << 20
    period: Annotated[int, named("Milliseconds between two readings of monitored tags.", ge=50, le=60_000)] = 100


def is_loopback(host: str) -> bool:
    """Return whether an address is reached from this computer only."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(settings: OpcuaSettings) -> list[Detail]:
    """Return what is wrong with settings."""
    found = []
    if not is_loopback(settings.host):
        for name, wrong in (("anonymous", settings.anonymous != "off"), ("unsecured", settings.unsecured)):
            if wrong:
                msg = f"'{name}' is only for a server on loopback: clients of other computers log in on a secured connection."
                found.append(Detail("runtime.server_settings", msg, Place(pointer=f"/{name}")))
    for number, each in enumerate(settings.trusted_clients):
        if FINGERPRINT.fullmatch(each) is None:
            msg = f"'{each}' is not a SHA-256 fingerprint: write 64 hexadecimal digits, with colons or without."
            found.append(Detail("runtime.server_settings", msg, Place(pointer=f"/trustedClients/{number}")))
    return found


def make(settings: OpcuaSettings, service: Service) -> Server:
    """Make the server.

    Raises:
        Problem: asyncua is not installed.
    """
    with Extra("opcua"):
        from runtime_data.servers.opcua.server import OpcuaServer
    return OpcuaServer(settings, service)


register(ServerKind("opcua", OpcuaSettings, make, check))
