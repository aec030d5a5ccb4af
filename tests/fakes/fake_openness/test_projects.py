"""Life of a project: create, open, save, close, archive, retrieve, lock, a kill while saving, transactions."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_openness import install
from fake_openness.core.errors import EngineeringException, EngineeringObjectDisposedException, NonRecoverableException
from fake_openness.core.store import Store
from simatic_xml.model import Tag
from tests import ROOT
from tests.fakes.fake_openness.plc import Plant, code, db, fb, fc, idb, table, udt


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a project folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def snapshot(plant: Plant, *, ordered: bool = True) -> tuple[Any, ...]:
    """Everything that the program shows: names, states, contents."""

    def group(each: Any) -> object:
        below = [(found._name, group(found)) for found in each._groups._items]
        items = [describe(item) for item in each._items_here()]
        return (items, below) if ordered else (sorted(items, key=str), sorted(below, key=str))

    def describe(item: Any) -> tuple[object, ...]:
        state, file = getattr(item, "_state", None), item._file
        rows = getattr(item, "_content", None)
        return item._name, state, file, repr(rows()) if state is None and rows else plant.plc._store.get(file)

    program = plant.plc._program
    users = {name: sorted(e._name for e in found) for name, found in program._users.items() if found}
    numbers = {space: +counts for space, counts in program._numbers.items()}
    trees = {name: group(tree) for name, tree in plant.plc._trees().items()}
    return trees, sorted(program._elements), users, numbers, sorted(plant.plc._cultures())


# -- life ---------------------------------------------------------------------------------


def test_a_project_is_created_as_folder_with_its_file(plant: Plant) -> None:
    assert (plant.folder / "Line" / "Line.ap20").is_file()
    directory = plant.types["DirectoryInfo"](str(plant.folder))
    assert code(plant.portal.Projects.Create, directory, "Other") == "project.already_open"
    plant.project.Close()
    assert code(plant.portal.Projects.Create, directory, "Line") == "project.exists"
    with pytest.raises(EngineeringObjectDisposedException):
        _ = plant.project.Name


def test_what_was_not_saved_is_lost_at_close(plant: Plant) -> None:
    plant.put(fb("Saved"))
    plant.project.Save()
    plant.put(fb("Lost"))
    plant.tags.Create("Lost_too", "Bool", "%I0.0")
    assert plant.project.IsModified
    path = plant.project.Path
    plant.project.Close()
    plant.project = plant.portal.Projects.Open(path)
    assert not plant.project.IsModified
    assert [plant.blocks.Find(name) is not None for name in ("Saved", "Lost")] == [True, False]
    assert plant.tags.Count == 0


def test_a_saved_project_opens_with_everything_in_it(plant: Plant) -> None:
    plant.plc.BlockGroup.Groups.Create("G").Blocks.Import(plant.file(fb()), plant.types["ImportOptions"].None_)
    plant.put(udt())
    plant.put(db(), idb())
    plant.put(table("Inputs", Tag("A", "Bool", "%I0.0", {"en-US": "x"})))
    plant.plc.WatchAndForceTableGroup.WatchTables.Create("W").Entries.Create()
    plant.compile()
    before = snapshot(plant, ordered=False)
    assert snapshot(plant.reopened(), ordered=False) == before


def test_saving_without_a_change_changes_no_file_of_the_program(plant: Plant) -> None:
    plant.put(fb(), idb())
    plant.project.Save()
    before = contents(plant.folder / "Line" / "devices")
    plant.reopened().project.Save()
    assert contents(plant.folder / "Line" / "devices") == before


def test_a_change_of_one_block_changes_its_file_and_one_line(plant: Plant) -> None:
    plant.put(*(fb(f"FB_{n}") for n in range(20)))
    plant.project.Save()
    before = contents(plant.folder / "Line" / "devices")
    plant.put(fb("FB_7", inputs={"Other": "Int"}), override=True)
    plant.project.Save()
    after = contents(plant.folder / "Line" / "devices")
    changed = sorted(name.rpartition("/")[2] for name in after if after[name] != before.get(name))
    assert changed == ["FB_7.xml", "program.json"]
    program = next(name for name in after if name.endswith("program.json"))
    lines = set(after[program].splitlines()) ^ set(before[program].splitlines())
    assert len(lines) == 2


def test_opening_reads_no_content(plant: Plant) -> None:
    plant.put(fb(), db())
    plant.project.Save()
    path = plant.project.Path
    plant.project.Close()
    for file in plant.folder.rglob("*.xml"):
        if "blocks" in file.parts or "tags" in file.parts:
            file.write_bytes(b"damaged")
    plant.project = plant.portal.Projects.Open(path)
    assert [block.Name for block in plant.blocks] == ["Data", "Main", "Motor"]


def test_save_as_goes_on_in_the_new_folder(plant: Plant) -> None:
    plant.put(fb("A"))
    plant.project.SaveAs(plant.types["DirectoryInfo"](str(plant.folder / "Copy")))
    plant.put(fb("B"))
    plant.project.Save()
    assert plant.project.Name == "Copy"
    names = {path.stem for path in (plant.folder / "Copy").rglob("*.xml")}
    assert {"A", "B"} <= names


def test_an_archive_needs_a_saved_project_and_comes_back_whole(plant: Plant) -> None:
    plant.put(fb())
    directory, mode = plant.types["DirectoryInfo"](str(plant.folder)), plant.types["ProjectArchivationMode"].Compressed
    assert code(plant.project.Archive, directory, "Line.zap20", mode) == "project.not_saved"
    plant.project.Save()
    plant.project.Archive(directory, "Line.zap20", mode)
    before = snapshot(plant, ordered=False)
    plant.project.Close()
    target = plant.types["DirectoryInfo"](str(plant.folder / "restored"))
    plant.project = plant.portal.Projects.Retrieve(plant.types["FileInfo"](str(plant.folder / "Line.zap20")), target)
    assert snapshot(plant, ordered=False) == before


def test_a_damaged_archive_is_refused_and_leaves_nothing_behind(plant: Plant) -> None:
    plant.project.Save()
    directory, mode = plant.types["DirectoryInfo"](str(plant.folder)), plant.types["ProjectArchivationMode"].Compressed
    plant.project.Archive(directory, "Line.zap20", mode)
    plant.project.Close()
    file = plant.folder / "Line.zap20"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    target = plant.folder / "restored"
    arguments = (plant.types["FileInfo"](str(file)), plant.types["DirectoryInfo"](str(target)))
    assert code(plant.portal.Projects.Retrieve, *arguments) == "archive.damaged"
    assert not target.exists() or not list(target.rglob("*"))


def test_a_project_that_is_open_elsewhere_is_locked(plant: Plant) -> None:
    other = install("20").types["TiaPortal"]()
    plant.project.Save()
    assert code(other.Projects.Open, plant.project.Path) == "project.locked"
    path = plant.project.Path
    plant.project.Close()
    other.Projects.Open(path)
    other.Dispose()


def test_a_project_of_another_version_needs_an_upgrade(plant: Plant) -> None:
    plant.put(fb())
    plant.project.Save()
    path = plant.project.Path
    plant.project.Close()
    installation = install("21")
    newer = installation.types["TiaPortal"]()
    assert code(newer.Projects.Open, path) == "project.version"
    upgraded = newer.Projects.OpenWithUpgrade(path)
    assert (upgraded.Name, upgraded.Version) == ("Line_V21", "V21")
    plant.portal, plant.project, plant.installation = newer, upgraded, installation
    plant.types = installation.types
    plant.compile()
    document = plant.exported(plant.blocks.Find("Motor"))
    assert (document.engineering, document.objects[0].name) == ("V21", "Motor")
    newer.Dispose()


def test_every_handle_is_dead_after_the_portal_has_ended(plant: Plant) -> None:
    block = plant.put(fb())[0]
    plant.portal.Dispose()
    with pytest.raises(NonRecoverableException):
        _ = block.Name


# -- a kill while saving ------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from fake_openness.core import store
from tests.fakes.fake_openness.plc import Plant, fb
plant = Plant(Path(sys.argv[1]))
plant.put(*(fb(f"FB_{n}") for n in range(20)))
plant.project.Save()
for n in range(20):
    plant.put(fb(f"FB_{n}", inputs={"Later": "Int"}), override=True)
count, limit = 0, int(sys.argv[2])
original = Path.replace
def replace(path, target):
    global count
    count += 1
    if count > limit:
        os._exit(9)
    return original(path, target)
Path.replace = replace
plant.project.Save()
os._exit(0)
"""


