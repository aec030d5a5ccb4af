"""Whether the lock files fit pyproject.toml, for each system and Python that the project supports. Asks nobody.

`dev.py lock` makes them; this finds out that it was forgotten.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain.installed import CHECK, ROOT, SERVICE, requirements

SYSTEMS = {"linux": ("posix", "Linux"), "win32": ("nt", "Windows")}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ENVIRONMENTS = [
    {
        "sys_platform": name,
        "os_name": os,
        "platform_system": system,
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": "x86_64",
        "extra": "",
    }
    for name, (os, system) in SYSTEMS.items()
    for python in PYTHONS
]
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Pin:
    """One package of a lock file.

    Attributes:
        name: Canonical.
        hashes: How many files of the package are allowed.
    """

    name: str
    version: str
    marker: Marker | None
    hashes: int


class LockError(ValueError):
    """A line that does not name one version of a package."""


def pins(text: str) -> Iterator[Pin]:
    """The packages that a lock file names.

    Raises:
        LockError: A line says something else, such as where a package comes from.
    """
    for line in text.replace("\\\n", " ").splitlines():
        stated, *hashes = line.split(" --hash=")
        if not stated.strip() or stated.startswith("#"):
            continue
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)(?:\s*;\s*(.+?))?\s*", stated)
        if match is None or len(_HASH.findall(line)) != len(hashes):
            raise LockError(line)
        name, version, marker = match.groups()
        yield Pin(canonicalize_name(name), version, Marker(marker) if marker else None, len(hashes))


def build_requirements() -> list[Requirement]:
    """What makes the project's own package: nothing else is there to fetch it when the lock file is installed."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    return [Requirement(line) for line in table["requires"]]


def misfits(wanted: list[Requirement], locked: list[Pin]) -> list[str]:
    """A sentence for each requirement that a lock file does not meet somewhere, and for each package without checksum."""
    found = {f"{pin.name} has no checksum." for pin in locked if not pin.hashes}
    for need in wanted:
        for where in ENVIRONMENTS:
            if need.marker is not None and not need.marker.evaluate(where):
                continue
            versions = [
                pin.version
                for pin in locked
                if pin.name == canonicalize_name(need.name) and (pin.marker is None or pin.marker.evaluate(where))
            ]
            if len(versions) != 1 or not need.specifier.contains(versions[0], prereleases=True):
                place = f"{where['sys_platform']} with Python {where['python_version']}"
                found.add(f"{need} is locked as {', '.join(versions) or 'nothing'} on {place}.")
    return sorted(found)


def differences(part: list[Pin], whole: list[Pin]) -> list[str]:
    """A sentence for each package that one lock file has in another version than the other."""
    versions = {(pin.name, pin.version) for pin in whole}
    return [
        f"{pin.name} {pin.version} is in no other lock file." for pin in part if (pin.name, pin.version) not in versions
    ]


def main(dev: Path, service: Path, check: Path) -> int:
    """Report; the status says whether the lock files have to be renewed."""
    needs = {dev: requirements(tools=True), service: requirements(SERVICE), check: requirements(CHECK)}
    locked = {file: list(pins(file.read_text(encoding="utf-8"))) for file in needs}
    faults = []
    for file, wanted in needs.items():
        found = misfits([*wanted, *build_requirements()], locked[file]) + differences(locked[file], locked[dev])
        faults += [f"{file.name}: {each}" for each in found]
    for fault in faults:
        print(f"ERROR: {fault}", file=sys.stderr)
    print(f"{len(locked[dev])} packages are locked." if not faults else "Renew the lock files: python3 dev.py lock")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
