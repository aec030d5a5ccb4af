"""`tia run` and `python -m fake_openness`: runs a program for pythonnet on the simulated TIA Portal."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fake_openness.core.errors import EngineeringException
from fake_openness.core.versions import KNOWN
from fake_openness.hosting.activation import Host, activate
from fake_openness.hosting.clr import versions_named
from fake_openness.hosting.running import run
from simatic_xml.versions import DEFAULT_PORTAL

USAGE, MISSING, NOTED = 2, 3, 5
"""Exit codes: a wrong option, no such script or project, entries in the ledger."""


def main(arguments: Sequence[str] | None = None, name: str = "python -m fake_openness") -> int:
    """Run a program; returns the exit code."""
    given = _parser(name).parse_args(arguments)
    wrong = [path for path in (None if given.m else Path(given.script), given.project) if path and not path.exists()]
    if wrong:
        sys.stderr.write(f"{wrong[0]}: there is no such file.\n")
        return MISSING
    folder = given.folder
    if given.keep and folder is None:
        folder = Path(tempfile.mkdtemp(prefix="tia-run-"))
    try:
        version = given.version or _version_of(Path(given.script))
        with activate(version, folder=folder, project=given.project, copy=given.copy) as host:
            code = run(given.script, given.arguments, sys.stderr, as_module=given.m)
            return _finish(host, code, keep=given.keep)
    except EngineeringException as error:
        sys.stderr.write(f"{given.project}: {error.Message}\n")
        return MISSING


def _finish(host: Host, code: int, *, keep: bool) -> int:
    """Keep the projects, print the ledger; returns the exit code."""
    if keep:
        sys.stderr.writelines(f'Kept: tia open "{file}"\n' for file in host.save())
        sys.stderr.write(f"Drives: {host.folder}\n")
    sys.stderr.writelines(f"{entry}\n" for entry in host.ledger.entries)
    return NOTED if host.ledger.entries else code


def _version_of(script: Path) -> str:
    """Return the version whose assemblies a program names, if it is one; else the usual one."""
    text = script.read_text(encoding="utf-8", errors="replace") if script.is_file() else ""
    found = versions_named(text)
    return found.pop() if len(found) == 1 else DEFAULT_PORTAL


def _version(text: str) -> str:
    plain = text.upper().removeprefix("V").replace("_", ".")
    if plain not in KNOWN:
        msg = f"'{text}' is not a version of TIA Portal: use one of {', '.join(f'V{each}' for each in KNOWN)}."
        raise argparse.ArgumentTypeError(msg)
    return plain


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=name, description="Run a Python program for TIA Portal Openness (pythonnet) on the simulated TIA Portal."
    )
    help_text = "TIA Portal version, V15.1 to V21; by default the one whose assemblies SCRIPT names, else V20"
    parser.add_argument("--version", type=_version, help=help_text)
    parser.add_argument("--project", type=Path, help="project file that a TIA Portal has open, to attach to")
    parser.add_argument("--copy", action="store_true", help="open a copy of the project, which others may have open")
    parser.add_argument("--folder", type=Path, help="gets the drives of Windows paths: C:\\Out is FOLDER/C/Out")
    parser.add_argument("--keep", action="store_true", help="save the open projects, and keep the drives")
    parser.add_argument("-m", action="store_true", help="SCRIPT is the name of a module")
    parser.add_argument("script", metavar="SCRIPT", help="the program")
    parser.add_argument("arguments", metavar="ARGS", nargs=argparse.REMAINDER, help="its arguments")
    return parser