@pytest.mark.parametrize("moves", [0, 1, 2, 10])
def test_a_kill_while_saving_leaves_the_old_or_the_new_state(tmp_path: Path, moves: int) -> None:
    root = ROOT
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), str(moves)]
    done = subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, timeout=60, check=False)
    assert done.returncode == 9
    types = install("20").types
    portal = types["TiaPortal"]()
    plant = Plant.__new__(Plant)
    plant.types, plant.portal, plant.folder = types, portal, tmp_path
    plant.project = portal.Projects.Open(types["FileInfo"](str(tmp_path / "Line" / "Line.ap20")))
    inputs = {block._content().section("Input").members[0].name for block in plant.blocks if block.Name != "Main"}
    assert inputs == ({"Start"} if moves == 0 else {"Later"})
    portal.Dispose()


# -- transactions -------------------------------------------------------------------------


def everything(plant: Plant) -> None:
    """One change of each sort."""
    plant.put(fb("New"), override=True)
    plant.put(fb("Motor", inputs={"Other": "Int"}), override=True)
    plant.put(udt("Point", Z="Real"), override=True)
    plant.put(table("Fresh", Tag("F1", "Bool", "%M0.0")))
    plant.blocks.Find("Data").Name = "Data_2"
    plant.blocks.Find("Scale").AutoNumber = False
    plant.blocks.Find("Scale").Number = 77
    plant.blocks.Find("Motor_DB").Delete()
    plant.udts.Find("Unused").Delete()
    group = plant.plc.BlockGroup.Groups.Find("G")
    group.Groups.Create("H").Blocks.Import(plant.file(fb("Deep")), plant.types["ImportOptions"].None_)
    group.Name = "G2"
    plant.plc.BlockGroup.Groups.Find("Doomed").Delete()
    tag = plant.tags.Find("Start")
    tag.LogicalAddress, tag.Name = "%I1.0", "Begin"
    tag.Comment.Items[0].Text = "changed"
    plant.tags.Find("Stop").Delete()
    plant.tags.Create("Third", "Int", "%MW10")
    inputs = plant.tables.Find("Inputs")
    inputs.Name = "Entries"
    inputs.Tags.Create("More", "Bool", "%I7.0")
    plant.tables.Find("Old").Delete()
    plant.tables.Find("Default tag table").UserConstants.Find("MAX").Delete()
    watch = plant.plc.WatchAndForceTableGroup.WatchTables
    watch.Find("W").Entries.Create()
    watch.Create("W2")
    plant.source("// text\n", "Second.scl")
    plant.generate('FUNCTION "Made" : Void\nBEGIN\n\t"Begin" := TRUE;\nEND_FUNCTION\n')


