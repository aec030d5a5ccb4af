"""Run all benchmarks and print one table: `python -m benchmarks [--short] [--write] [--release] [NAME...]`.

`--write` puts the ratios into docs/performance.md; `--release` first makes the ratios of that page those of the last release.
Each benchmark is a separate process, so that none meets the memory of another. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.figures import Figure, line
from benchmarks.page import Page

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Return the names of the benchmarks that give figures."""
    found = [(path.stem, path) for path in FOLDER.glob("*.py")]
    found += [(path.parent.name, path) for path in FOLDER.glob("*/__main__.py")]
    return sorted(name for name, path in found if "\n    run(measure)\n" in path.read_text(encoding="utf-8"))


def figures_of(name: str, *, short: bool = False) -> list[Figure]:
    """Run one benchmark. Return its figures.

    Raises:
        CalledProcessError: It fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        more = ["--short"] if short else []
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--json", str(file), *more], check=True)
        return msgspec.json.decode(file.read_bytes(), type=list[Figure])


def main() -> None:
    """Run them and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())}; all without one")
    parser.add_argument("--short", action="store_true", help="measure less, as CI does")
    parser.add_argument("--write", action="store_true", help="write the ratios into docs/performance.md")
    parser.add_argument(
        "--release", action="store_true", help="the ratios of the page become those of the last release"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - set(names()):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    if given.short and given.write:
        parser.error("the page has figures of the long form: leave out --short or --write")
    page = Page.read()
    if given.release:
        page.begin_release()
    found = {}
    for name in given.names or names():
        begin = time.monotonic()
        found[name] = figures_of(name, short=given.short)
        sys.stdout.write(f"{name}: measured in {time.monotonic() - begin:.0f} s\n")
        sys.stdout.flush()
    sys.stdout.writelines(f"{name}: {line(figure)}\n" for name, figures in found.items() for figure in figures)
    if given.write:
        for name, figures in found.items():
            page.put(name, figures)
    if given.write or given.release:
        page.write()


if __name__ == "__main__":
    main()
