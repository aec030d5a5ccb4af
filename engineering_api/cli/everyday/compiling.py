"""`tia compile`: compiles a PLC or a block and lists the compiler's messages with their places."""

from __future__ import annotations

import click

from engineering_api.cli import outcome, output
from engineering_api.cli.choosing import choose_plc
from engineering_api.cli.reports import report_lines
from engineering_api.cli.running import output_options, reporting
from engineering_api.cli.session import Session

NAMES = {"deviceName": "PLC", "blockName": "--block"}


@click.command("compile", short_help="Compile a PLC or a block, and list the messages")
@click.argument("plc", required=False)
@click.option("--block", help="Compile only this block.")
@click.option(
    "--scope",
    type=click.Choice(["all", "hardware", "software"]),
    default="all",
    show_default=True,
    help="What to compile.",
)
@click.option("--warnings-fail", is_flag=True, help="Warnings end the command with 1, too.")
@output_options
@reporting(NAMES)
def compile_program(
    plc: str | None, block: str | None, scope: str, *, warnings_fail: bool, as_json: bool, quiet: bool
) -> None:
    """Compile PLC, the only PLC of the project by default.

    Exit codes: 0 no errors, 1 errors.
    """
    with Session(quiet=quiet) as session:
        device = choose_plc(session, plc, "PLC")
        if block is not None:
            data = session.call("blocks compile", deviceName=device, blockName=block)
        else:
            data = session.call("devices compile", deviceName=device, scope=scope)
    if as_json:
        output.print_result(data, as_json=True)
    else:
        for line in report_lines(data, quiet=quiet):
            click.echo(line)
    if outcome.has_findings(data) or (warnings_fail and data["result"]["warningCount"]):
        raise outcome.Finding
