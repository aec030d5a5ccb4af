"""`tia demo --open`: a server with the demo project, and the console in the browser, until Ctrl+C."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

import click

from engineering_api.cli.demo.command import server
from engineering_api.client import Client
from engineering_api.processes import open_browser


def open_console(output: Path, *, browser: bool) -> None:
    """Serve the demo project from an empty folder until Ctrl+C. The browser's key is the server's own, which nothing keeps.

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
        address = f"{served.url}/console/#login={key}"  # browsers send what is behind the # to no server
        if not browser or not open_browser(address):
            click.echo(f"Open {address}")
        click.echo("Press Ctrl+C to end the server.")
        with suppress(KeyboardInterrupt):
            served.process.wait()
            msg = f"The server has ended; {output / 'server.log'} says why."
            raise click.ClickException(msg)
