"""`tia api`: any route of the server, and any operation by its name."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from engineering_api.cli import index, outcome, output
from engineering_api.cli.lazy import describe_unknown, join_or
from engineering_api.cli.resource_commands import read_text
from engineering_api.cli.running import reporting

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


HELP = """Send a request to the server and print its answer as JSON.

\b
tia api GET /api/projects/overview
tia api POST /api/projects/actions/create-sync -f name=Conveyor
tia api OPERATION -f deviceName=PLC_1

TARGET is a method, followed by PATH, or the name of an operation. With GET and DELETE, fields go into the query;
otherwise into the body.
"""


@click.command("api", help=HELP, short_help="Send a request: tia api METHOD PATH, or tia api OPERATION")
@click.argument("target", required=False)
@click.argument("path", required=False)
@click.option("-f", "--field", "fields", multiple=True, metavar="NAME=VALUE", help="A field; JSON, text, @FILE or @-.")
@click.option("--input", "source", metavar="FILE", help="The body: a file, or - for standard input.")
@click.option("-i", "--include", is_flag=True, help="Print status and headers, too.")
@click.option("--list", "listed", is_flag=True, help="List the operations with their routes.")
@reporting()
def api(
    target: str | None,
    path: str | None,
    fields: tuple[str, ...],
    source: str | None,
    *,
    include: bool,
    listed: bool,
) -> None:
    """Send a request to the server and print its answer as JSON."""
    if listed:
        for each in index.all_commands():
            click.echo(f"{each.operation:44} {each.about['routes'][0]}")
        return
    if target is None:
        raise click.UsageError("Name an operation, or a method and a path. `tia api --list` lists all.")
    document = dict(map(_field, fields))
    if path is None:
        _operation(target, document, source)
    else:
        _route(target, path, document, source, include=include)


def _operation(name: str, document: dict[str, Any], source: str | None) -> None:
    from engineering_api.cli.session import Session

    command = index.named(name) or index.named(f"{name}_")
    if command is None:
        raise click.UsageError(describe_unknown("operation", name, (each.operation for each in index.all_commands())))
    document = (json.loads(_read(source)) if source else {}) | document
    options = {each: document.pop(each) for each in command.about["options"] if each in document}
    with Session() as session:
        data = session.run(command, document, options)
    output.print_result(data, as_json=True)
    if outcome.has_findings(data):
        raise outcome.Finding


def _route(method: str, path: str, document: dict[str, Any], source: str | None, *, include: bool) -> None:
    from engineering_api.cli.session import Session

    method = method.upper()
    if method not in METHODS:
        raise click.UsageError(f"There is no method '{method}': use {join_or(METHODS)}.")
    path = path if path.startswith("/") else f"/{path}"
    body, query = _read(source) if source else b"", {}
    if method in {"GET", "DELETE"} or body:
        query = {name: _plain(value) for name, value in document.items()}
    elif document:
        body = msgspec.json.encode(document)
    with Session() as session:
        response = session.send(method, path, query, body)
    if include:
        click.echo(f"HTTP {response.status_code}")
        for name, value in response.headers.items():
            click.echo(f"{name}: {value}")
        click.echo()
    try:
        click.echo(output.to_json(response.json()["data"]))
    except (ValueError, KeyError, TypeError):
        sys.stdout.buffer.write(response.content)


def _field(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"-f must be NAME=VALUE, not '{text}'.")
    value = read_text(value, f"-f {name}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise click.UsageError(f"--input: {error}") from None
