"""Chooses the tests of what changed, for the daily loop: `dev.py test --changed` asks for them.

A test is chosen if it was changed itself, if it imports a changed module by at most three imports, or if its folder or name is
that of the changed module (`engineering_api/features/tags/x.py` and `tests/engineering_api/features/tags`): tests over HTTP
import no feature. Modules that join everything lead to everything, so no way counts that goes through them. What this leaves out,
`dev.py test` runs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import grimp

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "engineering_api",
    "runtime_data",
    "openness_bridge",
    "simatic_xml",
    "fake_openness",
    "fake_plcsim",
    "virtual_plc",
    "tests",
)
JOINING = (
    "engineering_api.app",
    "engineering_api.parts",
    "engineering_api.features.sections",
    "fake_openness.installation",
)
"""Modules that import all parts of a package to put them together."""
STEPS = 3
MIRRORED = {
    "docs": "tests/documentation",
    "console": "tests/console",
    "benchmarks": "tests/benchmarks",
    ".ci": "tests/ci",
}
"""Tests of folders that hold no modules of a package."""


def changed_files(since: str) -> list[PurePosixPath]:
    """Return the files that differ from a commit, new ones too, relative to the root."""
    listed = [
        _git("diff", "--name-only", "--no-renames", since),
        _git("ls-files", "--others", "--exclude-standard"),
    ]
    return sorted({PurePosixPath(line) for text in listed for line in text.splitlines()})


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def choose(files: Iterable[PurePosixPath], graph: grimp.ImportGraph) -> list[str]:
    """Return the test files for changed files, nearest first; a changed test comes before all."""
    chosen: dict[str, None] = {}
    near = set()
    for file in files:
        chosen.update(dict.fromkeys(_mirrored(file)))
        if (module := _module(file)) in graph.modules:
            near.add(module)
    seen = set(near)
    for _ in range(STEPS + 1):
        chosen.update(dict.fromkeys(sorted(path for module in near if (path := _test_file(module)))))
        near = {user for module in near for user in graph.find_modules_that_directly_import(module)} - seen - {*JOINING}
        seen |= near
    return [path for path in chosen if (ROOT / path).exists()]


def _mirrored(file: PurePosixPath) -> list[str]:
    if file.parts[0] == "tests":
        return [str(file)] if file.name.startswith("test_") and file.suffix == ".py" else []
    if file.parts[0] in MIRRORED:
        return [MIRRORED[file.parts[0]]]
    same = PurePosixPath("tests") / file.parent
    folders = [each for each in (same, *same.parents) if len(each.parts) > 2 and (ROOT / each).is_dir()]
    return [str(same / f"test_{file.stem}.py"), *map(str, folders[:1])]


def _module(file: PurePosixPath) -> str:
    """Return the module of a file; a file of data belongs to the package that it lies in."""
    parts = file.parts[1:] if file.parts[0] == "fakes" else file.parts
    return ".".join((*parts[:-1], file.stem) if file.suffix == ".py" and file.stem != "__init__" else parts[:-1])


def _test_file(module: str) -> str:
    name = module.rpartition(".")[2]
    return module.replace(".", "/") + ".py" if module.startswith("tests.") and name.startswith("test_") else ""


def main(since: str = "HEAD") -> None:
    """Print the test files for what differs from a commit, one a line."""
    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(*PACKAGES, cache_dir=str(ROOT / ".import_linter_cache"))
    sys.stdout.write("\n".join(choose(changed_files(since), graph)))


if __name__ == "__main__":
    main(*sys.argv[1:])
