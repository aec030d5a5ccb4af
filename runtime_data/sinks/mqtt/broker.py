"""How an MQTT broker is reached: the fields that MQTT and Sparkplug share, and what is wrong with them."""

from __future__ import annotations

import socket
import ssl
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from engineering_api.operations.fields import Model, named, secret
from openness_bridge.errors import Detail, Place
from runtime_data.sinks import certificates
from runtime_data.sinks.certificates import Tls

PORTS = {"mqtt": 1883, "mqtts": 8883}


class Broker(Model, kw_only=True):
    """A broker and how to log in to it."""

    url: Annotated[str, named("mqtt://host:1883, or mqtts://host:8883 for TLS.", max_length=500)]
    user: Annotated[str, named("The name to log in with; empty for none.", max_length=200)] = ""
    password: Annotated[str, secret("Its password.")] = ""
    client_id: Annotated[str, named("The name of the connection; one made of the sink's name where it is empty.")] = ""
    keep_alive: Annotated[int, named("Seconds without a message after which the broker is asked.", ge=5, le=3600)] = 60
    tls: Annotated[Tls, named("Certificates, for mqtts.")] = msgspec.field(default_factory=Tls)


def check(broker: Broker) -> list[Detail]:
    """Return what is wrong with how a broker is reached, with pointers below `send`."""
    try:
        host, _ = address(broker)
    except ValueError:
        host = ""
    if not host:
        msg = "A broker needs a URL such as mqtts://broker.plant.example:8883, without user, path and query."
        return [Detail("sink.url", msg, Place(pointer="/url"))]
    if broker.password and not broker.user:
        return [Detail("sink.broker", "A password needs a user.", Place(pointer="/user"))]
    if broker.tls != Tls() and not is_encrypted(broker):
        return [Detail("sink.broker", "Certificates need TLS: write mqtts:// in the URL.", Place(pointer="/url"))]
    return certificates.check(broker.tls)


def address(broker: Broker) -> tuple[str, int]:
    """Return the host and the port of a broker.

    Raises:
        ValueError: The URL is none of a broker.
    """
    parts = urlsplit(broker.url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.query or parts.path not in ("", "/"):
        raise ValueError(broker.url)
    return parts.hostname, parts.port or PORTS[parts.scheme]


def urls(broker: Broker) -> list[str]:
    """Return the host and port as a URL that the list of allowed hosts can check."""
    try:
        host, port = address(broker)
    except ValueError:
        return []
    return [f"https://{f'[{host}]' if ':' in host else host}:{port}"]


def is_encrypted(broker: Broker) -> bool:
    """Return whether the connection uses TLS."""
    return urlsplit(broker.url).scheme == "mqtts"


class NamedContext(ssl.SSLContext):
    """TLS to an address that was checked, with the certificate of a host's name."""

    host = ""

    def wrap_socket(self, sock: socket.socket, *args: Any, **options: Any) -> ssl.SSLSocket:
        """Expect the certificate of the host, and close the connection to one that does not have it."""
        wrapped = super().wrap_socket(sock, *args, **{**options, "server_hostname": self.host})
        try:
            wrapped.do_handshake()
        except OSError:
            wrapped.close()
            raise
        return wrapped


def encryption(broker: Broker) -> ssl.SSLContext | None:
    """Return how the connection is encrypted; None where it is not."""
    if not is_encrypted(broker):
        return None
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.host = address(broker)[0]
    if broker.tls.ca:
        context.load_verify_locations(cadata=broker.tls.ca)
    else:
        context.load_default_certs()
    if broker.tls.certificate:
        certificates.show(context, broker.tls)
    return context
