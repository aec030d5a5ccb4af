"""The options of the reports for commands made with click: the same as those of `tia scl`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from simatic_xml.errors import SimaticMLError
from simatic_xml.scl_cli.report_files import ABOUT, FORMS, find_formats

if TYPE_CHECKING:
    from simatic_xml.lazy.plugins import Table


class PluginChoice(click.Choice[str]):
    """Our words of an option, and the names of plugins. Only a word that is not ours has them read."""

    def __init__(self, own: Sequence[str], table: Callable[[], Table[Any]]) -> None:
        """Take the words, and what returns the table of the plugins."""
        super().__init__(own)
        self._table = table

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the word.

        Raises:
            click.BadParameter: It is not one, or it is the name of a plugin that cannot be used.
        """
        if value in self.choices:
            return value
        try:
            is_plugin = value not in self._table().own and self._table().find(value) is not None
        except SimaticMLError as error:
            self.fail(f"{error} [{error.code}]", param, ctx)
        return value if is_plugin else super().convert(value, param, ctx)


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --format, and an option with a file for each form for machines: `sarif_file` and so on."""
    for form, text in reversed(ABOUT.items()):
        sentence = f"{text[0].upper()}{text[1:]}."
        function = click.option(f"--{form}", f"{form}_file", metavar="FILE", help=sentence)(function)
    choice = PluginChoice(FORMS, find_formats)
    return click.option("--format", "form", type=choice, default="text", show_default=True, help="Form of the report.")(
        function
    )


def further(given: dict[str, Any]) -> dict[str, str | None]:
    """Return the files of further reports by their forms, of the arguments of a command."""
    return {form: given[f"{form}_file"] for form in ABOUT}
