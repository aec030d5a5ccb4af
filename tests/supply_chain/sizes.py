"""Sizes of installed packages for docs/dependencies.md: `python -m tests.supply_chain.sizes` prints each direct one.

The size of a package is that of its files without compiled Python; "with" adds the packages that it alone brings along.
"""

from __future__ import annotations

from importlib.metadata import Distribution
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.supply_chain.installed import CHECK, SERVICE, Package, left_out, packages, requirements

MEGABYTE = 1_000_000


def size(found: Distribution) -> int:
    """The bytes of a package's files."""
    files = (Path(str(file.locate())) for file in found.files or () if file.suffix != ".pyc")
    return sum(file.stat().st_size for file in files if file.is_file())


def reached(start: set[str], known: dict[str, Package]) -> set[str]:
    """The packages that some packages need, with themselves."""
    waiting, found = list(start), set[str]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting += known[name].needs
    return found


def main() -> None:
    """Print name, megabytes, and megabytes and number of packages with what it alone brings along."""
    known = packages()
    direct = {canonicalize_name(each.name) for each in requirements()}
    sizes = {name: size(package.distribution) for name, package in known.items()}
    for name in sorted(direct & known.keys()):
        alone = reached({name}, known) - reached(direct - {name}, known) | {name}
        total = sum(sizes[each] for each in alone)
        print(
            f"{name:20} {sizes[name] / MEGABYTE:6.1f} {total / MEGABYTE:6.1f} {len(alone):3}  {' '.join(sorted(alone - {name}))}"
        )
    for title, chosen in (
        ("check and test", packages(CHECK)),
        ("service", packages(SERVICE)),
        ("service, left out", packages(SERVICE, left_out=left_out())),
        ("all", known),
    ):
        print(f"{title:20} {sum(sizes[name] for name in chosen) / MEGABYTE:6.1f} {len(chosen):10}")


if __name__ == "__main__":
    main()
