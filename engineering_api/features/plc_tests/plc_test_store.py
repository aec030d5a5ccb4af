"""Tests that clients keep on the server, one JSON file each, and the report of the run before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, unquote

import msgspec

from engineering_api.durable import write_file
from engineering_api.features.plc_tests.files.model import Check, Step, Test
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.fields import Model
from openness_bridge.errors import Place, Problem, not_found
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from engineering_api.features.plc_tests.files import reading
else:
    reading = import_later("engineering_api.features.plc_tests.files.reading")

NAME_LIMIT = 240
"""Bytes that a file name may have, with room for the extension."""
Scalar = bool | int | float | str
TestValues = Annotated[
    dict[str, Any],
    msgspec.Meta(
        title="TestValues", description="Values of tags by name; lists and objects fill arrays and structures."
    ),
]


class StoredStep(Model, kw_only=True, forbid_unknown_fields=True):
    """A step: values are written, virtual time passes, values are checked.

    Attributes:
        wait_ms: Virtual time in milliseconds; without it and run one cycle passes.
        run: Cycles.
        asserts: Values by name: what they have to be at the end, or when.
    """

    description: str = ""
    write: TestValues = {}
    wait_ms: float | None = None
    run: int | None = None
    asserts: dict[str, Check | Scalar | list[Any]] = msgspec.field(default_factory=dict, name="assert")


class StoredTest(Model, kw_only=True):
    """A test of the whole program.

    Attributes:
        instance_name: The instance that it runs on; the connected one without it.
        setup: Written before the first cycle.
        teardown: Written at the end.
    """

    name: str
    description: str = ""
    instance_name: str | None = None
    setup: TestValues = {}
    steps: list[StoredStep] = []
    teardown: TestValues = {}

    def case(self) -> reading.Case:
        """Return the same as it is run."""
        steps = [
            Step(description=each.description, write=each.write, run=each.run, wait=each.wait_ms, expect=each.asserts)
            for each in self.steps
        ]
        test = Test(name=self.name, description=self.description, setup=self.setup, steps=steps, teardown=self.teardown)
        return reading.Case(test, self.name, self.name)


_TESTS, _REPORTS = msgspec.json.Decoder(StoredTest), msgspec.json.Decoder(Report)
"""Made while the module is imported: msgspec crashes when two threads are the first to use a type at the same time."""


class TestStore:
    """The tests in a folder. Names are compared exactly as they are given."""

    def __init__(self, folder: Path) -> None:
        """Keep them in a folder, which is made with the first one."""
        self._tests, self._report = folder / "tests", folder / "results.json"

    def names(self) -> list[str]:
        """Return the names of all tests."""
        return sorted(unquote(path.stem) for path in self._tests.glob("*.json")) if self._tests.is_dir() else []

    def get(self, name: str) -> StoredTest:
        """Return a test.

        Raises:
            Problem: The name is unknown, or its file is damaged.
        """
        path = self._path(name)
        if not path.is_file():
            raise not_found("test", name)
        try:
            return _TESTS.decode(path.read_bytes())
        except msgspec.MsgspecError as error:
            msg = f"The file of the test '{name}' cannot be read ({error}): save the test again."
            raise Problem("test.unreadable", msg, place=Place(path=str(path))) from error

    def put(self, test: StoredTest) -> None:
        """Save a test; it replaces the one of its name.

        Raises:
            Problem: The name cannot be used.
        """
        write_file(self._path(test.name), msgspec.json.encode(test))

    def delete(self, name: str) -> None:
        """Delete a test.

        Raises:
            Problem: The name is unknown.
        """
        path = self._path(name)
        if not path.is_file():
            raise not_found("test", name)
        path.unlink()

    def report(self) -> Report:
        """Return the report of the run before; an empty one when there was none."""
        try:
            return _REPORTS.decode(self._report.read_bytes())
        except (FileNotFoundError, msgspec.MsgspecError):
            return Report()

    def keep(self, report: Report) -> None:
        """Keep a report."""
        write_file(self._report, msgspec.json.encode(report))

    def _path(self, name: str) -> Path:
        safe = quote(name, safe=" ")
        if not name or len(safe) > NAME_LIMIT or name.startswith("."):
            msg = "A test needs a name that does not begin with a point and is not too long for a file."
            raise Problem("test.name", msg, place=Place(object=name))
        return self._tests / f"{safe}.json"