def prepared(plant: Plant) -> None:
    plant.put(udt("Point", X="Int"), udt("Unused"))
    plant.put(fb("Motor"), fc("Scale"), db("Data", P='"Point"'))
    plant.put(idb("Motor_DB"))
    for name, block in (("G", "In_G"), ("Doomed", "In_Doomed")):
        group = plant.plc.BlockGroup.Groups.Create(name)
        group.Blocks.Import(plant.file(fb(block)), plant.types["ImportOptions"].None_)
    plant.tags.Create("Start", "Bool", "%I0.0")
    plant.tags.Create("Stop", "Bool", "%I0.1")
    plant.tables.Find("Default tag table").UserConstants.Create("MAX", "Int", "5")
    plant.tables.Create("Inputs").Tags.Create("In", "Bool", "%I5.0")
    plant.tables.Create("Old").Tags.Create("Old_1", "Bool", "%I6.0")
    plant.plc.WatchAndForceTableGroup.WatchTables.Create("W")
    plant.generate('FUNCTION "User" : Void\nBEGIN\n\t"Start" := TRUE;\nEND_FUNCTION\n')
    plant.compile()


def test_a_rolled_back_transaction_restores_everything_exactly(plant: Plant) -> None:
    prepared(plant)
    plant.project.Save()
    before, handle = snapshot(plant), plant.blocks.Find("Motor_DB")
    access, transaction = plant.transaction()
    everything(plant)
    assert snapshot(plant) != before
    transaction.Dispose()
    access.Dispose()
    assert snapshot(plant) == before
    assert handle.Name == "Motor_DB"
    assert not plant.project.IsModified
    assert snapshot(plant.reopened())[1:] == before[1:]


