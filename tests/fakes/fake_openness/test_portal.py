"""Portals, exclusive access, argument types and services of the simulated TIA Portal."""

from pathlib import Path
from typing import Any

import pytest

from fake_dotnet.errors import ArgumentException
from fake_openness import Installation, install
from fake_openness.core.errors import (
    EngineeringNotSupportedException,
    EngineeringObjectDisposedException,
    EngineeringTargetInvocationException,
    NonRecoverableException,
)


@pytest.fixture
def pc() -> Installation:
    return install("20")


def launch(pc: Installation, mode: str = "WithoutUserInterface") -> Any:
    return pc.types["TiaPortal"](getattr(pc.types["TiaPortalMode"], mode))


def project(pc: Installation, portal: Any, folder: Path, name: str = "P") -> Any:
    return portal.Projects.Create(pc.types["DirectoryInfo"](str(folder)), name)


def test_a_process_is_a_snapshot(pc: Installation, tmp_path: Path) -> None:
    portal = launch(pc)
    (before,) = pc.types["TiaPortal"].GetProcesses()
    project(pc, portal, tmp_path)
    assert before.ProjectPath is None
    assert pc.types["TiaPortal"].GetProcess(before.Id).ProjectPath.Name == "P.ap20"


def test_a_headless_portal_ends_with_its_last_client(pc: Installation) -> None:
    first = launch(pc)
    second = first.GetCurrentProcess().Attach()
    first.Dispose()
    assert pc.types["TiaPortal"].GetProcesses().Count == 1
    second.Dispose()
    assert pc.types["TiaPortal"].GetProcesses().Count == 0


def test_a_portal_with_user_interface_lives_on(pc: Installation) -> None:
    launch(pc, "WithUserInterface").Dispose()
    assert pc.types["TiaPortal"].GetProcesses().Count == 1


def test_a_disposed_handle_is_dead(pc: Installation) -> None:
    portal = launch(pc, "WithUserInterface")
    portal.Dispose()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = portal.Projects


def test_an_ended_process_is_not_recoverable(pc: Installation, tmp_path: Path) -> None:
    portal = launch(pc)
    opened = project(pc, portal, tmp_path)
    portal.GetCurrentProcess().Dispose()
    for use in (lambda: portal.Projects, lambda: opened.Name, lambda: opened.Devices):
        with pytest.raises(NonRecoverableException):
            use()


def test_one_exclusive_access_at_a_time(pc: Installation) -> None:
    portal = launch(pc)
    other = portal.GetCurrentProcess().Attach()
    with portal.ExclusiveAccess("work"), pytest.raises(EngineeringTargetInvocationException):
        other.ExclusiveAccess("me too")
    with other.ExclusiveAccess():
        pass


def test_a_transaction_needs_a_text_and_is_alone(pc: Installation, tmp_path: Path) -> None:
    portal = launch(pc)
    opened = project(pc, portal, tmp_path)
    with portal.ExclusiveAccess("work") as access:
        with pytest.raises(EngineeringTargetInvocationException):
            access.Transaction(opened, "")
        with access.Transaction(opened, "one"), pytest.raises(EngineeringTargetInvocationException):
            access.Transaction(opened, "two")


def test_no_project_is_opened_or_created_in_a_transaction(pc: Installation, tmp_path: Path) -> None:
    portal = launch(pc)
    opened = project(pc, portal, tmp_path)
    with portal.ExclusiveAccess("work") as access, access.Transaction(opened, "step"):
        for refused in (opened.Save, opened.Close, lambda: project(pc, portal, tmp_path, "Q")):
            with pytest.raises(EngineeringTargetInvocationException):
                refused()


def test_one_primary_project_per_portal(pc: Installation, tmp_path: Path) -> None:
    portal = launch(pc)
    project(pc, portal, tmp_path)
    with pytest.raises(EngineeringTargetInvocationException):
        project(pc, portal, tmp_path, "Second")
    assert portal.Projects.Count == 1


def test_a_str_is_no_file_info(pc: Installation, tmp_path: Path) -> None:
    portal = launch(pc)
    with pytest.raises(TypeError):
        portal.Projects.Create(str(tmp_path), "P")
    with pytest.raises(TypeError):
        portal.Projects.Open(str(tmp_path / "P.ap20"))
    with pytest.raises(TypeError):
        pc.types["FileInfo"](tmp_path)


