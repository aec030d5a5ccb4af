"""SimaticML on the command line: ``python -m simatic_xml``, and ``tia xml`` of the engineering API.

Exit codes: 0 all is well, 1 findings or differences, 2 wrong usage, 3 a file that cannot be read or written.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from simatic_xml.checking.validation import VARIABLE
from simatic_xml.command_line import commands as run
from simatic_xml.command_line import console
from simatic_xml.command_line.files import STANDARD
from simatic_xml.svg import WIDTH
from simatic_xml.versions import VERSIONS


def main(arguments: Sequence[str] | None = None, program: str = "python -m simatic_xml") -> int:
    """Run the command line and return the exit code.

    Args:
        arguments: The arguments, by default those of the process.
        program: What the user typed to come here, for the help.
    """
    return console.run(_parser(program), arguments)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Read, check, compare and convert SimaticML files.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for make in (_add_check, _add_format, _add_json, _add_text, _add_diff, _add_draw, _add_versions):
        make(commands)
    return parser


def _command(
    commands: Any, name: str, action: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=action)
    return parser


def _add_check(commands: Any) -> None:
    parser = _command(commands, "check", run.check_files, "List what TIA Portal would refuse.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="file, folder, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--strict", action="store_true", help="warnings count as findings for the exit code")
    parser.add_argument("--schema", action="store_true", help="validate against the schemas of TIA Portal, too")
    parser.add_argument("--schemas", type=Path, metavar="FOLDER", help=f"folder of the schemas; {VARIABLE} by default")


def _add_format(commands: Any) -> None:
    text = "Format files as TIA Portal writes them; SCL sources with uniform spaces and indentation."
    parser = _command(commands, "format", run.format_files, text)
    parser.add_argument("files", nargs="+", metavar="FILE", help="file, folder, or - for standard input and output")
    parser.add_argument("--check", action="store_true", help="change nothing, list the files that would change")


def _add_json(commands: Any) -> None:
    for name, action, text in (
        ("to-json", run.write_json, "Write a file as JSON."),
        ("from-json", run.write_document, "Write JSON as a file for import into TIA Portal."),
    ):
        parser = _command(commands, name, action, text)
        _add_one(parser)
        if name == "from-json":
            parser.add_argument(
                "--to", choices=list(VERSIONS), metavar="VERSION", help="version to write for, such as V20"
            )


def _add_text(commands: Any) -> None:
    text = "Write a file as readable text, the same for the same program."
    parser = _command(commands, "to-text", run.write_text_form, text)
    _add_one(parser)
    parser.add_argument("--fallback", action="store_true", help="write a file that is not SimaticML unchanged")


def _add_one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="file, or - for standard input")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default=STANDARD, help="output file; standard output by default"
    )


def _add_diff(commands: Any) -> None:
    parser = _command(commands, "diff", run.compare, "List the changes in terms of the program.")
    parser.add_argument("before", metavar="BEFORE", help="file, or - for standard input")
    parser.add_argument("after", metavar="AFTER", help="file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the changes as JSON")
    text = "Compare for git: take the seven arguments of an external diff, end with 0."
    parser = _command(commands, "git-diff", run.compare_for_git, text)
    parser.add_argument("path")
    parser.add_argument("rest", nargs="*", metavar="OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE")


def _add_draw(commands: Any) -> None:
    parser = _command(commands, "draw", run.draw, "Draw LAD, FBD and GRAPH networks as SVG.")
    parser.add_argument("file", metavar="FILE", help="file, or - for standard input")
    parser.add_argument("-n", "--network", type=int, help="only this network, counted from 1, to standard output")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="folder for one SVG file for each network")
    text = "pixels beyond which a row continues below (default: %(default)s); 0 for any width"
    parser.add_argument("-w", "--width", type=int, default=WIDTH, metavar="PIXELS", help=text)


def _add_versions(commands: Any) -> None:
    for name, text in (("upgrade", "a newer"), ("downgrade", "an older")):
        parser = _command(commands, name, run.convert_files, f"Write files for {text} TIA Portal.")
        parser.add_argument("files", nargs="+", metavar="FILE", help="file, or - for standard input and output")
        parser.add_argument(
            "--to", required=True, choices=list(VERSIONS), metavar="VERSION", help="version to write for, such as V20"
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="output file; the file itself by default")
        parser.set_defaults(newer=name == "upgrade")
