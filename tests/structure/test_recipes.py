"""The recipes of CONTRIBUTING.md, followed in a clean clone: each example is entered by hand, and its commands run.

Two commands need minutes and are left out: `dev.py generate` and `tests.support.codes.record`. The clone gets the files that this
tree has generated. Of the tests that a recipe names, those run that read what it changes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (Add an? .+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
GENERATED = (
    "engineering_api/client/resources",
    "engineering_api/documentation/codes.json",
    "engineering_api/cli/commands.json",
)
TOO_LONG = ("dev.py generate", "tests.support.codes.record")
TESTS = {
    "Add a route": ["tests/documentation/test_pages.py", "-k", "answer_on_the_pages or tags.count"],
    "Add an instruction": ["tests/simatic_xml/instructions/test_signature.py"],
    "Add a lint rule": ["tests/simatic_xml/lint/test_docs.py"],
    "Add a TIA version": ["tests/simatic_xml/test_versions.py"],
}


def enter(folder: Path, recipe: str) -> None:
    """Enter the example of a recipe: new lines next to the known ones that the page shows, or at the end of the file."""
    (diff,) = re.findall(r"^```diff\n(.*?)^```$", recipe, re.MULTILINE | re.DOTALL)
    for name, change in re.findall(r"^--- (\S+)\n(.*?)(?=^--- |\Z)", diff, re.MULTILINE | re.DOTALL):
        file = folder / name
        file.write_text(changed(file.read_text(encoding="utf-8") if file.exists() else "", change), encoding="utf-8")


def changed(text: str, change: str) -> str:
    """Return a text with the added and without the removed lines of a change."""
    lines, marked = text.splitlines(), [(line[:1] or " ", line[1:]) for line in change.splitlines()]
    known = [line for mark, line in marked if mark != "+" and line]
    at = lines.index(known[0]) if known else len(lines)
    for mark, line in marked:
        if mark == "+":
            lines.insert(at, line)
            at += 1
        elif line:
            at = lines.index(line, at)
            if mark == "-":
                del lines[at]
            else:
                at += 1
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of this repository, with what is generated."""
    if not (ROOT / ".git").exists():
        pytest.skip("NO RECIPE WAS FOLLOWED: this tree is not a clone")
    folder = tmp_path_factory.mktemp("clone") / "main"
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, folder], check=True)
    for name in GENERATED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the commands are for a shell of Linux and macOS")
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_works(name: str, clone: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(clone), str(clone / "fakes")])}
    environment.pop("PYTEST_XDIST_WORKER", None)
    commands = [
        line for block in re.findall(r"^```sh\n(.*?)^```$", RECIPES[name], re.M | re.S) for line in block.splitlines()
    ]
    kept = [line for line in commands if "dev.py test" not in line and not any(each in line for each in TOO_LONG)]
    tests = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *TESTS[name]]

    def run(command: list[str]) -> None:
        done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"

    try:
        enter(clone, RECIPES[name])
        for line in kept:
            run(["bash", "-c", line.replace(".venv/bin/python", sys.executable)])
        run(tests)
    finally:
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=clone, check=True)
        subprocess.run(["git", "clean", "--quiet", "-fd"], cwd=clone, check=True)


def test_each_recipe_has_its_tests() -> None:
    assert set(TESTS) == set(RECIPES)
    assert all((ROOT / arguments[0]).is_file() for arguments in TESTS.values())


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("a\nb\n", "+c\n", "a\nb\nc\n"),
        ("a\nb\n", "+c\n b\n", "a\nc\nb\n"),
        ("a\nb\n", " a\n+c\n+d\n", "a\nc\nd\nb\n"),
        ("a\nb\n", "-a\n+c\n", "c\nb\n"),
        ("a\nb\nb\n", "+x\n a\n+c\n b\n+d\n", "x\na\nc\nb\nd\nb\n"),
    ],
)
def test_an_example_is_entered_at_its_place(text: str, change: str, expected: str) -> None:
    assert changed(text, change) == expected
