"""`tia download`: downloads the program to a PLC after a confirmation."""

from __future__ import annotations

import sys
from typing import Any

import click

from engineering_api.cli import outcome, output
from engineering_api.cli.choosing import choose_plc
from engineering_api.cli.running import output_options, reporting
from engineering_api.cli.session import Session

NAMES = {
    "deviceName": "PLC", "prompts": "--answer", "pcInterface": "--pc-interface", "ipAddress": "--ip-address",
    "scope": "--scope",
}  # fmt: skip
SCOPES = ("Hardware", "Software", "SoftwareOnlyChanges", "HardwareAndSoftware", "HardwareAndSoftwareOnlyChanges")
CONFIRMED: dict[str, str | bool] = {
    "StopModules": "StopAll",
    "StartModules": "StartModule",
    "OverwriteSystemData": "Overwrite",
    "CheckBeforeDownload": True,
}
"""The answers to TIA Portal's questions after the user has confirmed."""


@click.command("download", short_help="Download the program to a PLC")
@click.argument("plc", required=False)
@click.option(
    "--scope",
    type=click.Choice(SCOPES, case_sensitive=False),
    default="HardwareAndSoftware",
    show_default=True,
    help="What to download.",
)
@click.option("--pc-interface", default="", help="Interface of the server's computer; PLCSIM by default.")
@click.option("--ip-address", default="", help="Address of the CPU, if it differs from that in the project.")
@click.option("--answer", "given", multiple=True, metavar="QUESTION=ANSWER", help="Answer to a question of TIA Portal.")
@click.option("-y", "--yes", is_flag=True, help="Stop the CPU, download and start it without asking.")
@output_options
@reporting(NAMES)
def download(
    plc: str | None,
    scope: str,
    pc_interface: str,
    ip_address: str,
    given: tuple[str, ...],
    *,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Download to PLC, the only PLC of the project by default.

    A download stops the CPU and starts it again, so the command asks first. Where it cannot ask, it needs --yes.

    Exit codes: 0 downloaded, 1 TIA Portal reported errors.
    """
    answers = CONFIRMED | dict(_answer(each) for each in given)
    with Session(quiet=quiet) as session:
        device = choose_plc(session, plc, "PLC")
        _confirm(device, yes=yes)
        data = session.call(
            "online download",
            deviceName=device,
            scope=scope,
            prompts=answers,
            **{name: value for name, value in (("pcInterface", pc_interface), ("ipAddress", ip_address)) if value},
        )
    if as_json:
        output.print_result(data, as_json=True)
    elif not quiet:
        for line in _report(data):
            click.echo(line)
    if outcome.has_findings(data):
        raise outcome.Finding


def _confirm(device: str, *, yes: bool) -> None:
    """Ask whether to download.

    Raises:
        click.UsageError: Nobody can answer.
        click.Abort: The user refused.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"The download stops {device}: add --yes to confirm.")
    click.confirm(f"The download stops {device} and starts it again. Continue?", abort=True, err=True)


def _answer(text: str) -> tuple[str, str | bool]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(
            f"--answer must be QUESTION=ANSWER, not '{text}'. `tia online list-prompts` lists the questions."
        )
    return name, {"true": True, "false": False}.get(value.casefold(), value)


def _report(data: dict[str, Any]) -> list[str]:
    lines = [f"{output.paint('warning', 'warning')}: {each}" for each in data.get("warnings", ())]
    lines += [line for each in data.get("messages", ()) for line in _messages(each, "")]
    counts = f"{data['errorCount']} errors, {data['warningCount']} warnings"
    return [*lines, f"{data['device']}: {data['state']} ({counts})."]


def _messages(message: dict[str, Any], indent: str) -> list[str]:
    word = str(message["state"]).casefold()
    head = f"{indent}{output.paint(word, word)}: {message['message']}"
    return [head, *(line for each in message["messages"] for line in _messages(each, indent + "  "))]
