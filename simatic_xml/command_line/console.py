"""What the command lines of this package have in common: how they end, and how they write to the console.

Exit codes: 0 all is well, 1 findings or differences, 2 wrong usage, 3 a file that cannot be read or written.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from simatic_xml.command_line.files import UNREADABLE, USAGE, UsageError, complain
from simatic_xml.errors import SimaticMLError
from simatic_xml.lazy.plugins import PluginError


def run(
    parser: argparse.ArgumentParser, arguments: Sequence[str] | None, wrong_usage: tuple[type[Exception], ...] = ()
) -> int:
    """Run the command that the arguments name, and return the exit code.

    Args:
        parser: its commands set `run`, a function of the parsed arguments that returns the exit code.
        arguments: by default those of the process.
        wrong_usage: further exceptions that mean wrong usage.
    """
    use_utf8()
    usage_errors: tuple[type[Exception], ...] = (UsageError, *wrong_usage)
    try:
        given = parser.parse_args(arguments)
        code = int(given.run(given))
        sys.stdout.flush()
        return code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    except usage_errors as error:
        complain(parser.prog, str(error))
        return USAGE
    except SimaticMLError as error:
        complain(parser.prog, str(error))
        return UNREADABLE
    except PluginError as error:
        complain(parser.prog, f"{error} [{error.code}]")
        return UNREADABLE
    except BrokenPipeError:
        _drop_output()
        return UNREADABLE
    except OSError as error:
        complain(str(error.filename or parser.prog), f"{error.strerror or error}.")
        return UNREADABLE


def use_utf8() -> None:
    """Write UTF-8 with line feeds, on any console: the output goes to files and to git."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", newline="\n", errors="backslashreplace")


def _drop_output() -> None:
    """End without a second error when the reader of the output is closed."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
