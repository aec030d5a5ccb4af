"""The project that sources make up, compiled, for the next run of tests of the same sources.

Nothing is kept of a project that a real TIA Portal made, or that has errors.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from engineering_api.features.plc_tests.benches import sources
from openness_bridge.portal.portal import Session
from openness_bridge.program import origins
from openness_bridge.program.compile import compile_device
from openness_bridge.project import projects
from simatic_xml.caching import disk_cache
from simatic_xml.limits import LIMITS, most

SIMULATED = "fake"
_PACKAGES = ("engineering_api", "openness_bridge", "fake_openness", "simatic_xml", "lxml")


class _Kept(NamedTuple):
    """A project.

    Attributes:
        device: Name of its PLC.
        suffix: Extension of its archive.
        archive: The archive.
        origins: The texts that its objects were made of.
    """

    device: str
    suffix: str
    archive: bytes
    origins: origins.Entries


def open_or_make(session: Session, paths: Iterable[Path], cpu: str, folder: Path, make: Callable[[], str]) -> str:
    """Open the project that was made of the same sources before, or make it; return the name of its PLC.

    Args:
        session: A portal without a project.
        paths: The sources, files and folders.
        cpu: The order number of the CPU.
        folder: Where the project goes.
        make: Makes the project in the portal and returns the name of its PLC.

    Raises:
        Problem: As of `make`.
    """
    cache = disk_cache.current()
    if cache is None or session.model.backend != SIMULATED:
        return make()
    key = _key(session, paths, cpu)
    content = cache.get(key)
    if content is not None:
        return _open(session, _Kept(*pickle.loads(content)), folder)  # noqa: S301 - only this user can have written it
    device = make()
    if all(each.severity != "Error" for each in compile_device(session, device, "software").diagnostics):
        cache.put(key, pickle.dumps(tuple(_archive(session, device, folder))))
    return device


def _key(session: Session, paths: Iterable[Path], cpu: str) -> str:
    parts: list[bytes | str] = [session.model.version, cpu, *(f"{name}={most(name)}" for name in LIMITS)]
    for file in sources.find(paths):
        texts = file.path.with_suffix(".s7res")
        parts += [str(file.path), file.path.read_bytes(), texts.read_bytes() if texts.is_file() else b""]
    return disk_cache.key_of("project", parts, _PACKAGES)


def _archive(session: Session, device: str, folder: Path) -> _Kept:
    suffix = projects.archive_suffix(session.project)
    file = folder / f"kept{suffix}"
    projects.archive(session, file, save_first=True)
    content = file.read_bytes()
    file.unlink()
    return _Kept(device, suffix, content, origins.entries_of(session))


def _open(session: Session, kept: _Kept, folder: Path) -> str:
    file = folder / f"kept{kept.suffix}"
    file.write_bytes(kept.archive)
    projects.retrieve(session, file, folder / "kept")
    file.unlink()
    origins.take_over(session, kept.origins)
    return kept.device
