"""Libraries of a TIA Portal before V17: no default versions, no state, no choices; what there is works all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simatic_xml
from fake_dotnet.system import Version
from fake_openness.library.kinds import LibraryTypeVersionState
from openness_bridge.errors import Problem
from openness_bridge.library import types as libraries_types
from openness_bridge.library import update
from openness_bridge.library.libraries import PROJECT
from openness_bridge.portal import loader
from openness_bridge.portal.portal import Portals, Session
from openness_bridge.project import projects
from simatic_xml.model import Member, PlcType

CPU = "OrderNumber:6ES7 511-1AK02-0AB0/V2.8"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A V16 portal with a PLC, and a type with two released versions, as a user makes it in the window."""
    portals = Portals(loader.load("fake", "16"), launch_when_needed=True)
    made = portals.session()
    made.call(lambda: _fill(made, tmp_path))
    yield made
    portals.close()


def _fill(session: Session, folder: Path) -> None:
    projects.create(session, folder, "Old")
    session.project.Devices.CreateWithItem(CPU, "PLC_1", "Station_1")
    made = session.project.ProjectLibrary.TypeFolder.Types._make("Data", "", "UDT", "user")
    for number, member in (("1.9.0", "Old"), ("1.10.0", "New")):
        version = made._versions._make(Version(number), "", "user")
        version._state = LibraryTypeVersionState.Committed
        content = PlcType("Data", [Member(member, "Int")])
        version._keep(simatic_xml.dump(simatic_xml.Document("V16", [content])))


def members(session: Session) -> list[str]:
    software: Any = next(update._programs(session))
    return [member.name for member in software.TypeGroup.Types.Find("Data")._content().members]


def test_default_and_state_are_unknown(session: Session) -> None:
    (found,) = session.call(lambda: libraries_types.list_types(session, PROJECT))
    assert (found.status, [each.is_default for each in found.versions]) == (None, [None, None])


def test_the_highest_released_version_is_taken(session: Session) -> None:
    use = libraries_types.instantiate
    made = session.call(lambda: use(session, PROJECT, "Data", None, "PLC_1", "", libraries_types.PATHS[0]))
    assert (made.name, made.type) == ("Data", "PlcStruct")
    assert session.call(lambda: members(session)) == ["New"]
    session.call(lambda: use(session, PROJECT, "Data", "1.9.0", "PLC_1", "", libraries_types.PATHS[0]))
    assert session.call(lambda: members(session)) == ["Old"]


@pytest.mark.parametrize("number", ["", "1", "1.0", "1.0.0.0", "1.0.x", "-1.0.0", "1.0.99999999999"])
def test_a_version_has_three_numbers(session: Session, number: str) -> None:
    from openness_bridge.library.authoring import parse_version

    with pytest.raises(Problem, match="three numbers"):
        parse_version(session, number)
    assert parse_version(session, " 01.2.3 ").ToString() == "1.2.3"
