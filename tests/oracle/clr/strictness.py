"""What pythonnet asks of a caller, asked by the double: run with the plugin only (see test_double.py)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_openness.project.faults import Faults
from openness_bridge.errors import Kind, from_openness
from openness_bridge.model import Model
from openness_bridge.portal import loader
from openness_bridge.values import (
    boxed,
    delegate,
    di,
    enum,
    enum_name,
    enum_names,
    fi,
    moment,
    secure,
    service,
    set_attribute,
    strings,
    with_attributes,
)
from tests.oracle.clr import double
from tests.oracle.clr.plugin import VERSION
from tests.support.service import FIRMWARE

CPU = f"OrderNumber:6ES7 511-1AK02-0AB0/{FIRMWARE}"


@pytest.fixture
def model() -> Model:
    return loader.load("fake", VERSION)


@pytest.fixture
def portal(model: Model) -> Iterator[Any]:
    made = model.TiaPortal(enum(model, "TiaPortalMode", "WithoutUserInterface"))
    yield made
    made.Dispose()


@pytest.fixture
def project(model: Model, portal: Any, tmp_path: Path) -> Any:
    return portal.Projects.Create(di(model, tmp_path), "Line")


@pytest.fixture
def software(model: Model, project: Any) -> Any:
    device = project.Devices.CreateWithItem(CPU, "PLC_1", "PLC_1")
    found = [service(item, model.SoftwareContainer) for item in device.DeviceItems]
    return next(each for each in found if each is not None).Software


def test_it_is_the_loader_of_an_installed_portal(model: Model) -> None:
    assert model.backend == "openness"
    assert type(model.TiaPortal).__name__ == "CLRMetatype"


def test_a_text_is_no_path(portal: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="No method matches"):
        portal.Projects.Create(str(tmp_path), "Line")


def test_a_number_is_no_enum(model: Model) -> None:
    with pytest.raises(TypeError):
        model.TiaPortal(0)
    assert (enum(model, "TiaPortalMode", "WithoutUserInterface") == 0) is False


def test_enums_know_their_names(model: Model) -> None:
    none = enum(model, "ImportOptions", "None")
    assert enum_name(none) == "None"
    assert {"None", "Override"} <= set(enum_names(model, none))
    assert not hasattr(model.ImportOptions, "None_")


def test_a_composition_has_a_count_and_no_length(project: Any) -> None:
    project.Devices.CreateWithItem(CPU, "PLC_1", "PLC_1")
    assert project.Devices.Count == 1
    with pytest.raises(TypeError):
        len(project.Devices)
    assert [str(each.Name) for each in project.Devices] == ["PLC_1"]
    assert project.Devices[0].Name == "PLC_1"


def test_the_same_object_is_equal_and_not_identical(project: Any) -> None:
    project.Devices.CreateWithItem(CPU, "PLC_1", "PLC_1")
    one, two = project.Devices[0], project.Devices[0]
    assert one == two
    assert one is not two
    assert hash(one) == hash(two)


def test_a_service_that_is_not_offered_is_none(model: Model, project: Any, software: Any) -> None:
    assert service(project.Devices[0], model.SoftwareContainer) is None
    assert service(software, model.ICompilable) is not None


def test_members_of_interfaces_need_a_cast(model: Model, software: Any) -> None:
    assert not hasattr(software, "GetServiceInfos")
    offered = {str(info.Type.Name) for info in model.IEngineeringServiceProvider(software).GetServiceInfos()}
    assert "ICompilable" in offered


def test_what_is_declared_as_an_interface_hides_its_class(software: Any) -> None:
    table = software.TagTableGroup.TagTables.Create("Sensors")
    parent = table.Parent
    assert not hasattr(parent, "TagTables")
    assert hasattr(parent.__implementation__, "TagTables")


def test_numbers_of_attributes_are_boxed(model: Model, project: Any) -> None:
    item = next(iter(project.Devices.CreateWithItem(CPU, "PLC_1", "PLC_1").DeviceItems))
    shown = with_attributes(model, item)
    assert isinstance(shown.GetAttribute("PositionNumber"), int)
    with pytest.raises(TypeError):
        shown.GetAttributes(["Name"])
    assert [str(each) for each in shown.GetAttributes(strings(model, ["Name"]))] == [str(item.Name)]


def test_attributes_need_a_cast_up_to_v16(project: Any) -> None:
    item = next(iter(project.Devices.CreateWithItem(CPU, "PLC_1", "PLC_1").DeviceItems))
    assert hasattr(item, "GetAttribute") == (float(VERSION) >= 17)


def test_exceptions_are_of_their_net_types(model: Model, software: Any) -> None:
    tables = software.TagTableGroup.TagTables
    table = tables.Create("Sensors")
    with pytest.raises(model.EngineeringTargetInvocationException) as caught:
        tables.Create("Sensors")
    assert "OpennessDouble" not in str(caught.value.Message)
    problem = from_openness(caught.value)
    assert problem is not None
    assert (problem.code, problem.kind) == ("tia.refused", Kind.REFUSED)
    table.Delete()
    with pytest.raises(model.EngineeringObjectDisposedException):
        table.Name  # noqa: B018


def test_a_relative_path_is_an_argument_exception(model: Model, portal: Any) -> None:
    with pytest.raises(model.ArgumentException) as caught:
        portal.Projects.Create(di(model, "here"), "Line")
    problem = from_openness(caught.value)
    assert problem is not None
    assert problem.code == "tia.argument"


def test_moments_and_paths_are_of_net(project: Any, tmp_path: Path) -> None:
    assert str(project.Path.FullName) == str(tmp_path / "Line" / f"Line.ap{VERSION.replace('.', '_')}")
    assert (moment(project.CreationTime) or "").endswith("Z")


def test_a_secret_arrives_and_is_not_shown(model: Model) -> None:
    assert secure(model, "open sesame").Length == len("open sesame")
    assert "sesame" not in str(secure(model, "open sesame"))


def test_a_delegate_must_be_made(model: Model) -> None:
    heard: list[Any] = []
    made = delegate(model, "DownloadConfigurationDelegate", heard.append)
    made.Invoke(None)
    assert heard == [None]


def test_exports_go_where_they_are_told(model: Model, software: Any, tmp_path: Path) -> None:
    table = software.TagTableGroup.TagTables.Create("Sensors")
    table.Tags.Create("Start", "Bool", "%I0.0")
    table.Export(fi(model, tmp_path / "Sensors.xml"), enum(model, "ExportOptions", "None"))
    assert "Start" in (tmp_path / "Sensors.xml").read_text(encoding="utf-8-sig")


def test_threads_use_the_double_side_by_side(software: Any) -> None:
    table = software.TagTableGroup.TagTables.Create("Sensors")
    for number in range(20):
        table.Tags.Create(f"Tag_{number}", "Bool", f"%M{number}.0")
    counts: list[int] = []

    def read() -> None:
        counts.extend(sum(1 for tag in table.Tags if tag.Name) for _ in range(10))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counts == [20] * 40


# -- attributes by method -------------------------------------------------------------


def test_attributes_are_set_by_method(model: Model, software: Any, project: Any) -> None:
    table = software.TagTableGroup.TagTables.Create("Motors")
    tag = table.Tags.Create("Run", "Bool", "%M0.0")
    set_attribute(model, tag, "LogicalAddress", "%M0.1")
    assert tag.LogicalAddress == "%M0.1"
    item = tag.Comment.Items[0]
    set_attribute(model, item, "Text", "It runs")
    assert item.Text == "It runs"
    device = project.Devices[0]
    set_attribute(model, device, "Name", "Station_2")
    assert device.Name == "Station_2"


@pytest.mark.skipif(float(VERSION) < 17, reason="Unified panels came with V17")
def test_a_number_keeps_its_type_on_its_way(model: Model, project: Any) -> None:
    panel = project.Devices.CreateWithItem("OrderNumber:6AV2 128-3GB06-0AXx/17.0.0.0", "HMI_1", "HMI_1")
    waiting, found = list(panel.DeviceItems), None
    while found is None:
        item = waiting.pop()
        found = service(item, model.SoftwareContainer)
        waiting.extend(item.DeviceItems)
    screen = found.Software.Screens.Create("A")
    set_attribute(model, screen, "Width", boxed(model, "UInt32", 600))
    assert screen.Width == 600
    with pytest.raises(Exception, match=r"System\.UInt32") as caught:
        set_attribute(model, screen, "Width", boxed(model, "Int32", 700))
    assert from_openness(caught.value) is not None


def test_a_question_in_a_change_of_an_attribute_is_answered(model: Model, portal: Any, project: Any) -> None:
    """As the handler of the bridge does, on another thread than that of the call."""
    seen: list[str] = []

    def answer(_: Any, question: Any) -> None:
        seen.append(str(question.Text))
        question.Result = enum(model, "ConfirmationResult", "Yes")
        question.IsHandled = True

    portal.Confirmation += answer
    subnet = project.Subnets.Create("System:Subnet.Ethernet", "Net")
    faults = Faults(double.loaded(VERSION).behind(subnet)._context.machine)
    fault = faults.at("SetAttribute", faults.question("Really?", "Yes", "No"))
    set_attribute(model, subnet, "Name", "Other")
    assert (fault.struck, seen, subnet.Name) == (1, ["Really?"], "Other")


def test_moments_of_every_kind_are_utc() -> None:
    import System

    kinds = System.DateTimeKind
    utc, unspecified = (System.DateTime(2026, 3, 1, 0, 30, 0, each) for each in (kinds.Utc, kinds.Unspecified))
    assert moment(utc) == moment(unspecified) == moment(utc.ToLocalTime()) == "2026-03-01T00:30:00.0000000Z"


def test_a_wrong_index_raises_the_exception_of_net(project: Any) -> None:
    from System import ArgumentOutOfRangeException

    for index in (-1, 9):
        with pytest.raises(ArgumentOutOfRangeException):
            _ = project.Devices[index]


def test_a_program_makes_exceptions(model: Model) -> None:
    import System

    made = model.EngineeringNotSupportedException("Not now.")
    assert (str(made.Message), str(made.MessageData.Text)) == ("Not now.", "Not now.")
    details = System.Array[System.String](["First.", "Second."])
    refused = model.EngineeringTargetInvocationException("Not now.", details)
    assert [str(each.Text) for each in refused.DetailMessageData] == ["First.", "Second."]


def test_objects_describe_themselves_and_create(model: Model, project: Any) -> None:
    from System import Object, String
    from System.Collections.Generic import Dictionary

    groups = model.IEngineeringComposition(project.DeviceGroups)
    info = groups.GetCreationInfos()[0]
    assert str(info.Type.FullName) == "Siemens.Engineering.HW.DeviceUserGroup"
    given = Dictionary[String, Object]()
    given.Add(info.ParameterInfos[0].Name, "Example")
    groups.Create(info.Type, given)
    assert str(project.DeviceGroups[0].Name) == "Example"
    group = model.IEngineeringObject(project.DeviceGroups[0])
    assert "Devices" in {str(each.Name) for each in group.GetCompositionInfos()}
    group.Invoke("Delete", None)
    assert project.DeviceGroups.Count == 0


def test_a_service_got_by_reflection_has_its_members(model: Model, project: Any, software: Any) -> None:
    import clr
    import System

    method = next(each for each in clr.GetClrType(type(software)).GetMethods() if each.Name == "GetService")
    service_type = clr.GetClrType(model.ICompilable)
    found = method.MakeGenericMethod(System.Array[System.Type]([service_type])).Invoke(software, None)
    assert found.GetType().GetMethod("Compile") is not None
    assert found.Compile().ErrorCount == 0
