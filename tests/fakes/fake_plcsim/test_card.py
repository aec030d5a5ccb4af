"""The virtual memory card: archived, retrieved, kept in its folder."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import SCL, TAGS, Kit, Simulated, refusal, state, workspace
from virtual_plc.memory.program import program_of
from virtual_plc.surroundings import Module
from virtual_plc.surroundings.card_files import DataLog


def archived(kit: Kit, folder: Path) -> Path:
    instance = kit.frozen()
    kit.step(instance, 5)
    instance.PowerOff(1000)
    file = folder / "card.zip"
    instance.ArchiveStorage(str(file))
    return file


def test_an_archive_brings_program_retentive_data_and_address_elsewhere(kit: Kit, tmp_path: Path) -> None:
    file = archived(kit, tmp_path)
    other = Kit()
    instance = other.manager.RegisterInstance("Other")
    instance.RetrieveStorage(str(file))
    instance.PowerOn(1000)
    instance.UpdateTagList()
    assert (state(instance), instance.ReadInt32("Data.count")) == ("Stop", 5)
    instance.OperatingMode = other.EOperatingMode.SingleStep_C
    instance.Run(1000)
    other.step(instance, 2)
    assert instance.ReadInt32("Data.count") == 7
    other.runtime.shutdown()


def test_archives_only_while_off(kit: Kit, tmp_path: Path) -> None:
    instance = kit.on()
    file = str(tmp_path / "card.zip")
    assert refusal(kit, lambda: instance.ArchiveStorage(file)) == "InvalidOperatingState"
    assert refusal(kit, lambda: instance.RetrieveStorage(file)) == "InvalidOperatingState"


def test_files_that_cannot_be(kit: Kit, tmp_path: Path) -> None:
    instance = kit.manager.RegisterInstance()
    (tmp_path / "there.zip").write_bytes(b"PK")
    for path, archive, retrieve in (
        ("card.zip", "InvalidArchivePath", "InvalidArchivePath"),
        (str(tmp_path / "card.rar"), "InvalidArchivePath", "InvalidArchivePath"),
        (str(tmp_path / "there.zip"), "AlreadyExists", "RetrieveStorageFailure"),
        (str(tmp_path / "none" / "card.zip"), "ArchiveStorageNotCreated", "DoesNotExist"),
    ):
        assert refusal(kit, lambda path=path: instance.ArchiveStorage(path)) == archive
        assert refusal(kit, lambda path=path: instance.RetrieveStorage(path)) == retrieve


@pytest.mark.parametrize("damage", ["no facts", "no json", "wrong program", "wrong shape"])
def test_a_damaged_card_is_refused_and_changes_nothing(kit: Kit, tmp_path: Path, damage: str) -> None:
    file = archived(kit, tmp_path)
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    if damage == "no facts":
        del content["card.json"]
    elif damage == "no json":
        content["card.json"] = b"{"
    elif damage == "wrong program":
        content["program.xml"] = content["program.xml"].replace(b"Blink", b"Blonk", 1)
    else:
        content["card.json"] = json.dumps(json.loads(content["card.json"]) | {"ip": 5}).encode()
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    instance = kit.manager.CreateInterface("PLC_1")
    assert refusal(kit, lambda: instance.RetrieveStorage(str(broken))) == "RetrieveStorageFailure"
    instance.PowerOn(1000)
    instance.UpdateTagList()
    assert instance.ReadInt32("Data.count") == 5


def test_a_program_without_its_source_cannot_be_archived(kit: Kit, tmp_path: Path) -> None:
    instance = kit.manager.RegisterInstance()
    Simulated.behind(instance)._load(program_of(workspace()))
    assert refusal(kit, lambda: instance.ArchiveStorage(str(tmp_path / "x.zip"))) == "ArchiveStorageNotCreated"


def test_code_that_is_only_text_of_a_source_cannot_be_archived(kit: Kit, tmp_path: Path) -> None:
    made = Workspace()
    assert made.put_source(SCL) == []
    for tag in TAGS:
        made.put(Tag(*tag))
    instance = kit.manager.RegisterInstance()
    Simulated.behind(instance)._load(program_of(made), made)
    assert refusal(kit, lambda: instance.ArchiveStorage(str(tmp_path / "x.zip"))) == "ArchiveStorageNotCreated"


def test_an_empty_card_can_be_archived(kit: Kit, tmp_path: Path) -> None:
    file = str(tmp_path / "empty.zip")
    kit.manager.RegisterInstance("A").ArchiveStorage(file)
    instance = kit.manager.RegisterInstance("B")
    instance.RetrieveStorage(file)
    instance.PowerOn(1000)
    assert refusal(kit, lambda: instance.Run(1000)) == "IsEmpty"


def test_the_card_stays_in_its_folder_for_the_next_instance(kit: Kit, tmp_path: Path) -> None:
    first = kit.manager.RegisterInstance("A")
    first.StoragePath = str(tmp_path / "line")
    first.PowerOn(1000)
    Simulated.behind(first)._load(program_of(workspace()), workspace())
    first.PowerOff(1000)
    first.UnregisterInstance()
    assert (tmp_path / "line" / "SIMATIC_MC" / "card.zip").is_file()
    second = Kit().manager.RegisterInstance("B")
    second.StoragePath = str(tmp_path / "line")
    second.PowerOn(1000)
    second.Run(5000)
    assert state(second) == "Run"
    second.UnregisterInstance()


def test_files_of_the_program_and_modules_are_kept_with_the_card(kit: Kit, tmp_path: Path) -> None:
    instance = kit.frozen()
    controller = Simulated.behind(instance)._controller
    log = DataLog("DataLogs/Batch.csv", 3, 1, "Count", ["1,3/4/2025,12:00:00.000,7\r\n"], 1, source=object())
    surroundings = controller.cpu.surroundings
    surroundings.card.files["DataLogs/Batch.csv"] = b"content"
    surroundings.card.logs[4] = log
    controller.set_modules(
        {270: Module(range(256, 262), range(300, 304), name="AI_1", analog=True, station=400, slot=2)}
    )
    instance.PowerOff(1000)
    instance.ArchiveStorage(str(tmp_path / "card.zip"))
    other = Kit()
    second = other.manager.RegisterInstance("Other")
    second.RetrieveStorage(str(tmp_path / "card.zip"))
    found = Simulated.behind(second)._controller.cpu.surroundings
    assert found.card.files == {"DataLogs/Batch.csv": b"content"}
    kept = found.card.logs[4]
    assert (kept.path, kept.records, kept.rows, kept.written, kept.source) == (log.path, 3, log.rows, 1, None)
    module = found.modules.find(270)
    assert (module.inputs, module.outputs) == (range(256, 262), range(300, 304))
    assert (module.name, module.analog, found.modules.slots) == ("AI_1", True, {400: {2: 270}})
    other.runtime.shutdown()


@pytest.mark.parametrize(
    ("part", "value"), [("modules", {"270": [1, 2]}), ("modules", {"x": [0, 0, 0, 0]}), ("logs", {"1": {}})]
)
def test_a_card_with_wrong_modules_or_data_logs_is_refused(kit: Kit, tmp_path: Path, part: str, value: object) -> None:
    file = archived(kit, tmp_path)
    with zipfile.ZipFile(file) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    facts = json.loads(contents["card.json"])
    contents["card.json"] = json.dumps(facts | {part: value}).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    other = Kit()
    instance = other.manager.RegisterInstance("Other")
    assert refusal(other, lambda: instance.RetrieveStorage(str(file))) == "RetrieveStorageFailure"
    other.runtime.shutdown()


def test_start_values_that_the_program_has_written_are_kept_with_the_card(kit: Kit, tmp_path: Path) -> None:
    instance = kit.frozen()
    memory = Simulated.behind(instance)._controller.cpu.memory
    with memory.load_memory.shown(memory, "data") as keep:
        memory.write("Data.count", 77)
        keep()
    instance.PowerOff(1000)
    instance.ArchiveStorage(str(tmp_path / "card.zip"))
    other = Kit()
    second = other.manager.RegisterInstance("Other")
    second.RetrieveStorage(str(tmp_path / "card.zip"))
    second.PowerOn(1000)
    second.MemoryReset(1000)
    second.UpdateTagList()
    assert second.ReadInt32("Data.count") == 77
    other.runtime.shutdown()
