"""Writes the reports of one run: one to the output, further ones to files, each as a whole.

All commands that report findings have the same options: `--format`, `-o`, and an option with a file for each form for machines.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simatic_xml.command_line.files import STANDARD, write_text
from simatic_xml.lazy.plugins import PluginError

if TYPE_CHECKING:
    from simatic_xml.lazy.plugins import Table

FORMS = ("text", "json", "sarif", "junit", "gitlab")
MACHINE_FORMS = FORMS[1:]
ABOUT = {
    "json": "write the report as JSON to this file, too",
    "sarif": "write the report as SARIF to this file, too",
    "junit": "write the report as JUnit XML to this file, too",
    "gitlab": "write the report as GitLab's code quality to this file, too",
}
"""The options that write further reports, by their form."""


class PluginNames:
    """The choices of an option: our words, and the names of plugins. Only a word that is not ours has them read."""

    def __init__(self, own: Sequence[str], table: Callable[[], Table[Any]]) -> None:
        """Take the words, and what returns the table of the plugins."""
        self._own, self._table = own, table

    def __iter__(self) -> Iterator[str]:
        """Yield our words, for the help."""
        return iter(self._own)

    def __contains__(self, word: object) -> bool:
        """Return whether it is one of our words, or the name of a plugin.

        Raises:
            argparse.ArgumentError: It is the name of a plugin that cannot be used.
        """
        if word in self._own:
            return True
        try:
            return self._table().find(str(word)) is not None
        except PluginError as error:
            raise argparse.ArgumentError(None, f"{error} [{error.code}]") from None


def find_formats() -> Table[Any]:
    """Return the table of the forms of reports."""
    from simatic_xml.scl_cli.report_formats import FORMS as TABLE

    return TABLE


def find_exporters() -> Table[Any]:
    """Return the table of the forms of programs."""
    from simatic_xml.scl_cli.exporters import EXPORTERS

    return EXPORTERS


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the reports to a command."""
    forms = PluginNames(FORMS, find_formats)
    parser.add_argument("--format", choices=forms, default="text", help="form of the report; text by default")
    parser.add_argument("-o", "--output", default=STANDARD, metavar="FILE", help="where to write the report")
    for form, text in ABOUT.items():
        parser.add_argument(f"--{form}", metavar="FILE", help=text)


def write_reports(
    make: Mapping[str, Callable[[], str]],
    form: str,
    output: str | None,
    further: Mapping[str, str | None],
) -> None:
    """Write the report in one form to the output, and in others to files.

    Args:
        make: Makes the report, by its form.
        form: The form for the output.
        output: A file or `-`; None to write no report but the further ones.
        further: A file for each form that is wanted, too.

    Raises:
        OSError: A file cannot be written; the others are written.
    """
    wanted = [(form, output), *further.items()]
    failure: OSError | None = None
    for each, target in wanted:
        if target is None:
            continue
        try:
            write_text(target, make[each]())
        except OSError as error:
            failure = failure or error
    sys.stdout.flush()
    if failure is not None:
        raise failure
