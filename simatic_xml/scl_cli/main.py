"""SCL on the command line: ``python -m simatic_xml.scl_cli``, and ``tia scl`` of the engineering API.

Exit codes: 0 all is well, 1 findings or differences, 2 wrong usage, 3 a file that cannot be read or written.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simatic_xml import lint
from simatic_xml.command_line import console
from simatic_xml.folders import ReadMore
from simatic_xml.scl_cli import commands as run
from simatic_xml.scl_cli import report_files
from simatic_xml.scl_cli.forms import TEXT_FORMS
from simatic_xml.versions import DEFAULT_VERSION, VERSIONS

_FILES = "file, folder, pattern such as 'src/**/*.scl', or - for standard input"


def main(
    arguments: Sequence[str] | None = None,
    program: str = "python -m simatic_xml.scl_cli",
    read_more: ReadMore | None = None,
    explain: Callable[[str], str] = lambda _: "",
) -> int:
    """Run the command line and return the exit code.

    Args:
        arguments: The arguments, by default those of the process.
        program: What the user typed to come here, for the help.
        read_more: Reads files of further forms, such as workbooks with tags.
        explain: Returns the text about a code, for reports with rules.
    """
    parser = _parser(program)
    parser.set_defaults(read_more=read_more, explain=explain)
    return console.run(parser, arguments, (lint.ConfigError,))


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Check, lint, format and convert SCL sources.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for make in (_add_check, _add_lint, _add_format, _add_to_xml, _add_from_xml, _add_symbols):
        make(commands)
    return parser


def _command(
    commands: Any, name: str, action: Callable[[argparse.Namespace], int], text: str, files: str = "+"
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("files", nargs=files, metavar="FILE", help=_FILES)
    parser.set_defaults(run=action)
    return parser


def _add_report(parser: argparse.ArgumentParser, fail_on: lint.Level) -> None:
    """Add the options of the commands that report findings."""
    report_files.add_options(parser)
    text = f"lowest level that ends with exit code 1; {fail_on} by default"
    parser.add_argument("--fail-on", choices=lint.LEVELS, default=fail_on, help=text)
    parser.add_argument("--project", type=Path, metavar="FOLDER", help="folder with the rest of the program")
    text = "the rest of the program: files and folders in all forms that `check` reads"
    parser.add_argument("--with", nargs="+", action="extend", default=[], dest="around", metavar="FILE", help=text)


def _add_check(commands: Any) -> None:
    parser = _command(
        commands, "check", run.check_files, "Report the findings of a compiler: syntax, names, types, calls."
    )
    _add_report(parser, "error")
    text = "read nothing but the named files; by default those in the same folder declare names, too"
    parser.add_argument("--alone", action="store_true", help=text)
    text = "accept global names and data types that are not declared"
    parser.add_argument("--open", action="store_true", help=text)
    families = ("S7-1200", "S7-1500", "S7-300", "S7-400")
    parser.add_argument("--cpu", choices=families, default="S7-1500", help="CPU family; S7-1500 by default")
    parser.add_argument("--firmware", default="V3.1", metavar="VERSION", help="firmware of the CPU; V3.1 by default")


def _add_lint(commands: Any) -> None:
    parser = _command(commands, "lint", run.lint_files, "Report code that does not follow good practice.", "*")
    _add_report(parser, "warning")
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes in the files themselves")
    parser.add_argument("--only", nargs="+", default=[], metavar="RULE", help="only these rules, by id or name")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration file; the nearest .tia-lint.toml by default"
    )
    parser.add_argument("--rules", action="store_true", help="list all rules")


def _add_format(commands: Any) -> None:
    parser = _command(commands, "format", run.format_files, "Format sources; write to standard output by default.")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true", help="change the files")
    how.add_argument("--check", action="store_true", help="change nothing, list the files that would change")
    how.add_argument("--diff", action="store_true", help="change nothing, show what would change")


def _add_to_xml(commands: Any) -> None:
    text = "Write a SimaticML file for each object of a source (.scl, .udt, .db, .awl, .s7dcl)."
    parser = _command(commands, "to-xml", run.write_xml, text)
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="folder; standard output for one object")
    parser.add_argument(
        "--to", choices=list(VERSIONS), default=DEFAULT_VERSION, metavar="VERSION", help="version to write for"
    )
    text = "the rest of the program: files and folders in all forms that `check` reads"
    parser.add_argument("--with", nargs="+", action="extend", default=[], dest="around", metavar="FILE", help=text)


def _add_from_xml(commands: Any) -> None:
    parser = _command(commands, "from-xml", run.write_source, "Write SimaticML files as sources.")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="folder; standard output by default")
    forms = ", ".join(TEXT_FORMS)
    names = report_files.PluginNames(TEXT_FORMS, report_files.find_exporters)
    parser.add_argument("--form", choices=names, default="scl", help=f"{forms}; scl by default")


def _add_symbols(commands: Any) -> None:
    _command(commands, "symbols", run.list_symbols, "Write the declarations and calls of sources as JSON.")
