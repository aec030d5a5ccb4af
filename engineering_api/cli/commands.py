"""The command line: serve, and every operation of the catalogue as a verb of a running server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from engineering_api import VERSION
from engineering_api.cli.audit import audit
from engineering_api.cli.backup import backup, restore
from engineering_api.cli.manifest import manifest
from engineering_api.operations.declaration import Catalogue, Mode, Operation, metas
from engineering_api.settings import Settings, from_environment
from openness_bridge.errors import Place, Problem

NOT_REACHED = 3
"""The exit status when no server answers."""


class Verbs(click.Group):
    """The fixed commands, and a group for each resource of the catalogue, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names."""
        return [*super().list_commands(ctx), *sorted({resource(op) for op in _catalogue()})]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a fixed command, or the group of a resource."""
        fixed = super().get_command(ctx, cmd_name)
        if fixed is not None:
            return fixed
        of_resource = [op for op in _catalogue() if resource(op) == cmd_name]
        return _group(cmd_name, of_resource) if of_resource else None


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The open engineering API for SIMATIC PLCs.

    `tia serve` starts the server; the other commands ask a running one, named by
    TIA_URL (http://127.0.0.1:9000 by default) with the key in TIA_API_KEY or in
    the server's data folder.
    """


@main.command()
@click.option(
    "--backend",
    type=click.Choice(["auto", "fake", "openness"]),
    help="TIA_BACKEND. auto: a TIA Portal where one is installed.",
)
@click.option("--tia-version", help="TIA_VERSION. 15.1 to 21; the newest installed one, or 20.")
@click.option("--host", help="TIA_HOST. 127.0.0.1 by default.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="TIA_PORT. 9000 by default, then the next free one up to 9100."
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
    "--mcp-write", is_flag=True, default=None, help="TIA_MCP_WRITE. Let tools of MCP clients change something."
)
def serve(**given: Any) -> None:
    """Start the server."""
    from engineering_api.web.serve import serve as run

    try:
        run(_settings(given))
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None


@main.command(short_help="Serve for several machines.")
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
def gateway(**given: Any) -> None:
    """Serve all routes; operations are done by `tia worker` on other machines.

    Gateway and workers need the same TIA_GATEWAY_SECRET. docs/gateway.md says what is promised.
    """
    from engineering_api.gateway.start import gateway as run

    try:
        run(_settings(given))
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None


@main.command(short_help="Do what a gateway asks.")
@click.option("--queue", help="TIA_QUEUE. The gateway's: redis://... or postgresql://...")
@click.option("--name", default="", help="Unique among the gateway's workers; the computer's name by default.")
@click.option("--backend", type=click.Choice(["auto", "fake", "openness"]), help="TIA_BACKEND. As for serve.")
@click.option("--tia-version", help="TIA_VERSION. As for serve; a machine with several versions has a worker for each.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="TIA_DATA_DIR. The worker's own files.")
@click.option("--root", "roots", multiple=True, type=click.Path(path_type=Path), help="TIA_ROOTS. As for serve.")
@click.option("--headless/--no-headless", default=None, help="TIA_HEADLESS. As for serve.")
@click.option("--quiet", is_flag=True, default=None, help="TIA_QUIET. Print warnings only.")
def worker(name: str, **given: Any) -> None:
    """Do the operations that a gateway asks for, on the portals of this machine.

    Gateway and workers need the same TIA_GATEWAY_SECRET.
    """
    from engineering_api.gateway.start import worker as run

    try:
        run(_settings(given), name)
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None


@main.command("mcp", short_help="Speak MCP over standard input and output.")
@click.option("--url", help="TIA_URL. A running server to pass everything to; without it, a service in this process.")
@click.option("--project", default="", help="A project to open at the start (without --url).")
@click.option("--backend", type=click.Choice(["auto", "fake", "openness"]), help="TIA_BACKEND.")
@click.option("--tia-version", help="TIA_VERSION. 15.1 to 21; the newest installed one, or 20.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="TIA_DATA_DIR. The service's own files, with its key."
)
@click.option("--root", "roots", multiple=True, type=click.Path(path_type=Path), help="TIA_ROOTS. As for serve.")
@click.option("--headless/--no-headless", default=None, help="TIA_HEADLESS. As for serve.")
@click.option(
    "--mcp-write", is_flag=True, default=None, help="TIA_MCP_WRITE. Let tools change something (without --url)."
)
def speak_mcp(url: str | None, project: str, **given: Any) -> None:
    """Speak MCP over standard input and output, for clients that start a program: `tia mcp` in their settings.

    Tools only read unless --mcp-write is given; for a running server, its own --mcp-write counts.
    """
    try:
        settings = _settings(given)
        if url:
            from engineering_api.features.mcp.stdio import proxy

            proxy(url, settings)
        else:
            settings.roots += [Path(project).resolve().parent] if project else []
            from engineering_api.features.mcp.embedded import embedded

            embedded(settings, str(Path(project).resolve()) if project else "")
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None


def _settings(given: dict[str, Any]) -> Settings:
    """Return the settings of the environment, with the options of a command over them."""
    settings = from_environment(data_dir=given["data_dir"])
    for name, value in given.items():
        if value is not None and value != ():
            setattr(settings, name, list(value) if name == "roots" else value)
    return settings


main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(manifest)


@main.command("openapi")
def print_openapi() -> None:
    """Print the OpenAPI document."""
    from engineering_api.web.openapi import text

    click.echo(text(_catalogue(), VERSION))


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is not what the catalogue says.")
def docs(folder: Path | None, check: bool) -> None:
    """Write the pages about the routes to FOLDER, docs/api of the project by default."""
    from engineering_api.documentation import files

    work = files.stale if check else files.write
    changed = work(_catalogue(), folder or files.FOLDER)
    for name in changed:
        click.echo(f"{'stale' if check else 'written'}: {name}")
    sys.exit(bool(check and changed))


class Lazy(click.Group):
    """The commands of `tia parity`, imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return _parity().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of them."""
        return _parity().get_command(ctx, cmd_name)


@main.group(cls=Lazy)
def parity() -> None:
    """Record what a real TIA Portal answers, and hold the simulated one to it."""


def _parity() -> click.Group:
    from engineering_api.parity.command import parity as commands

    return commands


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely: the whitelist entry, pythonnet.")
def doctor(*, as_json: bool, fix: bool) -> None:
    """Check what this computer needs, and say how to correct it. Ends with 0, 1 with warnings, 2 with errors."""
    from engineering_api.doctor.command import run
    from engineering_api.doctor.system import ThisSystem

    sys.exit(run(ThisSystem(), as_json=as_json, fix=fix))


@main.command()
def routes() -> None:
    """Print all routes."""
    for op in _catalogue():
        for route in op.routes:
            click.echo(f"{route.method:6} {route.path:90} {route.mode.value:5} {op.name}")


@main.command(
    "xml",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Check, compare, convert and draw SimaticML files.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def xml(arguments: tuple[str, ...]) -> None:
    """Check, compare, convert and draw SimaticML files, without a server; `tia xml -h` lists the commands."""
    from simatic_xml.cli import main as run

    sys.exit(run(arguments or ["-h"], "tia xml"))


@main.command(
    "scl",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Check, lint, lay out and convert SCL sources.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def scl(arguments: tuple[str, ...]) -> None:
    """Check, lint, lay out and convert SCL sources, without a server; `tia scl -h` lists the commands."""
    from simatic_xml.scl_cli import main as run

    sys.exit(run(arguments or ["-h"], "tia scl"))


@main.command(
    "test",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Run tests of PLC programs.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run tests of PLC programs on PLCSIM Advanced, without a server; `tia test -h` says how."""
    from engineering_api.features.plc_tests.cli import test as run

    run.main(arguments or ["-h"], "tia test")


def resource(op: Operation) -> str:
    """Return the group of an operation: tag-tables of tag_tables.create."""
    return op.name.partition(".")[0].replace("_", "-")


def verb(op: Operation) -> str:
    """Return the command of an operation: create of tag_tables.create."""
    return op.name.partition(".")[2].strip("_").replace("_", "-")


def _catalogue() -> Catalogue:
    from engineering_api.features.sections import SECTIONS

    return Catalogue(SECTIONS)


def _group(name: str, operations: list[Operation]) -> click.Group:
    about = (sys.modules[operations[0].run.__module__].__doc__ or "").partition("\n")[0]
    return click.Group(name, help=about, commands={verb(op): _command(op) for op in operations})


def _command(op: Operation) -> click.Command:
    options: list[click.Parameter] = [_option(field) for field in msgspec.structs.fields(op.request)]
    options.append(
        click.Option(["--json", "document"], help="The request as JSON, or @FILE; other options win over it.")
    )
    if any(route.mode is Mode.JOB for route in op.routes):
        options.append(click.Option(["--no-wait"], is_flag=True, help="Print the job's id instead of waiting for it."))

    def run(**given: Any) -> None:
        from engineering_api.client import Client

        arguments = _document(given.pop("document")) | _given(op, given)
        try:
            with Client() as client:
                as_job = given.get("no_wait", False)
                data = (
                    {"jobId": client.submit(op.name, **arguments).id} if as_job else client.call(op.name, **arguments)
                )
        except Problem as problem:
            click.echo(explained(problem), err=True)
            sys.exit(NOT_REACHED if problem.code == "client.unreachable" else 1)
        click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())

    return click.Command(
        verb(op), callback=run, params=options, help=f"{op.summary}\n\n{op.description}", short_help=op.summary
    )


