"""A folder with chosen packages of this environment, for an interpreter that is to see no other ones.

Nothing is fetched: tests use no network.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path


def put(names: Iterable[str], folder: Path) -> None:
    """Link packages into a folder; Windows gets copies."""
    for name in names:
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or () if not file.is_absolute()} - {"..", "__pycache__"}
        for top in sorted(tops):
            link(Path(str(found.locate_file(top))), folder / top)


def link(source: Path, target: Path) -> None:
    """Link a file or folder, unless it is there; on Windows copy it."""
    if target.exists():
        return
    if os.name != "nt":
        target.symlink_to(source, target_is_directory=source.is_dir())
    elif source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
