"""The object model is chosen by name, and nothing tells the bridge which one it has."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from openness_bridge.errors import Kind, Problem
from openness_bridge.manifest import reading
from openness_bridge.model import Model
from openness_bridge.portal.loader import ASSEMBLIES, assembly_paths, installed_versions, load, usual_folder


def test_the_stand_in_by_version() -> None:
    model = load("fake", "V17")
    assert (model.version, model.backend) == ("17", "fake")
    assert model.TiaPortal.__name__ == "TiaPortal"


def test_threads_that_use_the_stand_in_first_share_one_computer() -> None:
    model, ready = load("fake"), Barrier(4)

    def use() -> object:
        ready.wait(60)
        return model._find("TiaPortal")

    with ThreadPoolExecutor(4) as pool:
        found = {each.result(60) for each in [pool.submit(use) for _ in range(4)]}
    assert found == {model.TiaPortal}


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


def test_assemblies_of_add_ins_and_other_products_are_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = ["Siemens.Engineering.Base.dll", "Siemens.Engineering.Safety.dll", "Siemens.Engineering.Step7.dll"]
    for name in (
        *used,
        "Siemens.Engineering.AddIn.Base.dll",
        "Siemens.Engineering.TestSuite.dll",
        "Other.dll",
        "a.xml",
    ):
        (tmp_path / name).touch()
    monkeypatch.setenv("TIA_OPENNESS_PATH", str(tmp_path))
    assert [path.name for path in assembly_paths("21")] == used


@pytest.mark.parametrize(("version", "inner"), [("20", "V20"), ("21", "V21/net48")])
def test_the_usual_folder_of_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, inner: str
) -> None:
    monkeypatch.setenv("PROGRAMW6432", str(tmp_path))
    expected = tmp_path / "Siemens" / "Automation" / f"Portal V{version}" / "PublicAPI" / inner
    assert usual_folder(version) == expected


def test_the_manifest_knows_the_assemblies_that_are_loaded() -> None:
    for version in reading.versions():
        manifest = reading.read(version)
        assert {manifest.assembly, *manifest.assemblies.values()} <= ASSEMBLIES


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
