"""The commands that start a server: serve, gateway, worker and mcp."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, get_args

import click

from engineering_api.cli.running import reporting
from engineering_api.settings import Settings, ToolProfile, from_environment
from simatic_xml.versions import DEFAULT_PORTAL, PORTALS

PROFILES = get_args(ToolProfile)
TIA_VERSION = f"TIA_VERSION. {PORTALS[0]} to {PORTALS[-1]}; the newest installed one, or {DEFAULT_PORTAL}."


@click.command()
@click.option(
    "--backend",
    type=click.Choice(["auto", "fake", "openness"]),
    help="TIA_BACKEND. auto: a TIA Portal where one is installed.",
)
@click.option("--tia-version", help=TIA_VERSION)
@click.option("--host", help="TIA_HOST. 127.0.0.1 by default.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="TIA_PORT. Without it 9000, or the next free one up to 9100."
)
@click.option("--data-dir", type=click.Path(path_type=Path), help="TIA_DATA_DIR. The service's own files.")
@click.option(
    "--root", "roots", multiple=True, type=click.Path(path_type=Path), help="TIA_ROOTS. A folder that clients may name."
)
@click.option(
    "--headless/--no-headless", default=None, help="TIA_HEADLESS. Start a portal without user interface when needed."
)
@click.option("--quiet", is_flag=True, default=None, help="TIA_QUIET. Print warnings only.")
@click.option(
    "--tls-cert", type=click.Path(path_type=Path), help="TIA_TLS_CERT. The server's certificate, in PEM form."
)
@click.option("--tls-key", type=click.Path(path_type=Path), help="TIA_TLS_KEY. The key of that certificate.")
@click.option("--insecure", is_flag=True, default=None, help="TIA_INSECURE. Serve other computers without TLS.")
@click.option(
    "--mcp-write", is_flag=True, default=None, help="TIA_MCP_WRITE. Allow tools of MCP clients to make changes."
)
@click.option(
    "--mcp-tools", type=click.Choice(PROFILES), help="TIA_MCP_TOOLS. The tools that MCP clients see by default."
)
@reporting()
def serve(**given: Any) -> None:
    """Start the server."""
    from engineering_api.cli.serve import serve as run

    run(_settings(given))


@click.command(short_help="Serve for several machines.")
@click.option("--queue", help="TIA_QUEUE. redis://..., postgresql://..., or embedded: one worker in this process.")
@click.option("--host", help="TIA_HOST. As for serve.")
@click.option("--port", type=click.IntRange(0, 65535), help="TIA_PORT. As for serve.")
@click.option("--backend", type=click.Choice(["auto", "fake", "openness"]), help="TIA_BACKEND. Of an embedded worker.")
@click.option("--tia-version", help="TIA_VERSION. Of an embedded worker.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="TIA_DATA_DIR. The service's own files.")
@click.option("--quiet", is_flag=True, default=None, help="TIA_QUIET. Print warnings only.")
@click.option(
    "--tls-cert", type=click.Path(path_type=Path), help="TIA_TLS_CERT. The server's certificate, in PEM form."
)
@click.option("--tls-key", type=click.Path(path_type=Path), help="TIA_TLS_KEY. The key of that certificate.")
@click.option("--insecure", is_flag=True, default=None, help="TIA_INSECURE. Serve other computers without TLS.")
@reporting()
def gateway(**given: Any) -> None:
    """Serve all routes and send the operations to `tia worker` on other machines.

    Gateway and workers need the same TIA_GATEWAY_SECRET. docs/gateway.md describes the guarantees.
    """
    from engineering_api.cli.gateway import gateway as run

    run(_settings(given))


@click.command(short_help="Run the operations that a gateway sends.")
@click.option("--queue", help="TIA_QUEUE. The gateway's: redis://... or postgresql://...")
@click.option("--name", default="", help="Unique among the gateway's workers; the computer's name by default.")
@click.option("--backend", type=click.Choice(["auto", "fake", "openness"]), help="TIA_BACKEND. As for serve.")
@click.option("--tia-version", help="TIA_VERSION. As for serve; a machine with several versions has a worker for each.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="TIA_DATA_DIR. The worker's own files.")
@click.option("--root", "roots", multiple=True, type=click.Path(path_type=Path), help="TIA_ROOTS. As for serve.")
@click.option("--headless/--no-headless", default=None, help="TIA_HEADLESS. As for serve.")
@click.option("--quiet", is_flag=True, default=None, help="TIA_QUIET. Print warnings only.")
@reporting()
def worker(name: str, **given: Any) -> None:
    """Run the operations that a gateway sends, on the portals of this machine.

    Gateway and workers need the same TIA_GATEWAY_SECRET.
    """
    from engineering_api.cli.gateway import worker as run

    run(_settings(given), name)


@click.command("mcp", short_help="Speak MCP over standard input and output.")
@click.option("--url", help="TIA_URL. A running server that gets all requests; without it, a service in this process.")
@click.option("--project", default="", help="A project to open at the start, by a service in this process.")
@click.option("--backend", type=click.Choice(["auto", "fake", "openness"]), help="TIA_BACKEND.")
@click.option("--tia-version", help=TIA_VERSION)
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="TIA_DATA_DIR. The service's own files, with its key."
)
@click.option("--root", "roots", multiple=True, type=click.Path(path_type=Path), help="TIA_ROOTS. As for serve.")
@click.option("--headless/--no-headless", default=None, help="TIA_HEADLESS. As for serve.")
@click.option(
    "--mcp-write", is_flag=True, default=None, help="TIA_MCP_WRITE. Allow tools to make changes (without --url)."
)
@click.option(
    "--tools",
    "mcp_tools",
    type=click.Choice(PROFILES),
    envvar="TIA_MCP_TOOLS",
    help="TIA_MCP_TOOLS. The tools to list.",
)
@reporting()
def speak_mcp(url: str | None, project: str, **given: Any) -> None:
    """Speak MCP over standard input and output, for clients that start a program: `tia mcp` in their settings.

    Tools only read unless --mcp-write is given. With --url, the --mcp-write of the running server counts.
    """
    settings = _settings(given)
    url = url or ("" if project else os.environ.get("TIA_URL", ""))
    if url:
        from engineering_api.cli.mcp_stdio import proxy

        proxy(url, settings, given["mcp_tools"] or "")
    else:
        settings.roots += [Path(project).resolve().parent] if project else []
        from engineering_api.cli.mcp_embedded import serve_embedded

        serve_embedded(settings, str(Path(project).resolve()) if project else "")


def _settings(given: dict[str, Any]) -> Settings:
    """Return the settings of the environment, with the options of a command over them."""
    settings = from_environment(data_dir=given["data_dir"])
    for name, value in given.items():
        if value is not None and value != ():
            setattr(settings, name, list(value) if name == "roots" else value)
    return settings