def test_a_committed_transaction_keeps_everything(plant: Plant) -> None:
    prepared(plant)
    access, transaction = plant.transaction()
    everything(plant)
    after = snapshot(plant)
    transaction.CommitOnDispose()
    transaction.Dispose()
    access.Dispose()
    assert snapshot(plant) == after


def refused_import(plant: Plant) -> None:
    plant.put(fb('Bad"'))


@pytest.mark.parametrize("refused", [refused_import, lambda plant: plant.tags.Create("A", "Bool", "nowhere")])
def test_a_refusal_spoils_the_transaction_even_when_it_was_caught(
    plant: Plant, refused: Callable[[Plant], Any]
) -> None:
    access, transaction = plant.transaction()
    plant.put(fb("A"))
    code(refused, plant)
    assert code(transaction.CommitOnDispose) == "transaction.spoiled"
    transaction.Dispose()
    access.Dispose()
    assert plant.blocks.Find("A") is None


KINDS = st.sampled_from(["block", "override", "type", "delete", "rename", "tag", "untag", "group", "ungroup", "table"])
NAMES = st.sampled_from(["Motor", "Data", "Point", "Scale", "New", "Other"])


def change(plant: Plant, kind: str, name: str) -> None:
    """Try one change; what is refused changes nothing."""
    found = plant.plc._program.find(name)
    groups = plant.plc.BlockGroup.Groups
    group = groups.Find(name)
    tag = plant.tags.Find(f"Tag_{name}")
    calls: dict[str, Callable[[], Any]] = {
        "block": lambda: plant.put(fb(name)),
        "override": lambda: plant.put(db(name, P='"Point"'), override=True, tolerate=True),
        "type": lambda: plant.put(udt(name, X="Real"), override=True),
        "delete": lambda: found and found.Delete(),
        "rename": lambda: found and setattr(found, "Name", f"{name}_2"),
        "tag": lambda: plant.tags.Create(f"Tag_{name}", "Bool", "%I0.0"),
        "untag": lambda: tag and tag.Delete(),
        "group": lambda: groups.Create(name).Blocks.Import(
            plant.file(fb(f"In_{name}")), plant.types["ImportOptions"].None_
        ),
        "ungroup": lambda: group and group.Delete(),
        "table": lambda: plant.put(table(name, Tag(f"In_{name}_tag", "Bool", "%I0.0"))),
    }
    with contextlib.suppress(EngineeringException):
        calls[kind]()


@settings(max_examples=30)
@given(changes=st.lists(st.tuples(KINDS, NAMES), max_size=12))
def test_any_changes_are_rolled_back_exactly(changes: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plant = Plant(Path(folder))
        plant.put(udt("Point"))
        plant.put(fb("Motor"), db("Data", P='"Point"'), fc("Scale"))
        plant.tags.Create("Tag_Motor", "Bool", "%I0.0")
        plant.compile()
        before = snapshot(plant)
        access, transaction = plant.transaction()
        for kind, name in changes:
            change(plant, kind, name)
        transaction.Dispose()
        access.Dispose()
        assert snapshot(plant) == before
        plant.portal.Dispose()


def test_a_file_that_changes_case_only_is_kept_where_case_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.put("blocks/motor.xml", b"old")
    store.save()
    monkeypatch.setattr("os.path.normcase", str.lower)
    store.delete("blocks/motor.xml")
    store.put("blocks/Motor.xml", b"new")
    store.save()
    assert (tmp_path / "blocks" / "motor.xml").is_file()
    assert (tmp_path / "blocks" / "Motor.xml").read_bytes() == b"new"


def test_save_and_close_are_refused_in_a_transaction(plant: Plant) -> None:
    access, transaction = plant.transaction()
    assert code(plant.project.Save) == "transaction.not_allowed"
    assert code(plant.project.Close) == "transaction.not_allowed"
    transaction.Dispose()
    access.Dispose()


# -- size ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_project_of_50_000_blocks_opens_in_seconds(plant: Plant) -> None:
    blocks = [db(f"Data_{n}", 1 + n % 50000) for n in range(50_000)]
    plant.put(*blocks)
    plant.project.Save()
    path = plant.project.Path
    plant.project.Close()
    start = time.process_time()
    plant.project = plant.portal.Projects.Open(path)
    assert time.process_time() - start < 60
    assert plant.blocks.Count == 50_001
    assert plant.blocks.Find("data_49999") is not None
