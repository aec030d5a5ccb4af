"""Lists test files with their tests, so that a client can offer them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from engineering_api.operations.fields import Model
from openness_bridge.errors import Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from engineering_api.features.plc_tests.files import reading
else:
    reading = import_later("engineering_api.features.plc_tests.files.reading")

MOST_FILES = 200


class SuiteTest(Model):
    """A test of a file, as it is run: a test with parameters is one for each of them.

    Attributes:
        block: The block that is tested alone; empty for a test of the whole program.
        line: Where it begins in the file.
        skip: Why it is not run; empty otherwise.
    """

    name: str
    description: str
    block: str
    line: int
    skip: str


class Suite(Model):
    """A test file.

    Attributes:
        path: The file, for `testPaths` of a run.
        error: Why it cannot be read, with its line; empty where it can.
    """

    path: str
    tests: list[SuiteTest]
    error: str
    line: int | None


def list_suites(files: Iterable[Path]) -> list[Suite]:
    """Read test files; one with an error has no tests and the error."""
    return [_suite(file) for file in files]


def _suite(file: Path) -> Suite:
    try:
        cases = reading.read(file)
    except Problem as problem:
        line = problem.place.line if problem.place is not None else None
        return Suite(path=str(file), tests=[], error=problem.message, line=line)
    tests = [
        SuiteTest(
            name=each.name,
            description=each.test.description,
            block=each.test.block,
            line=each.line,
            skip=each.test.skip,
        )
        for each in cases
    ]
    return Suite(path=str(file), tests=tests, error="", line=None)
