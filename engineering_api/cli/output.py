"""Prints results: tables for people, JSON for scripts; colour only on a terminal; no character that the output cannot show."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import click

_WIDEST = 60
"""Columns of a cell on a terminal, at most."""
_NARROW = 16
"""Columns to which a cell is shortened before other cells are left out."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")
COLOURS = {
    "error": "red",
    "failed": "red",
    "warning": "yellow",
    "information": "cyan",
    "success": "green",
    "passed": "green",
}


def prepare_streams() -> None:
    """Replace characters that the code page of the output does not have: a name with an arrow must not end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.errors == "strict":
            reconfigure(errors="replace")


def has_colour() -> bool:
    """Return whether standard output is a terminal that may show colour (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, word: str) -> str:
    """Return a text in the colour of a word such as error; unchanged where there is no colour."""
    colour = COLOURS.get(word.casefold())
    return click.style(text, fg=colour) if colour and has_colour() else text


def print_result(data: Any, *, as_json: bool = False, quiet: bool = False) -> None:
    """Print a result.

    Args:
        data: What the server answered.
        as_json: Whether to print JSON.
        quiet: Whether to print nothing unless JSON is asked for.
    """
    if as_json:
        click.echo(to_json(data))
    elif not quiet:
        for line in lines_of(data):
            click.echo(line)


def to_json(data: Any) -> str:
    """Return JSON; in ASCII where the output cannot show all characters, so that nothing is lost."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").casefold().replace("_", "-")
    return json.dumps(data, indent=2, ensure_ascii=encoding not in {"utf-8", "utf8", "cp65001"})


def lines_of(data: Any, indent: str = "") -> Iterable[str]:
    """Yield a result as lines: a table for a list of objects, `name: value` for an object, a text as it is."""
    if data is None or data in ({}, []):
        yield f"{indent}(none)" if data is not None else f"{indent}Done."
    elif isinstance(data, str):
        yield from (f"{indent}{line}" for line in data.splitlines())
    elif isinstance(data, list):
        yield from _list(data, indent)
    elif isinstance(data, dict):
        yield from _object(data, indent)
    else:
        yield f"{indent}{_cell(data)}"


def _list(data: list[Any], indent: str) -> Iterable[str]:
    if not all(isinstance(each, dict) for each in data):
        for each in data:
            yield from lines_of(each, indent)
    elif any("children" in each for each in data):
        for each in data:
            yield from _tree(each, indent)
    else:
        names = list(dict.fromkeys(name for each in data for name, value in each.items() if _is_scalar(value)))
        used = [name for name in names if any(_cell(each.get(name)) for each in data)]
        if used:
            yield from table([[_cell(each.get(name)) for name in used] for each in data], used, indent)
        else:
            for each in data:
                yield from _object(each, indent)
                yield ""


def _object(data: dict[str, Any], indent: str) -> Iterable[str]:
    if "children" in data:
        yield from _tree(data, indent)
        return
    scalars = {name: value for name, value in data.items() if _is_scalar(value)}
    width = max((len(name) for name in scalars), default=0)
    for name, value in scalars.items():
        text = _cell(value)
        first, *rest = text.split("\n") if text else [""]
        yield f"{indent}{name + ':':{width + 1}} {first}".rstrip()
        yield from (f"{indent}  {line}" for line in rest)
    for name, value in data.items():
        if name not in scalars and value:
            yield f"{indent}{name}:"
            yield from lines_of(value, f"{indent}  ")


def _tree(data: dict[str, Any], indent: str) -> Iterable[str]:
    kind = data.get("nodeType", data.get("type", ""))
    yield f"{indent}{data.get('name', '')}{f'  ({kind})' if kind and kind != 'Folder' else ''}"
    for child in data.get("children") or ():
        yield from _tree(child, f"{indent}  ")


def table(rows: Sequence[Sequence[str]], head: Sequence[str], indent: str = "") -> Iterable[str]:
    """Yield a table whose columns are aligned; on a terminal, long cells are shortened and columns that do not fit left out."""
    clean = [[cell.replace("\n", " ") for cell in row] for row in rows]
    titles = [_title(name) for name in head]
    widths = [max(_width(titles[at]), *(_width(row[at]) for row in clean)) for at in range(len(head))]
    if sys.stdout.isatty():
        widths = _fit(widths, [_width(title) for title in titles], shutil.get_terminal_size().columns - len(indent))
    line = indent + "  ".join(_pad(name, width) for name, width in zip(titles, widths, strict=False)).rstrip()
    yield click.style(line, bold=True) if has_colour() else line
    for row in clean:
        cells = [_pad(cell, width) for cell, width in zip(row, widths, strict=False)]
        yield (indent + "  ".join(paint(cell, cell.strip()) for cell in cells)).rstrip()
    if len(widths) < len(titles):
        yield f"{indent}Columns left out: {', '.join(titles[len(widths) :])}. --json shows all."


def _fit(widths: list[int], titles: list[int], room: int) -> list[int]:
    """Return the widths of the first columns that fit a terminal; the widest are narrowed."""
    least = [max(title, min(width, _NARROW)) for title, width in zip(titles, widths, strict=True)]
    count = max(1, sum(sum(least[:n]) + 2 * (n - 1) <= room for n in range(1, len(least) + 1)))
    kept = [max(min(width, _WIDEST), limit) for width, limit in zip(widths[:count], least, strict=False)]
    while sum(kept) + 2 * (count - 1) > room and kept != least[:count]:
        spare = [width - limit for width, limit in zip(kept, least, strict=False)]
        kept[spare.index(max(spare))] -= 1
    return kept


def _pad(text: str, width: int) -> str:
    if _width(text) > width:
        while text and _width(text) > width - 3:
            text = text[:-1]
        text += "..."
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return the columns of a text on a terminal: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _title(name: str) -> str:
    """Return the heading of a column: TAG COUNT of tagCount."""
    return "".join(f" {letter}" if letter.isupper() else letter.upper() for letter in name)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list) or (
        isinstance(value, list) and bool(value) and all(not isinstance(each, dict | list) for each in value)
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_cell(each) for each in value)
    return "" if isinstance(value, dict) else _MOMENT.sub(r"\1 \2", str(value))
