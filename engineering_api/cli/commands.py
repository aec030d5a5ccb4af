"""The command `tia`: what is at its top, and where each command is."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from engineering_api import VERSION
from engineering_api.cli.lazy import Lazy, LazyGroup
from engineering_api.cli.output import prepare_streams
from engineering_api.lifeline import obey

_TOOLS = "engineering_api.cli.tool_commands"
_SERVERS = "engineering_api.cli.server_commands"
_EVERYDAY = "engineering_api.cli.everyday"

EVERYDAY = (
    Lazy(
        "init",
        "engineering_api.cli.init:init",
        "Create a small project folder with a block, a test, tags and a CI file",
    ),
    Lazy("demo", "engineering_api.cli.demo.command:demo", "Run the demonstration, and write its results to a folder"),
    Lazy("serve", f"{_SERVERS}:serve", "Start the server"),
    Lazy("open", f"{_EVERYDAY}.opening:open_project", "Open a project on the server"),
    Lazy("check", f"{_TOOLS}:check", "Check a folder of exports and sources, without a server"),
    Lazy("compile", f"{_EVERYDAY}.compiling:compile_program", "Compile a PLC or a block, and list the messages"),
    Lazy("test", f"{_TOOLS}:test", "Run tests of PLC programs, without a server"),
    Lazy("run", f"{_TOOLS}:run_program", "Run a Python program for Openness on the simulated TIA Portal"),
    Lazy("import", f"{_EVERYDAY}.importing:import_files", "Import local files into the open project"),
    Lazy("export", f"{_EVERYDAY}.exporting:export_objects", "Export blocks, data types and tag tables to local files"),
    Lazy("diff", f"{_EVERYDAY}.comparing:diff", "Compare local files with each other or with the open project"),
    Lazy("download", f"{_EVERYDAY}.downloading:download", "Download the program to a PLC"),
    Lazy("explain", f"{_EVERYDAY}.explaining:explain", "Explain the code of an error, a message or a lint rule"),
    Lazy("doctor", f"{_TOOLS}:doctor", "Check what this computer needs"),
)
TOOLS = (
    Lazy("scl", f"{_TOOLS}:scl", "Check, lint, lay out and convert SCL sources, without a server"),
    Lazy("xml", f"{_TOOLS}:xml", "Check, compare, convert and draw SimaticML files, without a server"),
    Lazy("mcp", f"{_SERVERS}:speak_mcp", "Speak MCP over standard input and output"),
    Lazy("gateway", f"{_SERVERS}:gateway", "Serve for several machines"),
    Lazy("worker", f"{_SERVERS}:worker", "Run the operations that a gateway sends"),
    Lazy("backup", "engineering_api.cli.backup:backup", "Copy the service's data to a file"),
    Lazy("restore", "engineering_api.cli.backup:restore", "Restore a backup"),
    Lazy("audit", "engineering_api.cli.audit:audit", "Check and export the audit log, without a server"),
    Lazy("manifest", "engineering_api.cli.manifest:manifest", "Describe the object model of installed assemblies"),
    Lazy("parity", "engineering_api.parity.command:parity", "Compare the simulated TIA Portal with a real one"),
    Lazy("docs", f"{_TOOLS}:docs", "Write the pages about the routes"),
    Lazy("openapi", f"{_TOOLS}:print_openapi", "Print the OpenAPI document"),
    Lazy("routes", f"{_TOOLS}:routes", "Print all routes"),
)
SEARCHES = (50_000, 20, 50)
"""When Python searches for rings of garbage: seldom, because modules and projects are many objects that all stay."""
GENERAL = (
    Lazy("api", "engineering_api.cli.api:api", "Send a request: tia api METHOD PATH, or tia api OPERATION"),
    Lazy("completion", "engineering_api.cli.completion:completion", "Print the completion script of a shell"),
)


class Root(LazyGroup):
    """The everyday commands, a group for each resource, the tools, and the rest."""

    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the headings of the help, with the resources after the everyday commands."""
        everyday, *others = super().sections()
        return [everyday, ("Resources of the server (tia RESOURCE --help)", _resources()), *others]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or the group of a resource."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        from engineering_api.cli.resource_commands import group_of

        return group_of(cmd_name)


def _resources() -> list[tuple[str, str]]:
    """Return the resources that no command hides, such as mcp: `tia api mcp.info` runs its operations."""
    from engineering_api.cli import index

    hidden = {each.name for each in (*EVERYDAY, *TOOLS, *GENERAL)}
    return [(name, entry["about"]) for name, entry in sorted(index.resources().items()) if name not in hidden]


@click.group(
    cls=Root,
    tables={"Everyday": EVERYDAY, "Tools": TOOLS, "General": GENERAL},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(VERSION, "--version", prog_name="tia", message="%(prog)s %(version)s")
def main() -> None:
    """The open engineering API for SIMATIC PLCs.

    `tia serve` starts a server. The other commands use the server that TIA_URL names,
    or the one that you run on this computer, with the key in TIA_API_KEY or in the
    server's data folder. docs/command-line.md describes all commands and exit codes.
    """


def run(arguments: Sequence[str] | None = None) -> None:
    """Run `tia` with the arguments of the process."""
    gc.set_threshold(*SEARCHES)
    prepare_streams()
    obey()
    if os.environ.get("_TIA_COMPLETE", "").startswith("powershell"):
        from engineering_api.cli.completion import register_powershell

        register_powershell()
    try:
        main(args=arguments, prog_name="tia" if not sys.argv[0].endswith("__main__.py") else None)
    except ImportError as error:
        sys.exit(_report_missing(error))


def _report_missing(error: ImportError) -> int:
    """Print how to install what a command needs: each package that no other extra has is of the service.

    Raises:
        ImportError: What is missing is a module of this package.
    """
    from engineering_api.cli import outcome
    from engineering_api.extras import SERVICE, is_foreign, missing

    if not is_foreign(error):
        raise error
    problem = missing(SERVICE, error.name or str(error))
    click.echo(outcome.format_problem(problem), err=True)
    return outcome.code_of(problem)
