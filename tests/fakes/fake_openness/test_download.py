"""Downloads of the simulated TIA Portal: what is loaded, what is asked, what is refused; comparisons and uploads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simatic_xml
from fake_dotnet.errors import ArgumentNullException
from fake_openness.core.errors import NonRecoverableException
from fake_openness.online.prompts import BLOCKING, PROMPTS
from simatic_xml.model import Tag
from tests.fakes.fake_openness.online_kit import ADDRESS, PROGRAM, Rig, compared, items, rig_of, said
from tests.fakes.fake_openness.plc import code, db, refusal, software, table

CHANGED = PROGRAM.replace("+ #step", "+ 2 * #step")
RESTRUCTURED = PROGRAM.replace("total : DInt;", "total : DInt; more : Int;")
YES = {"StopModules": "StopAll", "StartModules": "StartModule"}


@pytest.fixture
def running(rig: Rig) -> Rig:
    """A rig whose controller executes the program."""
    rig.load()
    rig.run()
    return rig


# -- loading --------------------------------------------------------------------------


def test_the_first_download_loads_hardware_and_program(rig: Rig) -> None:
    result = rig.load()
    assert (result.State.name, result.ErrorCount) == ("Success", 0)
    assert {"'Counting' was loaded.", "'Main' was loaded.", "The hardware configuration was loaded."} < set(
        said(result)
    )
    assert rig.questions == ["AllBlocksDownload", "AlarmTextLibrariesDownload"]
    assert (rig.state, rig.instance.ControllerName) == ("Stop", "PLC_1")
    assert rig.instance.ControllerShortDesignation.startswith("CPU 1511")
    rig.run()
    rig.instance.UpdateTagList()
    assert "Counting_DB.total" in {tag.Name for tag in rig.instance.TagInfos}


def test_a_download_compiles(rig: Rig) -> None:
    assert rig.blocks.Find("Counting").IsConsistent is False
    rig.load()
    assert rig.blocks.Find("Counting").IsConsistent is True


def test_nothing_changed_is_a_success(running: Rig) -> None:
    result = running.load()
    assert (result.State.name, running.questions) == ("Success", [])
    assert said(result) == ["Nothing was loaded: the CPU has this program already."]


def test_the_address_of_the_project_comes_with_the_hardware(rig: Rig) -> None:
    way = rig.pc(rig.service("DownloadProvider").Configuration)
    node = next(item for item in items(rig.device) if item._interface)._interface._node
    node.SetAttribute("Address", "192.168.0.50")
    node.SetAttribute("UseRouter", True)
    node.SetAttribute("RouterAddress", "192.168.0.254")
    assert code(rig.load) == "download.not_reachable"
    rig.load(way=(way.TargetInterfaces[0], way.Addresses.Create(ADDRESS)))
    suite = rig.instance._controller.card.ip
    assert suite == ("192.168.0.50", "255.255.255.0", "192.168.0.254")
    assert rig.load().State.name == "Success"


def test_the_hardware_comes_before_or_with_the_program(rig: Rig) -> None:
    assert code(rig.load, "Software") == "download.hardware_first"
    rig.load("Hardware")
    assert rig.instance.ControllerName == "PLC_1"
    assert rig.instance._controller.cpu.program is None
    rig.load("Software")
    rig.run()
    assert rig.state == "Run"


def test_options_that_cannot_be(rig: Rig) -> None:
    assert code(rig.load, "None_") == "download.options"
    assert code(rig.load, "Software", "SoftwareOnlyChanges") == "download.options"


def test_a_controller_that_is_off_does_not_answer(rig: Rig) -> None:
    rig.instance.PowerOff(10_000)
    assert code(rig.load) == "download.not_reachable"


def test_a_program_with_errors_is_refused_without_naming_the_block(running: Rig) -> None:
    running.generate(PROGRAM.replace("#total + #step", "#total + #nothing"))
    error = refusal(running.load)
    assert error.FakeCode == "download.compile"
    assert "Counting" not in error.Message
    assert running.asked == []
    assert running.state == "Run"


def test_what_a_cpu_cannot_execute_is_refused_by_its_name(rig: Rig) -> None:
    rig.generate('FUNCTION "Asking" : Void\nVAR_TEMP i : Int; END_VAR\nBEGIN\n#i := RH_GetPrimaryID();\nEND_FUNCTION')
    error = refusal(rig.load)
    assert error.FakeCode == "download.not_executable"
    (detail,) = error.DetailMessageData
    assert "RH_GetPrimaryID" in detail.Text
    assert detail.Text.startswith("Asking, network 1")
    assert rig.asked == []


def test_a_cpu_whose_startup_fails_stays_in_stop(running: Rig) -> None:
    running.generate(
        'ORGANIZATION_BLOCK "Starting"\nTITLE = "Complete Restart"\n'
        "VAR_TEMP i : Int; a : Array[0..3] of Int; END_VAR\nBEGIN\n#i := 9;\n#a[#i] := 1;\nEND_ORGANIZATION_BLOCK"
    )
    assert running.blocks.Find("Starting").SecondaryType == "Startup"
    result = running.load("Software", **YES)
    assert (result.State.name, said(result)[-1]) == ("Warning", "'PLC_1' is in STOP.")
    assert running.state == "Stop"


# -- questions ------------------------------------------------------------------------


def test_a_running_cpu_is_stopped_for_all_blocks(running: Rig) -> None:
    running.generate(CHANGED)
    error = refusal(running.load, "Software")
    assert (error.FakeCode, error.FakePlace) == ("download.prompt", {"prompt": "StopModules"})
    assert running.state == "Run"
    running.load("Software", **YES)
    assert running.questions[-2:] == ["StopModules", "StartModules"]
    assert running.state == "Run"


def test_it_stays_in_stop_when_starting_is_not_agreed_to(running: Rig) -> None:
    running.generate(CHANGED)
    result = running.load("Software", StopModules="StopAll")
    assert (running.state, result.State.name, result.WarningCount) == ("Stop", "Warning", 1)


def test_starting_is_asked_for_only_when_it_was_stopped(running: Rig) -> None:
    running.instance.Stop(10_000)
    running.generate(CHANGED)
    running.load("Software")
    assert "StartModules" not in running.questions
    assert running.state == "Stop"


def test_changes_are_loaded_in_run_and_values_stay(running: Rig) -> None:
    running.instance.UpdateTagList()
    running.instance.WriteInt32("Counting_DB.total", 1_000_000)
    running.generate(CHANGED)
    result = running.load("SoftwareOnlyChanges")
    assert running.questions == ["ConsistentBlocksDownload", "AlarmTextLibrariesDownload"]
    assert "'Counting' was loaded." in said(result)
    assert "'Cycle' was loaded." not in said(result)
    running.instance.UpdateTagList()
    assert running.instance.ReadInt32("Counting_DB.total") >= 1_000_000
    assert running.state == "Run"


def test_values_that_would_be_lost_have_to_be_agreed_to(running: Rig) -> None:
    running.instance.UpdateTagList()
    running.instance.WriteInt32("Counting_DB.total", 1_000_000)
    running.generate(RESTRUCTURED)
    error = refusal(running.load, "SoftwareOnlyChanges")
    assert error.FakePlace == {"prompt": "DataBlockReinitialization"}
    assert "Counting_DB" in running.asked[-1].Message
    result = running.load("SoftwareOnlyChanges", DataBlockReinitialization="StopPlcAndReinitialize", **YES)
    assert result.State.name == "Warning"
    running.instance.UpdateTagList()
    assert running.instance.ReadInt32("Counting_DB.total") < 1_000_000


def test_a_block_with_another_number_needs_stop(running: Rig) -> None:
    block = running.blocks.Find("Counting")
    block.AutoNumber = False
    block.Number = 77
    assert refusal(running.load, "SoftwareOnlyChanges").FakePlace == {"prompt": "StopModules"}
    running.load("SoftwareOnlyChanges", **YES)
    assert running.state == "Run"


def test_another_hardware_is_overwritten_only_when_that_is_agreed_to(running: Rig) -> None:
    rack = next(iter(running.device.Items))
    rack.PlugNew("OrderNumber:6ES7 521-1BH00-0AB0/V2.1", "DI_1", 2)
    given: dict[str, Any] = {}
    for name, answer in (
        ("CheckBeforeDownload", True),
        ("OverwriteSystemData", "Overwrite"),
        ("StopModules", "StopAll"),
    ):
        assert refusal(lambda: running.load("Hardware", **given)).FakePlace == {"prompt": name}
        given[name] = answer
    assert "The hardware configuration was loaded." in said(running.load("Hardware", **given))
    assert running.state == "Stop"


def test_a_download_of_the_hardware_gives_the_cpu_its_modules(running: Rig, tmp_path: Path) -> None:
    module = next(iter(running.device.Items)).PlugNew("OrderNumber:6ES7 521-1BH00-0AB0/V2.1", "DI_1", 2)
    identifier = next(iter(module.HwIdentifiers)).Identifier
    address = next(each for item in (module, *module.DeviceItems) for each in item.Addresses)
    address.StartAddress = 40
    running.load("Hardware", CheckBeforeDownload=True, OverwriteSystemData="Overwrite", StopModules="StopAll")
    found = running.instance._controller.cpu.surroundings.modules.find(identifier)
    assert (found.inputs, found.outputs) == (range(40, 42), range(0))
    to_folder(running, tmp_path / "c")
    other = running.manager.RegisterInstance("Other")
    other.StoragePath = str(tmp_path / "c")
    running.instance.PowerOff(10_000)
    other.PowerOn(10_000)
    assert other._controller.cpu.surroundings.modules.find(identifier).inputs == range(40, 42)


def test_a_cpu_that_was_loaded_under_another_name(running: Rig) -> None:
    running.cpu.Name = "PLC_9"
    assert refusal(running.load).FakePlace == {"prompt": "DifferentTargetConfiguration"}
    assert "PLC_1" in running.asked[0].Message


@pytest.mark.parametrize("name", sorted(BLOCKING - {"DataBlockReinitializationOrKeepActualValues"}))
def test_a_blocking_question_blocks_until_it_is_agreed_to(rig: Rig, name: str) -> None:
    rig.installation.machine.download_prompts.append(name)
    assert refusal(rig.load).FakePlace == {"prompt": name}
    assert rig.instance.ControllerName == ""
    answers: dict[str, Any] = {name: True}
    if hasattr(PROMPTS[name], "CurrentSelection"):
        answers = {name: next(each.name for each in reversed([*PROMPTS[name]._choices]) if each.name != "NoAction")}
    elif hasattr(PROMPTS[name], "SetPassword"):
        answers = {name: rig.types["SecureString"]()}
    rig.load(**answers)
    assert rig.instance.ControllerName == "PLC_1"


def test_a_question_that_does_not_block(rig: Rig) -> None:
    rig.installation.machine.download_prompts.append("InitializeMemory")
    assert rig.load().State.name == "Success"
    assert "InitializeMemory" in rig.questions


def test_answers_have_their_types(rig: Rig) -> None:
    stop, check, password = (
        PROMPTS[name]("?") for name in ("StopModules", "CheckBeforeDownload", "BlockBindingPassword")
    )
    for call in (
        lambda: setattr(stop, "CurrentSelection", 1),
        lambda: setattr(stop, "CurrentSelection", type(PROMPTS["StartModules"]("?").CurrentSelection).StartModule),
        lambda: setattr(check, "Checked", 1),
        lambda: password.SetPassword("text"),
    ):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ArgumentNullException):
        password.SetPassword(None)


@pytest.mark.parametrize(("version", "count"), [("17", 32), ("18", 32), ("19", 37), ("20", 37), ("21", 43)])
def test_the_questions_of_a_version(tmp_path: Path, version: str, count: int) -> None:
    types = Rig(tmp_path, version).types
    assert sum(name in types for name in PROMPTS) == count


def test_a_delegate_that_raises_ends_the_portal(rig: Rig) -> None:
    def raising(_: Any) -> None:
        raise RuntimeError("no")

    delegate = rig.types["DownloadConfigurationDelegate"](raising)
    options = rig.types["DownloadOptions"](3)
    with pytest.raises(NonRecoverableException):
        rig.service("DownloadProvider").Download(rig.target, delegate, delegate, options)
    with pytest.raises(NonRecoverableException):
        _ = rig.project.Name


# -- protection -----------------------------------------------------------------------


def secure(rig: Rig, text: str) -> Any:
    made = rig.types["SecureString"]()
    for character in text:
        made.AppendChar(character)
    return made


def protect(rig: Rig, level: str, **given: str) -> None:
    """Load a CPU with an access level, and passwords for less strict ones."""
    levels = rig.types["PlcProtectionAccessLevel"]
    provider = rig.service("PlcAccessLevelProvider")
    provider.PlcProtectionAccessLevel = levels[level]
    for name, password in given.items():
        provider.SetPassword(levels[name], secure(rig, password))
    rig.load(CheckBeforeDownload=True, OverwriteSystemData="Overwrite", **YES)


def test_a_protected_cpu_asks_for_its_password(running: Rig) -> None:
    protect(running, "ReadAccess", FullAccess="Opensesame1")
    running.generate(CHANGED)
    assert refusal(running.load, "Software").FakePlace == {"prompt": "ModuleWriteAccessPassword"}
    wrong = {"ModuleWriteAccessPassword": secure(running, "Wrong1234")}
    assert code(lambda: running.load("Software", **wrong, **YES)) == "download.password"
    assert running.state == "Run"
    right = {"ModuleWriteAccessPassword": secure(running, "Opensesame1")}
    assert running.load("Software", **right, **YES).State.name == "Success"
    assert rig_online(running) == {}


def test_a_cpu_that_cannot_be_read_without_a_password(running: Rig) -> None:
    protect(running, "NoAccess", FullAccess="Opensesame1", ReadAccess="Readsesame1")
    assert running.online.GoOnline().name == "Protected"
    assert code(running.plc.CompareToOnline) == "compare.protected"
    assert code(upload, running) == "upload.password"
    for password in ("Readsesame1", "Opensesame1"):
        running.answers = {"ModuleReadAccessPassword": secure(running, password)}
        assert upload(running, answer=running.answer).State.name == "Success"
    running.answers = {"ModuleReadAccessPassword": secure(running, "Wrong1234")}
    assert code(lambda: upload(running, answer=running.answer)) == "upload.password"


def test_from_v19_on_an_event_asks_who_goes_online(running: Rig) -> None:
    protect(running, "NoAccess", FullAccess="Opensesame1")
    online, given = running.online, [""]

    def authenticate(question: Any) -> None:
        assert [each.CurrentUserType.ToString() for each in question.GetSupportedAuthenticationTypes()] == [
            "PasswordOnly"
        ]
        credentials = question.OnlineCredentials
        credentials.Type = type(credentials.Type).PasswordOnly
        credentials.SetPassword(secure(running, given[0]))

    online.Configuration.OnlineLegitimation += authenticate
    for password, state in (("Wrong1234", "Protected"), ("Opensesame1", "Online")):
        given[0] = password
        assert online.GoOnline().name == state


# -- to a folder ----------------------------------------------------------------------


def to_folder(rig: Rig, folder: Path, **answers: Any) -> Any:
    rig.asked, rig.answers = [], answers
    delegate = rig.types["DownloadConfigurationDelegate"](rig.answer)
    return rig.service("DownloadProvider").Download(rig.types["DirectoryInfo"](str(folder)), delegate)


def test_a_folder_gets_the_card_that_a_controller_starts_with(rig: Rig, tmp_path: Path) -> None:
    assert to_folder(rig, tmp_path / "c", TargetForSoftware="PlcSimulationAdvanced").State.name == "Success"
    assert rig.questions == ["TargetForSoftware", "ConsistentBlocksDownload", "AlarmTextLibrariesDownload"]
    assert rig.instance.ControllerName == ""
    other = rig.manager.RegisterInstance("Other")
    other.StoragePath = str(tmp_path / "c")
    rig.instance.PowerOff(10_000)
    other.PowerOn(10_000)
    other.Run(10_000)
    assert (other.ControllerName, other.OperatingState.name) == ("PLC_1", "Run")
    assert rig_online(rig) == {}


def test_a_card_in_the_folder_is_overwritten_only_when_that_is_agreed_to(rig: Rig, tmp_path: Path) -> None:
    to_folder(rig, tmp_path / "c")
    assert refusal(lambda: to_folder(rig, tmp_path / "c")).FakePlace == {"prompt": "OverwriteOnMemoryCard"}
    assert to_folder(rig, tmp_path / "c", OverwriteOnMemoryCard="Load").State.name == "Success"


def test_a_folder_needs_a_program_without_errors_and_v19(rig: Rig, tmp_path: Path) -> None:
    rig.generate(PROGRAM.replace("#total + #step", "#total + #nothing"))
    assert code(lambda: to_folder(rig, tmp_path / "c")) == "download.compile"
    assert not (tmp_path / "c").exists()
    older = rig_of(tmp_path / "older", "18")
    with pytest.raises(TypeError):
        to_folder(older, tmp_path / "c")
    older.manager.Shutdown()


# -- comparison -----------------------------------------------------------------------


def states(rig: Rig) -> dict[str, str]:
    root = rig.plc.CompareToOnline().RootElement
    return {path: state for path, state, _ in compared(root) if state != "ObjectsIdentical"}


def test_a_comparison_names_what_differs(running: Rig) -> None:
    assert rig_online(running) == {}
    running.generate(CHANGED)
    running.blocks.Find("Cycle").Delete()
    running.put(db("Extra"))
    running.put(table("More", Tag("Lamp", "Bool", "%Q0.0")))
    assert rig_online(running) == {
        "/Program blocks/Counting": "ObjectsDifferent",
        "/Program blocks/Extra": "RightMissing",
        "/Program blocks/Cycle": "LeftMissing",
        "/PLC tags/More": "RightMissing",
    }


def rig_online(rig: Rig) -> dict[str, str]:
    assert rig.online.Configuration.IsConfigured
    return states(rig)


def test_the_detail_says_which_parts_differ(running: Rig) -> None:
    running.generate(RESTRUCTURED)
    block = running.blocks.Find("Counting")
    block.AutoNumber = False
    block.Number = 77
    running.online.GoOnline()
    details = {path: detail for path, _, detail in compared(running.plc.CompareToOnline().RootElement)}
    expected = "attribute changed (Counting: number), member added (Counting/Static/more)"
    assert details["/Program blocks/Counting"] == expected


USING = """TYPE "Pair"
STRUCT
one : Int;
END_STRUCT;
END_TYPE
DATA_BLOCK "Held"
VAR pair : "Pair"; END_VAR
BEGIN
END_DATA_BLOCK
FUNCTION "Reader" : Int
BEGIN
#Reader := "Held".pair.one;
END_FUNCTION
FUNCTION "Switching" : Void
BEGIN
"Lamp" := TRUE;
END_FUNCTION
FUNCTION "Apart" : Void
BEGIN
END_FUNCTION
"""


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        (lambda rig: rig.put(table("More", Tag("Lamp", "Bool", "%Q0.1")), override=True), {"Switching", "More"}),
        (
            lambda rig: rig.put(
                table("More", Tag("Lamp", "Bool", "%Q0.0"), Tag("New", "Bool", "%Q9.0")), override=True
            ),
            {"More"},
        ),
        (lambda rig: rig.generate(USING.replace("one : Int;", "zero : Int; one : Int;")), {"Pair", "Held", "Reader"}),
        (lambda rig: rig.generate(CHANGED), {"Counting"}),
        (lambda rig: rig.generate(RESTRUCTURED), {"Counting", "Counting_DB", "Cycle"}),
    ],
    ids=["address of a tag", "another tag", "data type", "code", "interface"],
)
def test_a_block_differs_with_what_it_uses(rig: Rig, change: Any, differing: set[str]) -> None:
    """The rule of a compilation: an unchanged block whose code would be another one is not the loaded one."""
    rig.put(table("More", Tag("Lamp", "Bool", "%Q0.0")))
    rig.generate(USING)
    rig.load()
    assert rig_online(rig) == {}
    change(rig)
    assert {path.rpartition("/")[2] for path in rig_online(rig)} == differing


def test_folders_carry_the_worst_of_what_is_in_them(running: Rig) -> None:
    running.online.GoOnline()
    running.online.GoOffline()
    running.put(db("Extra"))
    root = running.plc.CompareToOnline().RootElement
    assert (root.LeftName, root.RightName, root.ComparisonResult.name) == ("PLC_1", "PLC_1", "FolderContentsDifferent")
    found = {element.LeftName: element.ComparisonResult.name for element in root.Elements}
    assert found == {
        "Program blocks": "FolderContentsDifferent",
        "PLC data types": "FolderContentsIdentical",
        "PLC tags": "FolderContentsIdentical",
    }


def test_a_comparison_needs_a_cpu_that_answers_and_came_from_a_project(rig: Rig) -> None:
    assert code(rig.plc.CompareToOnline) == "online.not_configured"
    assert set(rig_online(rig).values()) == {"RightMissing"}
    rig.load()
    rig.instance._load(rig.instance._controller.cpu.program)
    assert code(rig.plc.CompareToOnline) == "compare.no_source"
    rig.instance.PowerOff(10_000)
    assert code(rig.plc.CompareToOnline) == "compare.not_reachable"


# -- upload ---------------------------------------------------------------------------


def upload(rig: Rig, address: str = ADDRESS, answer: Any = lambda _: None) -> Any:
    provider = rig.service("StationUploadProvider", rig.project)
    target = rig.pc(provider.Configuration).Addresses.Create(address)
    return provider.StationUpload(target, rig.types["UploadConfigurationDelegate"](answer))


def test_an_uploaded_station_is_a_new_one_with_the_same_program(running: Rig) -> None:
    group = running.plc.BlockGroup.Groups.Create("Line").Groups.Create("Drives")
    group.Blocks.Import(
        running.file(db("Inside")), running.types["ImportOptions"](0), running.types["SWImportOptions"](0)
    )
    running.load(**YES)
    result = upload(running)
    assert (result.State.name, result.UploadedStation.Name) == ("Success", "Station_2")
    other = next(software(running.types, result.UploadedStation.DeviceItems))
    assert other.Name == "PLC_2"
    pairs = list(compared(running.plc.CompareTo(other).RootElement))
    assert {state for _, state, _ in pairs} == {"ObjectsIdentical"}
    assert "/Program blocks/Line/Drives/Inside" in {path for path, _, _ in pairs}
    assert running.project.IsModified


def test_an_uploaded_station_is_saved_with_the_project(running: Rig) -> None:
    upload(running)
    running.reopened()
    station = running.project.Devices.Find("Station_2")
    other = next(software(running.types, station.DeviceItems))
    assert {block.Name for block in other.BlockGroup.Blocks} >= {"Counting", "Counting_DB", "Cycle", "Main"}
    assert other.WatchAndForceTableGroup.ForceTables.Count == 1
    assert running.compile(other).State.name != "Error"


def test_an_upload_needs_a_station_in_the_cpu(rig: Rig) -> None:
    assert code(upload, rig, "192.168.0.77") == "upload.not_reachable"
    assert code(upload, rig) == "upload.no_station"
    rig.load("Hardware")
    assert code(upload, rig) == "upload.no_station"
    assert rig.project.Devices.Count == 1


def test_what_was_loaded_can_be_archived_and_uploaded_elsewhere(running: Rig, tmp_path: Path) -> None:
    running.instance.PowerOff(10_000)
    file = str(tmp_path / "card.zip")
    running.instance.ArchiveStorage(file)
    other = rig_of(tmp_path / "other")
    other.instance.PowerOff(10_000)
    other.instance.RetrieveStorage(file)
    other.instance.PowerOn(10_000)
    assert set(rig_online(other).values()) == set()
    assert upload(other).UploadedStation.Name == "Station_2"
    other.manager.Shutdown()


def test_loaded_contents_are_what_an_export_gives(running: Rig) -> None:
    block = running.blocks.Find("Counting")
    exported = running.exported(block).objects[0]
    (held,) = [c for p, c in running.instance._controller.card.station.items() if p.endswith("/Counting.xml")]
    assert simatic_xml.load(held).objects[0].name == exported.name


# -- the compiler and the download agree ----------------------------------------------


def _with_tag(rig: Rig, data_type: str, used: bool) -> None:
    use = '"Used" := "Odd".x;' if used else ""
    rig.put(table("More", Tag("Odd", data_type, "%I100.0"), Tag("Used", "Int", "%MW200")))
    rig.generate(PROGRAM.replace("BEGIN\n#total", f"BEGIN\n{use}#total"))


@pytest.mark.parametrize("data_type", ['"Drive_Data"', '"Nobody has this"'])
def test_a_tag_of_an_unknown_type_is_a_warning_and_left_out(rig: Rig, data_type: str) -> None:
    _with_tag(rig, data_type, used=False)
    leaves = [leaf for leaf in rig.compile()._leaves() if leaf.State.name == "Warning"]
    assert [(leaf.Path, leaf._code) for leaf in leaves] == [("Odd", "type.unknown")]
    assert rig.load().State.name == "Success"
    rig.run()
    rig.instance.UpdateTagList()
    names = {tag.Name for tag in rig.instance.TagInfos}
    assert "Used" in names and not any(name.startswith("Odd") for name in names)


def test_a_block_that_uses_such_a_tag_is_in_error(rig: Rig) -> None:
    _with_tag(rig, '"Drive_Data"', used=True)
    assert "type.unknown" in {leaf._code for leaf in rig.compile()._leaves() if leaf.State.name == "Error"}
    assert code(rig.load) == "download.compile"


def test_calls_nested_too_deep_are_an_error_of_the_compilation_too(rig: Rig) -> None:
    chain = "".join(
        f'FUNCTION "C{n}" : Void BEGIN {f"C{n + 1}();".replace("C", chr(34) + "C", 1).replace("(", chr(34) + "(")} END_FUNCTION\n'
        for n in range(30)
    )
    rig.generate(f'FUNCTION "C30" : Void BEGIN ; END_FUNCTION\n{chain}')
    rig.generate('ORGANIZATION_BLOCK "Deep" BEGIN "C0"(); END_ORGANIZATION_BLOCK')
    assert "call.depth" in {leaf._code for leaf in rig.compile()._leaves() if leaf.State.name == "Error"}
    assert code(rig.load) == "download.compile"


def test_an_error_of_the_software_refuses_the_download_with_a_reference(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise ValueError

    monkeypatch.setattr("virtual_plc.python_tier.passes.Pass.run", fail)
    refused = refusal(rig.load)
    assert refused.FakeCode == "download.not_executable"
    assert any("reference" in each.Text for each in refused.DetailMessageData)


def test_an_error_of_the_compiler_is_a_message_of_the_block(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("simatic_xml.program.scl.block.statements", fail)
    errors = [leaf for leaf in rig.compile()._leaves() if leaf.State.name == "Error"]
    assert {leaf._code for leaf in errors} == {"compile.internal"}
    assert code(rig.load) == "download.compile"


def test_blocks_that_exceed_the_work_memory_together_are_refused(rig: Rig) -> None:
    for name in "AB":
        rig.generate(f'DATA_BLOCK "{name}" VAR a : Array[0..299999] of Int; END_VAR BEGIN END_DATA_BLOCK')
    refused = refusal(rig.load)
    assert refused.FakeCode in ("download.compile", "download.not_executable")
    assert code(rig.load) == refused.FakeCode
    errors = [leaf for leaf in rig.compile()._leaves() if leaf.State.name == "Error"]
    texts = [leaf.Description for leaf in errors] + [each.Text for each in refused.DetailMessageData]
    assert any("work memory" in text for text in texts)
