"""The optional parts of the package: a missing one is reported with the command that installs it.

Each extra of pyproject.toml saves packages to those who do not use it; docs/dependencies.md lists them. Without extras the
package checks and tests programs. The extra SERVICE adds the server, and the others add a part to the server.
"""

from __future__ import annotations

from openness_bridge.errors import Kind, Problem

DISTRIBUTION = "simatic-engineering-api"
SERVICE = "service"
PURPOSES = {
    "assistant": "The extraction of documents by the AI assistant",
    "gateway": "A queue on Redis or PostgreSQL",
    "graphql": "The GraphQL interface of WinCC Unified",
    "mcp": "The protocol MCP",
    "mqtt": "A sink on MQTT or Sparkplug B",
    "opcua": "OPC UA",
    "parquet": "An export of the history as Parquet",
    "s7": "The S7 protocol",
    SERVICE: "A server, or a program that connects to one,",
}
"""What needs an extra, by the extra's name: the beginning of a sentence."""
OWN = {
    "engineering_api",
    "runtime_data",
    "openness_bridge",
    "simatic_xml",
    "fake_dotnet",
    "fake_openness",
    "fake_plcsim",
    "virtual_plc",
}


class Extra:
    """A block of imports that need an extra: `with Extra("mcp"): import mcp`."""

    def __init__(self, name: str) -> None:
        """Name the extra."""
        self._name = name

    def __enter__(self) -> None:
        """Begin the imports."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Report a package that is not installed.

        Raises:
            Problem: A package of the extra is missing; the message has the command that installs it.
        """
        if isinstance(error, ImportError) and is_foreign(error):
            raise missing(self._name, error.name or str(error)) from error


def is_foreign(error: ImportError) -> bool:
    """Return whether what could not be imported is of another package than this one."""
    return (error.name or "").partition(".")[0] not in OWN


def missing(extra: str, module: str) -> Problem:
    """Return the problem that an extra is not installed.

    Args:
        extra: Its name in pyproject.toml.
        module: The module that was not found.
    """
    extras = ",".join(dict.fromkeys((SERVICE, extra)))
    command = f'pip install "{DISTRIBUTION}[{extras}] @ ADDRESS"'
    msg = (
        f"{PURPOSES[extra]} needs packages that are not installed ({module}): {command}, with the address of the wheel."
    )
    return Problem("package.extra_missing", msg, kind=Kind.UNSUPPORTED)
