"""The options of the reports for commands made with click: the same as those of `tia scl`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from simatic_xml.scl_cli.report_files import ABOUT, FORMS


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --format, and an option with a file for each form for machines: `sarif_file` and so on."""
    for form, text in reversed(ABOUT.items()):
        sentence = f"{text[0].upper()}{text[1:]}."
        function = click.option(f"--{form}", f"{form}_file", metavar="FILE", help=sentence)(function)
    choice = click.Choice(FORMS)
    return click.option("--format", "form", type=choice, default="text", show_default=True, help="Form of the report.")(
        function
    )


def further(given: dict[str, Any]) -> dict[str, str | None]:
    """Return the files of further reports by their forms, of the arguments of a command."""
    return {form: given[f"{form}_file"] for form in ABOUT}