def test_a_relative_path_is_refused(pc: Installation) -> None:
    with pytest.raises(ArgumentException):
        launch(pc).Projects.Create(pc.types["DirectoryInfo"]("here"), "P")


def test_an_enum_is_no_int(pc: Installation) -> None:
    mode = pc.types["TiaPortalMode"]
    assert mode.WithUserInterface != 1
    assert int(mode.WithUserInterface) == 1
    assert mode(1) is mode.WithUserInterface
    assert mode.WithUserInterface.ToString() == "WithUserInterface"
    with pytest.raises(TypeError):
        pc.types["TiaPortal"](1)


def test_flags_combine_to_flags(pc: Installation) -> None:
    options = pc.types["ExportOptions"]
    both = options.WithDefaults | options.WithReadOnly
    assert int(both) == 3
    assert both.HasFlag(options.WithDefaults)


def test_a_bare_int_is_refused_by_set_attribute(pc: Installation, tmp_path: Path) -> None:
    opened = project(pc, launch(pc), tmp_path)
    with pytest.raises(TypeError):
        opened.SetAttribute("Author", 5)


def test_collections_have_count_but_no_len(pc: Installation, tmp_path: Path) -> None:
    devices = project(pc, launch(pc), tmp_path).Devices
    assert (devices.Count, list(devices)) == (0, [])
    with pytest.raises(TypeError):
        len(devices)


def test_attributes_are_read_only_or_unknown_by_type(pc: Installation, tmp_path: Path) -> None:
    opened = project(pc, launch(pc), tmp_path)
    assert opened.GetAttribute("Name") == "P"
    for call in (
        lambda: opened.GetAttribute("Colour"),
        lambda: opened.SetAttribute("Name", "Q"),
        lambda: opened.GetAttributes(pc.types["List"][pc.types["String"]](["Name", "Colour"])),
    ):
        with pytest.raises(EngineeringNotSupportedException):
            call()
    with pytest.raises(AttributeError):
        opened.Colour = "red"
    with pytest.raises(AttributeError):
        opened.Name = "Q"


@pytest.mark.parametrize(
    ("version", "member", "service"), [("17", True, False), ("20", True, False), ("21", False, True)]
)
def test_v21_moves_the_simulation_setting_to_a_service(
    tmp_path: Path, version: str, member: bool, service: bool
) -> None:
    pc = install(version)
    opened = project(pc, launch(pc), tmp_path)
    assert hasattr(opened, "IsSimulationDuringBlockCompilationEnabled") == member
    assert ("PlcSimulationSettingsProvider" in pc.types) == service
    if service:
        assert opened.GetService[pc.types["PlcSimulationSettingsProvider"]]() is not None


def test_calls_are_counted_and_faults_strike(pc: Installation, tmp_path: Path) -> None:
    opened = project(pc, launch(pc), tmp_path)
    from collections import Counter

    pc.machine.calls = Counter()
    _ = (opened.Name, opened.Name, opened.Path)
    assert (pc.machine.calls["Project", "Name"], pc.machine.calls["Project", "Path"]) == (2, 1)

    def crash(_kind: str, member: str) -> None:
        if member == "Author":
            raise NonRecoverableException("gone")

    pc.machine.hooks.append(crash)
    assert opened.Name == "P"
    with pytest.raises(NonRecoverableException):
        _ = opened.Author


def test_texts_live_in_the_active_languages(pc: Installation, tmp_path: Path) -> None:
    opened = project(pc, launch(pc), tmp_path)
    settings = opened.LanguageSettings
    german = settings.Languages.Find(pc.types["CultureInfo"]("de-DE"))
    assert opened.Comment.Items.Find(german) is None
    with pytest.raises(EngineeringTargetInvocationException):
        settings.EditingLanguage = german
    settings.ActiveLanguages.Add(german)
    opened.Comment.Items.Find(german).Text = "Halle"
    settings.EditingLanguage = german
    assert [item.Text for item in opened.Comment.Items] == ["", "Halle"]
