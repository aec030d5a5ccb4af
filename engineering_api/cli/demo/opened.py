"""`tia demo --open`: a server with the demo project, and the console in the browser, until Ctrl+C."""

from __future__ import annotations

import secrets
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from engineering_api.cli.demo.command import Served, server
from engineering_api.client import Client

DAYS = 1
"""For which the browser's key is valid."""


def open_console(output: Path, *, browser: bool) -> None:
    """Serve the demo project from an empty folder until Ctrl+C.

    Args:
        output: The folder.
        browser: Whether to open the console in the browser; otherwise its address is printed.

    Raises:
        Problem: The demo project cannot be made.
        ClickException: The server does not start, or ended by itself.
    """
    key = secrets.token_urlsafe(32)
    with server(output, key) as served, Client(served.url, key) as tia:
        click.echo("The demo project is being made ...")
        made = tia.demo_project.create()
        click.echo(f"'{made.project.name}' runs on the simulated PLC '{made.source}'.")
        address = _address(tia, served)
        if not browser or not _opened(address):
            click.echo(f"Open {address}")
        click.echo("Press Ctrl+C to end the server.")
        with suppress(KeyboardInterrupt):
            served.process.wait()
            msg = f"The server has ended; {output / 'server.log'} says why."
            raise click.ClickException(msg)


def _address(tia: Client, served: Served) -> str:
    """Return the console's address with a new key behind the #, which browsers send to no server."""
    made = tia.api_keys.create(
        name="console", right="administrator", expires_in_days=DAYS, addresses=["127.0.0.0/8", "::1/128"]
    )
    return f"{served.url}/console/#login={made.api_key}"


def _opened(address: str) -> bool:
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
