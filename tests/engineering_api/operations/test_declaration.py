"""A declaration leaves open what its section or a rule decides, and is refused if it contradicts itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engineering_api.operations.declaration import Operation, Section
from engineering_api.operations.fields import Model, Nothing
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site, Task, Trial, Undo


class Answer(Model):
    text: str


def declared(section: Section, **terms: Any) -> Operation:
    """The operation that a section gets by a declaration with these terms."""

    @section.operation(**terms)
    def look(_ctx: Any, _: Nothing) -> Answer:
        """Look."""
        return Answer(text="seen")

    return section.operations[-1]


CHANGE = {"destroys": False, "undo": Undo.NEEDLESS}
READ = {"changes": False}


@pytest.mark.parametrize(
    ("section", "terms", "expected"),
    [
        (Section("A"), CHANGE, (Lock.PORTAL, Right.ENGINEER, Place.PORTAL, Reach.PROJECT, Trial.CHECKED, "")),
        (
            Section("A"),
            CHANGE | {"lock": Lock.PROJECT},
            (Lock.PROJECT, Right.ENGINEER, Place.PORTAL, Reach.PROJECT, Trial.UNDONE, "project.changed"),
        ),
        (
            Section("A", lock=Lock.NONE, right=Right.PUBLIC, place=Place.LOOP, reach=Reach.NOTHING),
            READ,
            (Lock.NONE, Right.PUBLIC, Place.LOOP, Reach.NOTHING, Trial.CHECKED, ""),
        ),
        (
            Section("A", lock=Lock.NONE, right=Right.ADMINISTER, place=Place.LOOP, reach=Reach.NOTHING),
            READ | {"lock": Lock.PORTAL, "right": Right.PUBLIC, "place": Place.WORKER, "reach": Reach.OWN},
            (Lock.PORTAL, Right.PUBLIC, Place.WORKER, Reach.OWN, Trial.CHECKED, ""),
        ),
        (
            Section("A", lock=Lock.NONE),
            READ,
            (Lock.NONE, Right.ENGINEER, Place.WORKER, Reach.ALL, Trial.CHECKED, ""),
        ),
    ],
    ids=["nothing", "a writer", "by the section", "by itself", "no lock"],
)
def test_a_declaration_goes_before_its_section_and_the_section_before_the_rules(
    section: Section, terms: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    op = declared(section, **terms)
    assert (op.lock, op.right, op.place, op.reach, op.trial, op.event) == expected
    assert op.name == "test_declaration.look"
    assert op.repeatable is not op.changes


def test_the_site_of_a_section_is_that_of_operations_without_a_lock() -> None:
    section = Section("A", Site.GATEWAY, lock=Lock.NONE)
    assert declared(section, **READ).site is Site.GATEWAY
    assert declared(section, **READ, lock=Lock.PORTAL).site is Site.WORKER


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({}, " changes something: declare whether it destroys, and undo."),
        (READ | CHANGE, " changes nothing: it neither destroys nor is it undone."),
        ({"destroys": True, "undo": Undo.NEEDLESS}, " destroys something, so undo is KEPT or NEVER."),
        (
            {"destroys": False, "undo": Undo.KEPT},
            " takes no lock PROJECT: its changes cannot be separated from those of others.",
        ),
        (
            CHANGE | {"lock": Lock.NONE},
            " changes something and takes no lock: declare reach, for it or for its section.",
        ),
        (READ | {"reach": Reach.NAMED}, ": reach NAMED and projects belong together."),
        (READ | {"kept": True, "place": Place.WORKER}, ": only what is read from TIA Portal is kept."),
        (READ | {"tool": "look", "no_tool": "it is dull"}, ": an operation without a tool has no name of one."),
        (
            READ | {"task": Task.READ},
            ": a tool with a task has a name, when and unless; one without has neither of the last two.",
        ),
        (READ | {"reads": print}, ": a third parameter and reads belong together."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_declaration_that_contradicts_itself_is_refused(terms: dict[str, Any], text: str) -> None:
    section = Section("A")
    with pytest.raises(ValueError, match="test_declaration") as refused:
        declared(section, **terms)
    assert str(refused.value) == f"test_declaration.look{text}"
    assert section.operations == []


def test_a_keyword_that_no_declaration_has_is_refused() -> None:
    make: Callable[..., Any] = Section("A").operation
    with pytest.raises(TypeError, match="wait_for"):
        make(wait_for="GET /api/look")
