"""Groups of commands whose modules are imported when a command of theirs runs.

`tia --help` lists more than a hundred commands. It prints their names and summaries from tables, because the modules
behind them need a second to import.
"""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import click

Rows = Callable[[], Sequence[tuple[str, str]]]


class Lazy(NamedTuple):
    """A command that is imported when it runs.

    Attributes:
        name: What the user types.
        target: Where it is, as "module:attribute".
        summary: One line for the help of its group.
    """

    name: str
    target: str
    summary: str

    def load(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.target.partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found


class Suggesting(click.Group):
    """A group that names similar commands when a name is misspelt."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name.

        Raises:
            click.UsageError: There is none; the message names similar ones.
        """
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(describe_unknown("command", args[0], self.list_commands(ctx)), ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(Suggesting):
    """A group with several tables of commands, each with its heading."""

    def __init__(self, *args: Any, tables: dict[str, Sequence[Lazy]] | None = None, **more: Any) -> None:
        """Take the tables.

        Args:
            args: As of click.Group.
            tables: The commands by the heading of their table.
            more: As of click.Group.
        """
        super().__init__(*args, **more)
        self.tables = tables or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, in the order of the help."""
        del ctx
        return [name for _, rows in self.sections() for name, _ in rows]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None where there is none of that name."""
        for table in self.tables.values():
            for each in table:
                if each.name == cmd_name:
                    return each.load()
        return super().get_command(ctx, cmd_name)

    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the headings of the help, each with names and summaries."""
        return [(title, [(each.name, each.summary) for each in table]) for title, table in self.tables.items()]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the tables; no summary is cut."""
        del ctx
        for title, rows in self.sections():
            with formatter.section(title):
                formatter.write_dl(rows)


def describe_unknown(kind: str, text: str, names: Iterable[str]) -> str:
    """Return the sentence about a name that does not exist, with the names that may be meant.

    Args:
        kind: What is named, such as "command".
        text: The written name.
        names: The names that exist.
    """
    known = list(dict.fromkeys(names))
    near = find_similar(text, known)
    if near:
        return f"There is no {kind} '{text}'. Did you mean {join_or(near)}?"
    return f"There is no {kind} '{text}'. {'Known: ' + ', '.join(known) + '.' if 0 < len(known) <= 20 else ''}".rstrip()


def find_similar(text: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that are most like a text: those that begin alike, or that differ by little."""
    known = {each.casefold(): each for each in names}
    wanted = text.casefold()
    begins = [
        name
        for low, name in known.items()
        if len(wanted) > 2 and (low.startswith(wanted) or wanted in re.split("[-_ ]", low))
    ]
    close = [known[low] for low in difflib.get_close_matches(wanted[:200], list(known), most, 0.6)]
    return list(dict.fromkeys([*close, *begins]))[:most]


def join_or(names: Sequence[str]) -> str:
    """Return names as "'a', 'b' or 'c'"."""
    quoted = [f"'{name}'" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
