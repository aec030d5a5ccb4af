"""Rules of libraries: master copies, types and versions, global libraries, updates. Each test is named after its rule."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_dotnet.errors import ArgumentOutOfRangeException
from fake_dotnet.lists import NetList
from fake_openness.core.errors import EngineeringException, EngineeringObjectDisposedException
from fake_openness.core.store import Store
from simatic_xml.model import Tag
from tests.fakes.fake_openness.library_kit import (
    copies,
    document,
    environment,
    library,
    make_global,
    make_type,
    new_version,
    numbers,
    release,
    type_of,
    types,
)
from tests.fakes.fake_openness.plc import Plant, code, db, fb, fc, idb, table, udt


def mode(plant: Plant, name: str) -> Any:
    return plant.types["MasterCopyMode"][name]


def directory(plant: Plant, name: str) -> Any:
    return plant.types["DirectoryInfo"](str(plant.folder / name))


def selection(*chosen: Any) -> Any:
    return NetList(list(chosen))


# -- master copies ------------------------------------------------------------------------


def test_a_master_copy_tells_what_it_holds(plant: Plant) -> None:
    plant.put(fb())
    copy = copies(plant).Create(plant.blocks.Find("Motor"))
    assert (copy.Name, copy.Author) == ("Motor", "engineer")
    assert [(each.ContentName, each.ContentType.FullName) for each in copy.ContentDescriptions] == [
        ("Motor", "Siemens.Engineering.SW.Blocks.FB")
    ]
    with pytest.raises(TypeError):
        copies(plant).Create(plant.plc.WatchAndForceTableGroup.WatchTables.Create("W"))


def test_a_master_copy_is_independent_of_what_it_was_made_of(plant: Plant) -> None:
    plant.put(fb(inputs={"Before": "Bool"}))
    copy = copies(plant).Create(plant.blocks.Find("Motor"))
    plant.blocks.Find("Motor").Delete()
    made = plant.blocks.CreateFrom(copy)
    assert [member.name for member in made._content().section("Input").members] == ["Before"]


def test_names_of_master_copies_are_unique_in_their_folder(plant: Plant) -> None:
    plant.put(fb())
    first, second = (copies(plant).Create(plant.blocks.Find("Motor")) for _ in range(2))
    assert (first.Name, second.Name) == ("Motor", "Motor_1")
    second.Name = "Other"
    first.Name = "MOTOR"
    with pytest.raises(Exception, match="already exists"):
        second.Name = "motor"
    folder = library(plant).MasterCopyFolder.Folders.Create("F")
    assert folder.MasterCopies.Create(plant.blocks.Find("Motor")).Name == "Motor"


@pytest.mark.parametrize("content", [udt(), table("Inputs", Tag("A", "Bool", "%I0.0"))])
def test_data_types_and_tag_tables_come_back(plant: Plant, content: Any) -> None:
    made = plant.put(content)[0]
    copy = copies(plant).Create(made)
    home = plant.tables if copy.ContentDescriptions[0].ContentType.Name == "PlcTagTable" else plant.udts
    assert code(home.CreateFrom, copy) == "library.exists"
    made.Delete()
    assert home.CreateFrom(copy).Name == content.name
    assert code(plant.blocks.CreateFrom, copy) == "library.wrong_content"


def test_a_used_name_is_refused_renamed_or_replaced(plant: Plant) -> None:
    plant.put(fb("Motor", 7, inputs={"New": "Bool"}))
    copy = copies(plant).Create(plant.blocks.Find("Motor"))
    plant.put(fb("Motor", 7, inputs={"Old": "Bool"}), override=True)
    assert code(plant.blocks.CreateFrom, copy) == "library.exists"
    renamed = plant.blocks.CreateFrom(copy, mode(plant, "Rename"))
    assert (renamed.Name, renamed.Number == 7) == ("Motor_1", False)
    replaced = plant.blocks.CreateFrom(copy, mode(plant, "Replace"))
    assert (replaced.Name, replaced.Number) == ("Motor", 7)
    assert replaced._content().section("Input").members[0].name == "New"


def test_a_folder_of_blocks_is_copied_with_the_folders_in_it(plant: Plant) -> None:
    group = plant.plc.BlockGroup.Groups.Create("Line")
    none = plant.types["ImportOptions"].None_
    group.Groups.Create("Empty")
    group.Groups.Create("Drives").Blocks.Import(plant.file(fb()), none)
    group.Blocks.Import(plant.file(idb()), none)
    copy = copies(plant).Create(group)
    assert copy.Name == "Copy of Function blocks in Line"
    groups = plant.plc.BlockGroup.Groups
    assert code(groups.CreateFrom, copy) == "library.exists"
    renamed = groups.CreateFrom(copy, mode(plant, "Rename"))
    assert (renamed.Name, [each.Name for each in renamed.Groups]) == ("Line_1", ["Drives", "Empty"])
    data = renamed.Blocks.Find("Motor_DB_1")
    assert data.InstanceOfName == "Motor_1" == renamed.Groups.Find("Drives").Blocks[0].Name
    group.Delete()
    assert groups.CreateFrom(copy).Groups.Find("Drives").Blocks.Find("Motor") is not None


def test_what_cannot_be_created_leaves_nothing(plant: Plant) -> None:
    group = plant.plc.BlockGroup.Groups.Create("Line")
    group.Blocks.Import(plant.file(fb("A"), fb("B")), plant.types["ImportOptions"].None_)
    copy = copies(plant).Create(group)
    group.Delete()
    plant.put(fb("B"))
    assert code(plant.plc.BlockGroup.Groups.CreateFrom, copy) == "library.exists"
    assert plant.plc.BlockGroup.Groups.Count == 0
    assert plant.blocks.Find("A") is None


def test_a_station_is_copied_with_its_program(plant: Plant) -> None:
    plant.put(fb(), idb())
    plant.put(table("Inputs", Tag("A", "Bool", "%I0.0")))
    copy = copies(plant).Create(plant.project.Devices.Find("Station_1"))
    made = plant.project.Devices.CreateFrom(copy)
    assert (made.Name, made._head()._name) == ("Station_1_1", "PLC_1_1")
    again = plant.reopened().project.Devices.Find("Station_1_1")
    program = again._head()._software._software
    assert [each.Name for each in program.BlockGroup.Blocks] == [each.Name for each in plant.blocks]
    assert program.TagTableGroup.TagTables.Find("Inputs").Tags.Count == 1


def test_master_copies_are_copied_between_libraries(plant: Plant) -> None:
    plant.put(fb())
    shared = make_global(plant)
    copy = shared.MasterCopyFolder.MasterCopies.CreateFrom(copies(plant).Create(plant.blocks.Find("Motor")))
    plant.blocks.Find("Motor").Delete()
    assert plant.blocks.CreateFrom(copy).Name == "Motor"


def test_the_project_library_is_saved_with_the_project(plant: Plant) -> None:
    plant.put(fb())
    folder = library(plant).MasterCopyFolder.Folders.Create("A/B%").Folders.Create("C")
    folder.MasterCopies.Create(plant.blocks.Find("Motor")).Name = "Mötor"
    library(plant).TypeFolder.Folders.Create("Empty")
    plant.reopened()
    found = library(plant).MasterCopyFolder.Folders.Find("a/b%").Folders.Find("C").MasterCopies.Find("mötor")
    plant.blocks.Find("Motor").Delete()
    assert plant.blocks.CreateFrom(found).Name == "Motor"
    assert library(plant).TypeFolder.Folders.Find("Empty") is not None
    found.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = found.Name
    plant.reopened()
    assert not list((plant.folder / "Line" / "library" / "copies").rglob("*.xml"))


def test_a_transaction_that_is_not_committed_leaves_no_trace_in_the_library(plant: Plant) -> None:
    made = make_type(plant, fb())
    copies(plant).Create(plant.blocks.Find("Motor"))
    plant.project.Save()
    access, step = plant.transaction()
    copies(plant)[0].Delete()
    library(plant).MasterCopyFolder.Folders.Create("F").MasterCopies.Create(plant.blocks.Find("Motor"))
    made.Name = "Other"
    made.Versions[0].Edit()
    step.Dispose()
    access.Dispose()
    assert [each.Name for each in copies(plant)] == ["Motor"]
    assert library(plant).MasterCopyFolder.Folders.Count == 0
    assert (made.Name, numbers(made)) == ("Motor", [("1.0.0", "Committed", True)])
    assert not plant.project.IsModified
    assert plant.project._context.store.save() == 0


# -- types and versions -------------------------------------------------------------------


def test_a_type_comes_from_a_document_and_its_source_is_the_first_instance(plant: Plant) -> None:
    plant.put(fb())
    made = type_of(plant, "Motor", number="")
    assert numbers(made) == [("0.0.1", "InWork", False)]
    info = plant.blocks.Find("Motor").GetService[plant.types["LibraryTypeInstanceInfo"]]()
    assert info.LibraryTypeVersion.TypeObject.Name == "Motor"
    release(plant, made.Versions[0], "1.2.3")
    assert numbers(made) == [("1.2.3", "Committed", True)]
    plant.put(db("Plain"))
    assert plant.blocks.Find("Plain").GetService[plant.types["LibraryTypeInstanceInfo"]]() is None


def test_there_is_no_create_of_types_and_none_from_documents_before_v20(tmp_path: Path) -> None:
    older = Plant(tmp_path, version="19")
    home = types(older)
    assert not hasattr(home, "Create")
    assert not hasattr(home, "CreateFromDocuments")
    assert "CreateOptions" not in older.types
    older.portal.Dispose()


def test_only_code_blocks_and_data_types_can_be_types(plant: Plant) -> None:
    plant.put(db("Data"))
    none = plant.types["LibraryImportOptions"].None_
    create = types(plant).CreateFromDocuments
    assert code(create, *document(plant, "Data"), plant.plc.BlockGroup, none) == "library.not_a_type"
    plant.put(fc())
    assert code(create, *document(plant, "Scale"), none) == "library.no_environment"
    assert code(create, *document(plant, "Scale"), plant.plc.TypeGroup, none) == "import.wrong_kind"


def test_what_a_type_uses_must_be_a_type(plant: Plant) -> None:
    plant.put(udt())
    plant.put(fb(static={"d": '"Motor_Data"'}))
    arguments = (*document(plant, "Motor"), environment(plant, "Motor"), plant.types["LibraryImportOptions"].None_)
    assert code(types(plant).CreateFromDocuments, *arguments) == "library.untyped_dependency"
    assert types(plant).Count == 0
    type_of(plant, "Motor_Data")
    made = type_of(plant, "Motor")
    assert [each.TypeObject.Name for each in made.Versions[0].Dependencies] == ["Motor_Data"]
    assert [each.TypeObject.Name for each in types(plant).Find("Motor_Data").Versions[0].Dependents] == ["Motor"]


def test_a_version_in_work_tells_no_dependencies_and_cannot_be_exported(plant: Plant) -> None:
    plant.put(fb())
    version = type_of(plant, "Motor", number="").Versions[0]
    for name in ("Dependencies", "Dependents"):
        assert code(lambda: getattr(version, name)) == "library.in_work"  # noqa: B023 - called at once
    file = plant.types["FileInfo"](str(plant.new_path()))
    options = plant.types["ExportOptions"].None_
    assert code(version.Export, file, options) == "library.in_work"
    release(plant, version, "1.0.0")
    version.Export(file, options)
    assert b"1.0.0" in Path(file.FullName).read_bytes()


def test_edit_makes_the_next_build_in_work_and_leaves_the_default(plant: Plant) -> None:
    made = make_type(plant, fb(), number="5.2.0")
    edited = made.Versions[0].Edit()
    assert numbers(made) == [("5.2.0", "Committed", True), ("5.2.1", "InWork", False)]
    assert code(made.Versions[0].Edit) == "library.in_work"
    assert code(edited.Edit) == "library.in_work"
    edited.Discard()
    assert numbers(made) == [("5.2.0", "Committed", True)]


def test_a_type_is_not_edited_in_a_global_library(plant: Plant) -> None:
    made = make_type(plant, fb())
    shared = make_global(plant)
    made.UpdateLibrary(shared)
    assert code(shared.TypeFolder.Types[0].Versions[0].Edit) == "library.global_edit"


def test_a_release_needs_a_higher_number_and_a_consistent_test_instance(plant: Plant) -> None:
    made = make_type(plant, fb(), number="1.1.0")
    keep = plant.types["CreateOrReleaseDependenciesMode"].DoNotAutomaticallyCreateOrReleaseDependencies
    version = new_version(plant, made)
    wanted = plant.types["Version"]
    assert code(version.Release, keep, wanted("1.2.0"), "", "") == "library.inconsistent"
    plant.compile()
    assert code(version.Release, keep, wanted("1.1.0"), "", "") == "library.number"
    assert code(version.Release, keep, wanted("2.0"), "", "") == "library.number"
    version.Release(keep, wanted("1.2.0"), "somebody", "better")
    assert numbers(made) == [("1.1.0", "Committed", False), ("1.2.0", "Committed", True)]
    assert (version.Author, version.Comment.Items[0].Text) == ("somebody", "better")
    assert code(version.Release, keep, wanted("1.3.0"), "", "") == "library.committed"
    assert code(version.Discard) == "library.committed"


def test_dependencies_are_released_first_or_with_it(plant: Plant) -> None:
    plant.put(udt())
    data = type_of(plant, "Motor_Data", number="")
    plant.put(fb(static={"d": '"Motor_Data"'}))
    made = type_of(plant, "Motor", number="")
    plant.compile()
    modes = plant.types["CreateOrReleaseDependenciesMode"]
    arguments = (plant.types["Version"]("1.0.0"), "", "")
    refused = code(made.Versions[0].Release, modes.DoNotAutomaticallyCreateOrReleaseDependencies, *arguments)
    assert refused == "library.dependency_in_work"
    made.Versions[0].Release(modes.AutomaticallyCreateOrReleaseDependencies, *arguments)
    assert numbers(data) == [("0.0.1", "Committed", True)]


def test_a_second_version_in_work_needs_override(plant: Plant) -> None:
    made = make_type(plant, fb())
    new_version(plant, made)
    kinds = plant.types
    rest = (environment(plant, "Motor"), kinds["CreateOptions"].None_, kinds["LibraryImportOptions"].None_)
    assert code(made.Versions.CreateFromDocuments, *document(plant, "Motor"), *rest) == "library.in_work"
    rest = (rest[0], kinds["CreateOptions"].Override, rest[2])
    result = made.Versions.CreateFromDocuments(*document(plant, "Motor"), *rest)
    assert result.CreatedVersion == made.Versions[1]
    plant.put(fc("Motor2"))
    other = (*document(plant, "Motor2"), plant.plc.BlockGroup, *rest[1:])
    assert code(made.Versions.CreateFromDocuments, *other) == "library.other_kind"


def test_discarding_brings_the_test_instance_back_to_the_version_before(plant: Plant) -> None:
    made = make_type(plant, fb(inputs={"Old": "Bool"}))
    plant.put(fb(inputs={"New": "Bool"}), override=True)
    version = new_version(plant, made)
    version.Discard()
    block = plant.blocks.Find("Motor")
    assert [member.name for member in block._content().section("Input").members] == ["Old"]
    assert block.GetService[plant.types["LibraryTypeInstanceInfo"]]().LibraryTypeVersion == made.Versions[0]
    plant.put(fc())
    type_of(plant, "Scale", number="").Versions[0].Discard()
    assert types(plant).Find("Scale") is None
    assert plant.blocks.Find("Scale").GetService[plant.types["LibraryTypeInstanceInfo"]]() is None


def test_one_released_version_is_the_default(plant: Plant) -> None:
    made = make_type(plant, fb())
    new_version(plant, made, "1.1.0")
    made.Versions[0].SetAsDefault()
    assert [each[2] for each in numbers(made)] == [True, False]
    pending = made.Versions[0].Edit()
    assert code(pending.SetAsDefault) == "library.in_work"


def test_what_can_be_deleted(plant: Plant) -> None:
    data = make_type(plant, udt())
    made = make_type(plant, fb(static={"d": '"Motor_Data"'}))
    assert code(data.Delete) == "library.has_dependents"
    assert code(made.Delete) == "library.has_instances"
    plant.blocks.Find("Motor").Delete()
    pending = made.Versions[0].Edit()
    assert code(made.Versions[0].Delete) == "library.in_work"
    pending.Discard()
    made.Versions[0].Delete()
    assert types(plant).Find("Motor") is None
    plant.udts.Find("Motor_Data").Delete()
    data.Delete()
    assert types(plant).Count == 0


def test_a_master_copy_with_an_instance_goes_with_its_version(plant: Plant) -> None:
    made = make_type(plant, fb())
    copy = copies(plant).Create(plant.blocks.Find("Motor"))
    assert [each.Name for each in made.Versions[0].MasterCopiesContainingInstances] == ["Motor"]
    plant.blocks.Find("Motor").Delete()
    block = plant.blocks.CreateFrom(copy)
    assert block.GetService[plant.types["LibraryTypeInstanceInfo"]]().LibraryTypeVersion == made.Versions[0]
    block.Delete()
    made.Versions[0].Delete()
    assert copies(plant).Count == 0


def test_the_next_released_version_becomes_the_default_when_it_is_deleted(plant: Plant) -> None:
    made = make_type(plant, fb())
    new_version(plant, made, "2.0.0")
    plant.blocks.Find("Motor").Delete()
    made.Versions[1].Delete()
    assert numbers(made) == [("1.0.0", "Committed", True)]


def test_only_empty_folders_of_types_are_deleted(plant: Plant) -> None:
    folder = library(plant).TypeFolder.Folders.Create("Drives")
    plant.put(fb())
    type_of(plant, "Motor", at=folder.Types)
    assert code(folder.Delete) == "library.folder_not_empty"
    empty = library(plant).TypeFolder.Folders.Create("Empty")
    empty.Delete()
    assert [each.Name for each in library(plant).TypeFolder.Folders] == ["Drives"]


def test_types_are_told_apart_by_guid_not_by_name(plant: Plant) -> None:
    made = make_type(plant, fb())
    folder = library(plant).TypeFolder.Folders.Create("Other")
    plant.put(fc("Motor_2"))
    twin = type_of(plant, "Motor_2", at=folder.Types)
    twin.Name = "Motor"
    assert library(plant).FindType(twin.Guid) == twin
    assert library(plant).FindType(made.Guid) == made
    assert library(plant).FindVersion(made.Versions[0].Guid) == made.Versions[0]
    assert made.Guid != twin.Guid


def test_a_type_whose_default_uses_an_old_version_is_inconsistent(plant: Plant) -> None:
    data = make_type(plant, udt())
    made = make_type(plant, fb(static={"d": '"Motor_Data"'}))
    assert made.Status.ToString() == "Consistent"
    plant.put(udt(Speed="Real"), override=True)
    new_version(plant, data, "1.1.0")
    assert made.Status.ToString() == "DefaultVersionInconsistent"
    assert library(plant).TypeFolder.Status.ToString() == "DefaultVersionInconsistent"
    data.Versions[0].SetAsDefault()
    assert (made.Status.ToString(), data.Status.ToString()) == ("Consistent", "NonDefaultVersionInstantiation")


def test_types_are_saved_with_the_project(plant: Plant) -> None:
    make_type(plant, udt())
    make_type(plant, fb(static={"d": '"Motor_Data"'}))
    plant.reopened()
    made = types(plant).Find("Motor")
    assert type(made).__name__ == "CodeBlockLibraryType"
    assert type(types(plant).Find("Motor_Data").Versions[0]).__name__ == "PlcTypeLibraryTypeVersion"
    version = made.Versions.Find(plant.types["Version"]("1.0.0"))
    assert [each.TypeObject.Name for each in version.Dependencies] == ["Motor_Data"]
    assert [each.LibraryTypeInstance.Name for each in version.FindInstances(plant.plc)] == ["Motor"]


# -- instances ----------------------------------------------------------------------------


def test_an_instance_comes_with_what_it_depends_on(plant: Plant) -> None:
    make_type(plant, udt())
    version = make_type(plant, fb("Motor", 5, static={"d": '"Motor_Data"'})).Versions[0]
    plant.blocks.Find("Motor").Delete()
    plant.udts.Find("Motor_Data").Delete()
    plant.put(fc("Motor"))
    assert code(plant.blocks.CreateFrom, version) == "library.name_used"
    assert plant.udts.Find("Motor_Data") is None
    plant.blocks.Find("Motor").Delete()
    group = plant.plc.BlockGroup.Groups.Create("Drives")
    assert group.Blocks.CreateFrom(version).Name == "Motor"
    assert plant.udts.Find("Motor_Data") is not None
    assert plant.compile().ErrorCount == 0
    with pytest.raises(TypeError):
        plant.udts.CreateFrom(version)


def test_an_instance_that_is_there_is_brought_to_the_version(plant: Plant) -> None:
    made = make_type(plant, fb(inputs={"Old": "Bool"}))
    plant.put(fb(inputs={"New": "Bool"}), override=True)
    new_version(plant, made, "2.0.0")
    block = plant.blocks.Find("Motor")
    block.Name = "Mine"
    group = plant.plc.BlockGroup.Groups.Create("Drives")
    paths = plant.types["UpdatePathsMode"]
    assert code(group.Blocks.CreateFrom, made.Versions[0], paths.ThrowIfPathsConflict) == "library.path_conflict"
    assert plant.blocks.CreateFrom(made.Versions[0]) == block
    assert [member.name for member in block._content().section("Input").members] == ["Old"]
    assert (group.Blocks.CreateFrom(made.Versions[0], paths.UpdatePathsInTarget), group.Blocks.Count) == (block, 1)
    assert plant.reopened().plc.BlockGroup.Groups[0].Blocks.Find("Mine") is not None


def test_a_type_of_a_global_library_comes_into_the_project_library_first(plant: Plant) -> None:
    make_type(plant, udt())
    make_type(plant, fb(static={"d": '"Motor_Data"'}))
    shared = make_global(plant)
    library(plant).UpdateLibrary(selection(library(plant).TypeFolder), shared)
    shared.Save()
    path = shared.Path
    shared.Close()
    plant.project.Close()
    plant.project = plant.portal.Projects.Create(plant.types["DirectoryInfo"](str(plant.folder)), "Other")
    plant.project.Devices.CreateWithItem("OrderNumber:6ES7 511-1AK02-0AB0/V2.9", "PLC_1", "Station_1")
    opened = plant.portal.GlobalLibraries.Open(path, plant.types["OpenMode"].ReadOnly)
    plant.blocks.CreateFrom(opened.TypeFolder.Types.Find("Motor").Versions[0])
    assert sorted(each.Name for each in types(plant)) == ["Motor", "Motor_Data"]
    assert types(plant).Find("Motor").Guid == opened.TypeFolder.Types.Find("Motor").Guid
    assert plant.udts.Find("Motor_Data") is not None


def test_an_update_brings_instances_to_the_default_version(plant: Plant) -> None:
    made = make_type(plant, fb(inputs={"Old": "Bool"}))
    plant.put(fb(inputs={"New": "Bool"}), override=True)
    new_version(plant, made, "2.0.0")
    made.Versions[0].SetAsDefault()
    check = library(plant).UpdateCheck
    report = check(plant.project, plant.types["UpdateCheckMode"].ReportOutOfDateOnly)
    assert report.Messages[0].Description == "Update check for: PLC_1"
    assert report.Messages[0].Messages[0].Description == "Update check for library element Motor 2.0.0"
    assert report.Messages[0].Messages[0].Messages[0].Description == "Out-of-date"
    delete = plant.types["DeleteUnusedVersionsMode"].AutomaticallyDelete
    library(plant).UpdateProject(selection(made), selection(plant.plc), delete)
    assert plant.blocks.Find("Motor")._content().section("Input").members[0].name == "Old"
    assert numbers(made) == [("1.0.0", "Committed", True)]
    assert check(plant.project, plant.types["UpdateCheckMode"].ReportOutOfDateOnly).Messages.Count == 0
    full = check(plant.project, plant.types["UpdateCheckMode"].ReportOutOfDateAndUpToDate)
    assert full.Messages[0].Messages[0].Messages[0].Description == "Up-to-date"


def test_an_update_of_a_library_says_which_version_is_the_default(plant: Plant) -> None:
    made = make_type(plant, fb())
    shared = make_global(plant)
    made.UpdateLibrary(shared)
    plant.put(fb(inputs={"New": "Bool"}), override=True)
    new_version(plant, made, "2.0.0")
    modes = plant.types["ForceUpdateMode"]
    library(plant).UpdateLibrary(selection(made), shared, modes.NoDefaultVersionChange)
    there = shared.TypeFolder.Types[0]
    assert numbers(there) == [("1.0.0", "Committed", True), ("2.0.0", "Committed", False)]
    library(plant).UpdateLibrary(selection(made), shared, modes.SetOnlyHigherUpdatedVersionAsDefault)
    assert numbers(there)[1] == ("2.0.0", "Committed", True)
    made.Versions[0].SetAsDefault()
    library(plant).UpdateLibrary(selection(made), shared, modes.SetOnlyHigherUpdatedVersionAsDefault)
    assert numbers(there)[1] == ("2.0.0", "Committed", True)
    library(plant).UpdateLibrary(selection(made), shared, modes.ForceSetAnyUpdatedVersionAsDefault)
    assert numbers(there)[0] == ("1.0.0", "Committed", True)


def test_an_update_of_a_library_settles_folders(plant: Plant) -> None:
    made = make_type(plant, fb())
    shared = make_global(plant)
    made.UpdateLibrary(shared)
    folder = library(plant).TypeFolder.Folders.Create("Drives")
    plant.blocks.Find("Motor").Delete()
    back = made.Guid
    made.Delete()
    plant.blocks.CreateFrom(shared.TypeFolder.Types[0].Versions[0])
    there = library(plant).FindType(back)
    assert there is not None
    folder.Delete()
    kinds = plant.types
    arguments = (kinds["ForceUpdateMode"].NoDefaultVersionChange, kinds["DeleteUnusedVersionsMode"].DoNotDelete)
    moved = shared.TypeFolder.Folders.Create("Drives")
    source = shared.TypeFolder.Types[0]
    shared.TypeFolder.Types._remove(source)
    source._parent = moved.Types
    moved.Types._add(source)
    conflicts = kinds["StructureConflictResolutionMode"]
    update = (selection(source), library(plant), *arguments)
    assert code(shared.UpdateLibrary, *update, conflicts.CancelIfStructureConflicts) == "library.structure_conflict"
    shared.UpdateLibrary(*update, conflicts.RetainStructure)
    assert types(plant).Count == 1
    shared.UpdateLibrary(*update, conflicts.UpdateStructure)
    assert library(plant).TypeFolder.Folders.Find("Drives").Types[0] == there
    assert code(library(plant).UpdateLibrary, selection(there), library(plant)) == "library.same_library"


def test_harmonizing_gives_instances_the_name_and_folder_of_their_type(plant: Plant) -> None:
    folder = library(plant).TypeFolder.Folders.Create("Drives")
    plant.put(fb())
    made = type_of(plant, "Motor", at=folder.Types)
    plant.blocks.Find("Motor").Name = "Mine"
    options = plant.types["HarmonizeProjectOptions"]
    harmonize = library(plant).HarmonizeProject
    assert code(harmonize, selection(made), selection(plant.plc), options.None_) == "library.harmonize_nothing"
    harmonize(selection(folder), selection(plant.plc), options.HarmonizeNames | options.HarmonizePaths)
    assert plant.plc.BlockGroup.Groups.Find("Drives").Blocks.Find("Motor") is not None


def test_cleaning_up_deletes_what_nothing_uses(plant: Plant) -> None:
    make_type(plant, udt())
    made = make_type(plant, fb(static={"d": '"Motor_Data"'}))
    new_version(plant, made, "2.0.0")
    modes = plant.types["CleanUpMode"]
    everything = selection(library(plant).TypeFolder)
    library(plant).CleanUpLibrary(everything, modes.PreserveDefaultVersionOfUnusedTypes)
    assert numbers(made) == [("2.0.0", "Committed", True)]
    plant.blocks.Find("Motor").Delete()
    library(plant).CleanUpLibrary(everything, modes.DeleteUnusedTypes)
    assert [each.Name for each in types(plant)] == ["Motor_Data"]
    plant.udts.Find("Motor_Data").Delete()
    library(plant).CleanUpLibrary(everything, modes.DeleteUnusedTypes)
    assert types(plant).Count == 0


def test_types_versions_and_master_copies_are_compared(plant: Plant) -> None:
    made = make_type(plant, fb(inputs={"Old": "Bool"}))
    one = copies(plant).Create(plant.blocks.Find("Motor"))
    plant.put(fb(inputs={"New": "Bool"}), override=True)
    new_version(plant, made, "2.0.0")
    two = copies(plant).Create(plant.blocks.Find("Motor"))
    for left, right in ((made.Versions[1], made.Versions[0]), (two, one)):
        rows = [(row.Description, row.DetailCompareStatus.ToString()) for row in left.CompareTo(right).Properties]
        assert any("New" in text and status == "ObjectsDifferent" for text, status in rows), rows
    same = made.CompareTo(made).Properties
    assert {row.DetailCompareStatus.ToString() for row in same} == {"ObjectsIdentical"}


# -- global libraries ---------------------------------------------------------------------


def test_a_global_library_is_a_folder_with_its_file(plant: Plant) -> None:
    shared = make_global(plant)
    assert (plant.folder / "libraries" / "Shared" / "Shared.al20").is_file()
    assert (shared.Name, shared.IsReadOnly, shared.IsModified) == ("Shared", False, False)
    create = plant.portal.GlobalLibraries.Create
    kind = plant.types["UserGlobalLibrary"]
    assert code(create[kind], directory(plant, "libraries"), "Shared") == "project.exists"
    assert code(create[kind], directory(plant, "libraries"), "a/b") == "library.name"
    assert code(lambda: create[plant.types["GlobalLibrary"]]) == "library.kind"


def test_what_was_not_saved_of_a_global_library_is_lost_at_close(plant: Plant) -> None:
    plant.put(fb())
    shared = make_global(plant)
    home = shared.MasterCopyFolder.MasterCopies
    home.Create(plant.blocks.Find("Motor")).Name = "Saved"
    shared.Save()
    home.Create(plant.blocks.Find("Motor")).Name = "Lost"
    path = shared.Path
    shared.Close()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = shared.Name
    again = plant.portal.GlobalLibraries.Open(path, plant.types["OpenMode"].ReadWrite)
    assert [each.Name for each in again.MasterCopyFolder.MasterCopies] == ["Saved"]


def test_a_read_only_library_cannot_be_changed(plant: Plant) -> None:
    made = make_type(plant, fb())
    shared = make_global(plant)
    made.UpdateLibrary(shared)
    shared.MasterCopyFolder.MasterCopies.Create(plant.blocks.Find("Motor"))
    shared.Save()
    path = shared.Path
    shared.Close()
    opened = plant.portal.GlobalLibraries.Open(path, plant.types["OpenMode"].ReadOnly)
    copy, there = opened.MasterCopyFolder.MasterCopies[0], opened.TypeFolder.Types[0]
    calls = [
        (opened.Save,),
        (opened.MasterCopyFolder.MasterCopies.Create, plant.blocks.Find("Motor")),
        (opened.MasterCopyFolder.Folders.Create, "F"),
        (opened.TypeFolder.Folders.Create, "F"),
        (copy.Delete,),
        (there.Delete,),
        (there.Versions[0].Delete,),
        (there.Versions[0].SetAsDefault,),
        (made.UpdateLibrary, opened),
        (opened.CleanUpLibrary, selection(there)),
    ]
    assert {code(*call) for call in calls} == {"library.read_only"}
    assert not opened.IsModified


def test_a_library_is_opened_for_writing_once(plant: Plant) -> None:
    shared = make_global(plant)
    path, modes = shared.Path, plant.types["OpenMode"]
    libraries = plant.portal.GlobalLibraries
    assert code(libraries.Open, path, modes.ReadOnly) == "library.open"
    other = plant.types["TiaPortal"]()
    assert code(other.GlobalLibraries.Open, path, modes.ReadWrite) == "project.locked"
    opened = other.GlobalLibraries.Open(path, modes.ReadOnly)
    assert [(each.Name, each.IsOpen, each.IsReadOnly) for each in other.GlobalLibraries.GetGlobalLibraryInfos()] == [
        ("Shared", True, True)
    ]
    opened.Close()
    shared.Close()
    other.GlobalLibraries.Open(path, modes.ReadWrite)
    other.Dispose()


def test_a_library_is_archived_only_saved_and_retrieved_elsewhere(plant: Plant) -> None:
    plant.put(fb())
    shared = make_global(plant)
    shared.MasterCopyFolder.MasterCopies.Create(plant.blocks.Find("Motor"))
    modes = plant.types["LibraryArchivationMode"]
    target = (directory(plant, "archives"), "Shared.zal20", modes.Compressed)
    assert code(shared.Archive, *target) == "library.not_saved"
    shared.Save()
    shared.Archive(*target)
    assert code(shared.Archive, *target) == "archive.exists"
    file = plant.types["FileInfo"](str(plant.folder / "archives" / "Shared.zal20"))
    libraries, write = plant.portal.GlobalLibraries, plant.types["OpenMode"].ReadWrite
    assert code(libraries.Retrieve, file, directory(plant, "libraries"), write) == "project.exists"
    again = libraries.Retrieve(file, directory(plant, "elsewhere"), write)
    assert [each.Name for each in again.MasterCopyFolder.MasterCopies] == ["Motor"]
    project = plant.types["FileInfo"](str(plant.folder / "Line" / "Line.ap20"))
    assert code(libraries.Open, project, write) == "library.not_a_library"


def test_a_library_of_an_older_version_is_upgraded_as_a_copy(tmp_path: Path) -> None:
    older = Plant(tmp_path / "a", version="19")
    older.put(fb())
    shared = make_global(older)
    shared.MasterCopyFolder.MasterCopies.Create(older.blocks.Find("Motor"))
    shared.Save()
    path = shared.Path.FullName
    shared.Close()
    older.portal.Dispose()
    newer = Plant(tmp_path / "b")
    libraries, file = newer.portal.GlobalLibraries, newer.types["FileInfo"](path)
    assert code(libraries.Open, file, newer.types["OpenMode"].ReadWrite) == "library.version"
    opened = libraries.OpenWithUpgrade(file)
    assert (opened.Name, opened.Path.Name) == ("Shared_V20", "Shared_V20.al20")
    assert newer.blocks.CreateFrom(opened.MasterCopyFolder.MasterCopies[0]).Name == "Motor"
    newer.portal.Dispose()


def test_no_library_is_opened_or_closed_in_a_transaction(plant: Plant) -> None:
    shared = make_global(plant)
    access, step = plant.transaction()
    create = plant.portal.GlobalLibraries.Create[plant.types["UserGlobalLibrary"]]
    assert code(create, directory(plant, "libraries"), "B") == "transaction.not_allowed"
    assert code(shared.Close) == "transaction.not_allowed"
    assert code(shared.SaveAs, directory(plant, "B")) == "transaction.not_allowed"
    step.Dispose()
    with access.Transaction(shared, "rolled back"):
        shared.MasterCopyFolder.Folders.Create("F")
    access.Dispose()
    assert shared.MasterCopyFolder.Folders.Count == 0


def test_members_come_with_their_version(tmp_path: Path) -> None:
    old = Plant(tmp_path, version="16", cpu="OrderNumber:6ES7 511-1AK02-0AB0/V2.8")
    assert old.project.ProjectLibrary.TypeFolder.Types.Count == 0
    assert not hasattr(old.project.ProjectLibrary.TypeFolder, "Status")
    for name in ("HarmonizeProjectOptions", "UpdatePathsMode", "DetailedCompareResult", "CreateOptions"):
        assert name not in old.types
    old.portal.Dispose()


def test_a_damaged_library_file_is_said(plant: Plant) -> None:
    shared = make_global(plant)
    shared.MasterCopyFolder.Folders.Create("F")
    shared.Save()
    path = shared.Path
    shared.Close()
    Store(Path(path.FullName).parent)
    (Path(path.FullName).parent / "library" / "library.json").write_text("{")
    read = plant.types["OpenMode"].ReadOnly
    assert code(plant.portal.GlobalLibraries.Open, path, read) == "library.unreadable"


def test_a_block_that_is_renamed_stays_an_instance_and_one_that_is_replaced_does_not(plant: Plant) -> None:
    made = make_type(plant, fb())
    plant.blocks.Find("Motor").Name = "Mine"
    assert [each.LibraryTypeInstance.Name for each in made.Versions[0].FindInstances(plant.plc)] == ["Mine"]
    plant.put(fb("Mine"), override=True)
    assert list(made.Versions[0].FindInstances(plant.plc)) == []


# -- everything together ------------------------------------------------------------------


def _state(plant: Plant) -> tuple[Any, ...]:
    """Everything that the library and the instances show."""
    records = [
        (folder._path(), item._record())
        for root in (library(plant).MasterCopyFolder, library(plant).TypeFolder)
        for folder in root._walk()
        for item in [folder, *folder._contents()._items]
        if hasattr(item, "_record")
    ]
    folders = [folder._path() for folder in library(plant).MasterCopyFolder._walk()]
    ties = sorted((each._name, each._state.library_version, each._group._path()) for each in plant.plc._program)
    return records, folders, ties


def _change(plant: Plant, step: int) -> None:
    """One change of many sorts."""
    made: Any = types(plant).Find("Motor")
    block: Any = next(iter(plant.blocks), None)
    if made is None or block is None:
        return
    changes: list[Any] = [
        lambda: copies(plant).Create(block),
        lambda: copies(plant)[0].Delete(),
        lambda: library(plant).MasterCopyFolder.Folders.Create(f"F{step}").MasterCopies.Create(block),
        lambda: library(plant).MasterCopyFolder.Folders[0].Delete(),
        lambda: made.Versions[0].Edit(block.GetService[plant.types["LibraryTypeInstanceInfo"]]()),
        lambda: [each.Discard() for each in list(made.Versions) if each.State.ToString() == "InWork"],
        lambda: made.Versions[0].SetAsDefault(),
        lambda: setattr(made, "Name", f"Type{step}") or setattr(made, "Name", "Motor"),
        lambda: plant.plc.BlockGroup.Groups.Create(f"G{step}").Blocks.CreateFrom(made.Versions[0]),
        lambda: library(plant).UpdateProject(selection(made), selection(plant.plc)),
        lambda: plant.blocks.CreateFrom(copies(plant)[0], mode(plant, "Rename")),
        lambda: block.Delete(),
        lambda: made.Delete(),
    ]
    with contextlib.suppress(EngineeringException, ArgumentOutOfRangeException):
        changes[step % len(changes)]()


@settings(max_examples=15)
@given(steps=st.lists(st.integers(0, 12), min_size=1, max_size=10))
def test_any_undone_sequence_of_changes_leaves_no_trace_in_the_library(steps: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plant = Plant(Path(folder))
        made = make_type(plant, fb())
        new_version(plant, made, "2.0.0")
        copies(plant).Create(plant.blocks.Find("Motor"))
        plant.project.Save()
        before = _state(plant)
        access, step = plant.transaction()
        for each in steps:
            _change(plant, each)
        step.Dispose()
        access.Dispose()
        assert _state(plant) == before
        assert plant.project._context.store.save() == 0
        plant.portal.Dispose()
