"""The object model is chosen by name, and nothing tells the bridge which one it has."""

import sys

import pytest

from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.loader import Model, installed_versions, load


def test_the_stand_in_by_version() -> None:
    model = load("fake", "V17")
    assert (model.version, model.backend) == ("17", "fake")
    assert model.TiaPortal.__name__ == "TiaPortal"


@pytest.mark.skipif(sys.platform == "win32", reason="off Windows only")
def test_auto_is_the_stand_in_where_no_portal_is_installed() -> None:
    assert installed_versions() == []
    assert load().backend == "fake"


@pytest.mark.skipif(sys.platform == "win32", reason="off Windows only")
def test_the_real_one_needs_windows() -> None:
    with pytest.raises(Problem, match="Windows") as caught:
        load("openness", "20")
    assert caught.value.code == "backend.not_windows"


@pytest.mark.parametrize(
    ("backend", "version", "code"), [("moon", None, "backend.unknown"), ("fake", "3", "backend.version")]
)
def test_what_is_not_to_be_had(backend: str, version: str | None, code: str) -> None:
    with pytest.raises(Problem) as caught:
        load(backend, version)
    assert caught.value.code == code


def test_a_type_that_this_version_lacks() -> None:
    model = load("fake")
    assert not model.has("TimeMachine")
    with pytest.raises(Problem, match="TimeMachine") as caught:
        _ = model.TimeMachine
    assert (caught.value.code, caught.value.kind) == ("tia.type_missing", Kind.UNSUPPORTED)


def test_two_models_share_no_portals() -> None:
    first, second = load("fake"), load("fake")
    portal = first.TiaPortal(first.TiaPortalMode.WithoutUserInterface)
    assert (first.TiaPortal.GetProcesses().Count, second.TiaPortal.GetProcesses().Count) == (1, 0)
    portal.Dispose()


def test_a_model_is_asked_for_public_names_only() -> None:
    with pytest.raises(AttributeError):
        _ = Model("20", {}.__getitem__, "none")._private
