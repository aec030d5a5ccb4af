"""Reports of the compiler for people: a line for each message, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engineering_api.cli.output import paint


def is_report(data: Any) -> bool:
    """Return whether an answer is a compile report."""
    return isinstance(data, dict) and data.keys() >= {"result", "diagnostics"}


def report_lines(data: dict[str, Any], *, quiet: bool = False) -> Iterator[str]:
    """Yield a compile report for people: a line for each message, and the totals."""
    shown = [each for each in data["diagnostics"] if not quiet or each["severity"] == "Error"]
    for each in shown:
        word = each["severity"].casefold()
        yield f"{paint(word, word)}: {_where(each)}: {each['message']}"
    result = data["result"]
    if not quiet:
        yield f"{_count(result['errorCount'], 'error')}, {_count(result['warningCount'], 'warning')}."


def _where(each: dict[str, Any]) -> str:
    """Return the place of a message: the file of the user where it is known, otherwise the object."""
    file, line, column = each.get("file"), each.get("line"), each.get("column")
    if file:
        inside = each.get("pointer") if file.casefold().endswith(".json") else None
        name = f"{file}#{inside}" if inside else file
        return ":".join(str(part) for part in (name, line, column) if part is not None)
    if not each.get("block"):
        return str(each["path"])
    parts = [str(each["block"])]
    parts += [f"network {each['network']}"] if each.get("network") is not None else []
    if line is not None:
        parts.append(f"line {line}")
    elif each.get("codeLine") is not None:
        parts.append(f"line {each['codeLine']} of the code")
    parts += [str(each["element"])] if each.get("element") else []
    parts += [f"column {column}"] if column is not None else []
    return ", ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
