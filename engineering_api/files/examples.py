"""Where the examples are that the service itself uses: in the wheel next to the package's modules, in a checkout next to it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def find_example(name: str) -> Path:
    """Return the folder of an example."""
    return next(path for folder in (PACKAGE, PACKAGE.parent) if (path := folder / "examples" / name).is_dir())
