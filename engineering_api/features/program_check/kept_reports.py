"""The reports of the last checks of a folder: an unchanged one is not read, imported or compiled again.

A report is found by the contents of all files that a check reads, by their places in the folder, and by the options.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

from engineering_api.features.program.other_forms import look_in
from engineering_api.features.program_check.check import Options, PlcReport
from engineering_api.features.program_check.folder import find_plcs
from simatic_xml.caching import disk_cache
from simatic_xml.folders import Folder
from simatic_xml.limits import LIMITS, most

SIMULATED = "fake"
_PACKAGES = ("engineering_api", "openness_bridge", "fake_openness", "virtual_plc", "simatic_xml", "lxml")


def find_or_check(root: Path | Folder, options: Options, check: Callable[[], list[PlcReport]]) -> list[PlcReport]:
    """Return the kept reports of a folder, or check it.

    Args:
        root: The folder or the file, or what is in it.
        options: What the check is for; what an installed TIA Portal says is not kept.
        check: Checks it.

    Raises:
        Problem: As of `check`.
    """
    cache = disk_cache.current()
    if cache is None or options.backend != SIMULATED:
        return check()
    folder = look_in(root) if isinstance(root, Path) else root
    key = disk_cache.key_of("check", _parts(folder, options), _PACKAGES)
    content = cache.get(key)
    if content is not None:
        kept: list[PlcReport] = pickle.loads(content)  # noqa: S301 - only this user can have written it
        return kept
    reports = check()
    cache.put(key, pickle.dumps(reports))
    return reports


def _parts(folder: Folder, options: Options) -> Iterator[bytes | str]:
    yield repr(options)
    yield from (f"{name}={most(name)}" for name in LIMITS)
    for plc in find_plcs(folder)[0]:
        yield f"{plc.name} {plc.is_plc}"
        for given in plc.inputs(folder.root):
            yield given.name
            yield given.content
            texts = given.path.with_suffix(".s7res")
            yield texts.read_bytes() if texts.is_file() else b""