def explained(problem: Problem) -> str:
    """Return a problem for a person: what is wrong, each single cause, and where."""
    lines = [f"{problem.message} [{problem.code}]"]
    lines += [f"  {detail.message}  {_place(detail.place)}".rstrip() for detail in problem.details]
    if problem.place is not None:
        lines.append(f"  at {_place(problem.place)}")
    return "\n".join(lines)


def _place(place: Place | None) -> str:
    known = msgspec.to_builtins(place) if place is not None else {}
    return ", ".join(f"{name} {value}" for name, value in known.items())


def _option(field: msgspec.structs.FieldInfo) -> click.Option:
    text = next((meta.description for meta in metas(field.type) if meta.description), "")
    return click.Option([f"--{field.name.replace('_', '-')}", field.name], help=text, required=False)


def _given(op: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given, under their wire names; JSON where it is JSON."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(op.request)}
    return {names[name]: _value(op, name, text) for name, text in given.items() if name in names and text is not None}


def _value(op: Operation, name: str, text: str) -> Any:
    field = next(f for f in msgspec.structs.fields(op.request) if f.name == name)
    try:
        value = msgspec.json.decode(text)
        msgspec.convert(value, field.type)
    except msgspec.MsgspecError:
        return text
    return value


def _document(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    content = Path(text[1:]).read_bytes() if text.startswith("@") else text.encode()
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise click.BadParameter(f"not a JSON object: {error}", param_hint="--json") from None
