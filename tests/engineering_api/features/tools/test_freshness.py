"""What the service keeps of a project is not used after the project has changed: every read answers as one in a new process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Place
from tests.engineering_api.features.tools.undo_kit import CALLS, ON, TABLE, Plant
from tests.support.service import settings

GIVEN: dict[str, Any] = {
    **TABLE,
    "blockName": "Motor",
    "udtName": "Valve",
    "tagName": "Lamp",
    "constantName": "MAX_SPEED",
    "query": "l",
    "network": 1,
}
"""Values for the fields of reads; the others are those of the read's example."""
CHANGES = sorted({name: calls[0] for name, calls in CALLS.items()}.items())
MOMENTS = re.compile(
    r'"(timestamp|createdAt|indexedAt|buildTimeMs|milliseconds|durationMs|duration|created|sinceSeconds|uptime\w*|busy\w*)":[^,}]*|'
    r"Created\W{1,6}[\d:T.Z-]+"
)
"""What differs from one answer to the next."""
PARTS = re.compile(r"[^,\[\]{}]+")


def list_reads() -> list[Operation]:
    """Return every read of the open project."""
    return [op for op in catalogue() if not op.changes and op.place is Place.PORTAL]


def find_arguments(op: Operation) -> dict[str, Any]:
    """Return a request for a read, on the objects of the project where it has fields for them."""
    fields = [field.encode_name for field in msgspec.structs.fields(op.request)]
    return {**op.example, **{name: value for name, value in GIVEN.items() if name in fields}}


@pytest.fixture
def plant(tmp_path: Any) -> Iterator[Plant]:
    given = settings(tmp_path)
    with TestClient(create_app(given)) as http:
        made = Plant(http, given.workspace)
        made.build()
        yield made


def read_all(plant: Plant, reads: list[Operation]) -> dict[str, Any]:
    """Return what each read answers, refusals too: the status and all parts, whose order is not promised."""
    answers = {op.name: plant.send(op.name, find_arguments(op)) for op in reads}
    return {
        name: (answer.status_code, sorted(PARTS.findall(MOMENTS.sub("", answer.text))))
        for name, answer in answers.items()
    }


def forget(plant: Plant) -> None:
    """Have the service know as little of the project as a new process."""
    session = plant.http.app.state["service"].portals.current
    session.call(session.forget)


def test_an_index_does_not_outlive_a_change(plant: Plant) -> None:
    find = {"query": "Horn"}
    assert plant.look("projects.search", find) == []
    plant.apply("tags.add", ON | {"name": "Horn"})
    assert [each["name"] for each in plant.look("projects.search", find)] == ["Horn"]
    plant.apply("tags.delete", ON | {"tableName": "Default tag table", "tagName": "Horn"})
    assert plant.look("projects.search", find) == []


def test_the_project_has_its_new_name_after_it_was_saved_as_another_one(plant: Plant) -> None:
    plant.apply("tags.add", ON | {"name": "Horn"})
    plant.apply("projects.save", {"directory": "Other"})
    plant.apply("tags.add", ON | {"name": "Horn2"})
    rows = plant.look("system.audit", {"operation": "tags.add"})
    rows = rows["entries"] if isinstance(rows, dict) else rows
    assert {row["object"]["project"] for row in rows} >= {
        "Plant",
        plant.look("projects.get_overview", {})["projectName"],
    }


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_read_answers_after_each_change_as_in_a_new_process(plant: Plant) -> None:
    reads = list_reads()
    assert len(reads) > 80
    stale: dict[str, set[str]] = {}
    for name, arguments in CHANGES:
        read_all(plant, reads)
        plant.send(name, arguments)
        errors, _ = plant.compile()
        if not errors:  # of what is not compiled a new process knows nothing, and this one says that it is of before
            kept = read_all(plant, reads)
            forget(plant)
            fresh = read_all(plant, reads)
            stale[name] = {read for read in kept if kept[read] != fresh[read]}
        plant.reopen()
    assert len(stale) > len(CHANGES) / 2
    assert {name: reads for name, reads in stale.items() if reads} == {}
