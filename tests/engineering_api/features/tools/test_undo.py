"""Undo inverts an operation: do, undo and compile, and the project is the earlier one, with all that uses the object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.features.tools.names import unfit
from engineering_api.operations.terms import Undo
from tests.engineering_api.features.tools.undo_kit import CALLS, Arguments, Plant
from tests.support.service import settings
from tests.support.whole_project import differences

UNDOABLE = [op.name for op in catalogue() if op.undo is Undo.KEPT and not unfit(op)]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    given = settings(tmp_path_factory.mktemp("undo"))
    with TestClient(create_app(given)) as http:
        made = Plant(http, given.workspace)
        made.build()
        yield made


@pytest.fixture(scope="module")
def before(plant: Plant) -> dict[str, Any]:
    state = plant.state()
    assert state["compiled"] == (0, []), state["compiled"]
    return state


def test_every_operation_that_can_be_undone_is_called() -> None:
    assert sorted(CALLS) == sorted(UNDOABLE)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        pytest.param(name, arguments, id=f"{name}-{number}")
        for name, calls in CALLS.items()
        for number, arguments in enumerate(calls)
    ],
)
def test_undo_restores_the_project_and_its_uses(
    plant: Plant, before: dict[str, Any], operation: str, arguments: Arguments
) -> None:
    undone: Any = None
    try:
        answer, can_be_undone = plant.apply(operation, arguments)
        change = answer["change"]
        if can_be_undone:
            assert change["notKept"] == []
            undone = plant.ok("undo_change", changeId=change["changeId"])["result"]["parts"]
            assert differences(before, plant.state()) == {}, undone
        else:
            assert set(arguments) & {"override", "filePath"}, "only what a file overwrites is not kept"
    finally:
        if undone is None:
            plant.reopen()
