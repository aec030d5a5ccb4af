"""The C compiler of the system: found when it is needed, its libraries kept for other CPUs with the same program."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from virtual_plc.cpu.execution import TierUnavailableError

_FLAGS = ("-std=gnu11", "-O2", "-fwrapv", "-ffp-contract=off", "-fno-strict-aliasing", "-w", "-shared", "-fPIC")
"""Integers wrap, nothing is more exact than in S7, and structures of other names may be the same data."""
_CANDIDATES = ("cc", "gcc", "clang")
_PATIENCE = 120
"""Seconds."""
_MOST_SAID = 2000


class CompilerError(TierUnavailableError):
    """There is no C compiler, or it failed."""


@lru_cache(maxsize=1)
def compiler() -> str | None:
    """Return the path of a C compiler: the one that CC names, else the first that is found; None without one."""
    names = (os.environ.get("CC", ""), *_CANDIDATES)
    return next((found for name in names if name and (found := shutil.which(name))), None)


@lru_cache(maxsize=64)
def library(text: str) -> ctypes.CDLL:
    """Return a C text as a loaded library, which has no data.

    Raises:
        CompilerError: there is no compiler, or it does not take the text.
    """
    found = compiler()
    if found is None:
        raise CompilerError("There is no C compiler (cc, gcc or clang); install one or use the tier 'python'.")
    with TemporaryDirectory(prefix="plc-") as folder:
        source, made = Path(folder, "program.c"), Path(folder, "program.so")
        source.write_text(text, encoding="utf-8")
        command = [found, *_FLAGS, "-o", str(made), str(source), "-lm"]
        try:
            subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=True)  # noqa: S603
        except subprocess.SubprocessError as error:
            said = (getattr(error, "stderr", None) or "")[:_MOST_SAID]
            raise CompilerError(f"The C compiler failed; use the tier 'python'. {error}\n{said}") from error
        return ctypes.CDLL(str(made))
