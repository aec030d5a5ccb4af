"""How the common MCP clients learn of this server: a block to copy for each, without a secret in it.

Clients on this computer that start a program get the key from the service's data folder; the others take it from the
environment variable TIA_API_KEY, or ask for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

SERVER = "tia-connect"
"""The server's name, as clients of T-IA Connect know it."""
KEY = "TIA_API_KEY"


class Setup(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """How one client is set up.

    Attributes:
        client: For the query, such as claude-code.
        file: The file that the block goes into.
        format: json or yaml.
        transport: stdio or streamable-http.
        block: The block as text.
        command: A command that does the same; empty where the client has none.
        note: What else is to be done.
    """

    client: str
    title: str
    file: str
    format: Literal["json", "yaml"]
    transport: Literal["stdio", "streamable-http"]
    block: str
    command: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """The server that is to be reached.

    Attributes:
        url: Where it listens, without a path.
        arguments: Of the program tia, for clients that start one.
    """

    url: str
    arguments: tuple[str, ...]

    @property
    def endpoint(self) -> str:
        """The URL of streamable HTTP."""
        return f"{self.url}/mcp"


FROM_ENVIRONMENT = f"Set {KEY} to the key of the service where the client is started."


def setups(server: Server) -> list[Setup]:
    """Return the blocks of all clients."""
    return [make(server) for make in _CLIENTS]


def _claude_desktop(server: Server) -> Setup:
    block = {"mcpServers": {SERVER: {"command": "tia", "args": list(server.arguments)}}}
    return Setup(
        client="claude-desktop",
        title="Claude Desktop",
        file="claude_desktop_config.json",
        format="json",
        transport="stdio",
        block=_json(block),
        note="Settings, Developer, Edit Config; then start Claude again.",
    )


def _claude_code(server: Server) -> Setup:
    block = {"mcpServers": {SERVER: {"type": "http", "url": server.endpoint, "headers": {"X-API-Key": f"${{{KEY}}}"}}}}
    command = f'claude mcp add --transport http {SERVER} {server.endpoint} --header "X-API-Key: ${KEY}"'
    return Setup(
        client="claude-code",
        title="Claude Code",
        file=".mcp.json",
        format="json",
        transport="streamable-http",
        block=_json(block),
        command=command,
        note=FROM_ENVIRONMENT,
    )


def _cursor(server: Server) -> Setup:
    block = {"mcpServers": {SERVER: {"url": server.endpoint, "headers": {"X-API-Key": f"${{env:{KEY}}}"}}}}
    return Setup(
        client="cursor",
        title="Cursor",
        file="~/.cursor/mcp.json",
        format="json",
        transport="streamable-http",
        block=_json(block),
        note=FROM_ENVIRONMENT,
    )


def _vs_code(server: Server) -> Setup:
    asked = {
        "type": "promptString",
        "id": "tiaConnectApiKey",
        "description": "Key of the engineering API",
        "password": True,
    }
    headers = {"X-Client-Id": "vscode", "X-API-Key": "${input:tiaConnectApiKey}"}
    block = {"inputs": [asked], "servers": {SERVER: {"type": "http", "url": server.endpoint, "headers": headers}}}
    return Setup(
        client="vscode",
        title="VS Code",
        file=".vscode/mcp.json",
        format="json",
        transport="streamable-http",
        block=_json(block),
        note="VS Code asks for the key once and keeps it.",
    )


def _continue(server: Server) -> Setup:
    block = (
        f"name: {SERVER}\nversion: 0.0.1\nschema: v1\nmcpServers:\n"
        f"  - name: {SERVER}\n    command: tia\n    args: {json.dumps(list(server.arguments))}\n"
    )
    return Setup(
        client="continue",
        title="Continue",
        file=f".continue/mcpServers/{SERVER}.yaml",
        format="yaml",
        transport="stdio",
        block=block,
        note="Tools are offered in agent mode.",
    )


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


_CLIENTS: tuple[Callable[[Server], Setup], ...] = (_claude_desktop, _claude_code, _cursor, _vs_code, _continue)
