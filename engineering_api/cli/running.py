"""Runs the body of a command with a server: problems become messages in words of the command line, and exit codes."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from engineering_api.cli import outcome
from openness_bridge.errors import Problem


def reporting(names: dict[str, str] | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that prints a Problem and ends with its exit code.

    Args:
        names: The arguments of the command by the names of the server's fields.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **given: Any) -> None:
            try:
                function(*args, **given)
            except Problem as problem:
                click.echo(outcome.format_problem(problem, names), err=True)
                sys.exit(outcome.code_of(problem))
            except outcome.Finding:
                sys.exit(outcome.FOUND)
            except KeyboardInterrupt:
                click.echo("Interrupted.", err=True)
                sys.exit(outcome.INTERRUPTED)

        return run

    return decorate


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json and --quiet."""
    function = click.option("-q", "--quiet", is_flag=True, help="Print errors only.")(function)
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def plc_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --device-name."""
    return click.option("--device-name", "plc", metavar="PLC", help="The PLC; the only one of the project by default.")(
        function
    )


data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    envvar="TIA_DATA_DIR",
    help="TIA_DATA_DIR. The service's data folder.",
)
"""Adds --data-dir."""
