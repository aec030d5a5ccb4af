"""Rules of program blocks: names, numbers, import, export, groups. Each test is named after its rule."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import simatic_xml
from fake_openness.blocks.blocks import FB, OB, InstanceDB
from fake_openness.core.errors import EngineeringException, EngineeringObjectDisposedException
from simatic_xml import flgnet
from simatic_xml.model import Member, Network, Section, Subelement
from tests.fakes.fake_openness.plc import CPU_1200, Plant, code, db, fb, fc, idb, ob, refusal, udt


def test_a_new_plc_has_main_ob1(plant: Plant) -> None:
    main = plant.blocks.Find("Main")
    assert (main.Number, main.SecondaryType, main.ProgrammingLanguage.ToString()) == (1, "ProgramCycle", "LAD")
    assert isinstance(main, OB)


def test_the_kind_of_a_block_is_its_runtime_type(plant: Plant) -> None:
    motor, data = plant.put(fb(), idb())
    assert (type(motor), type(data)) == (FB, InstanceDB)
    assert data.InstanceOfName == "Motor"


# -- names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('a"b', "name.character"),
        (" a", "name.character"),
        ("a ", "name.character"),
        ("a\tb", "name.character"),
        ("", "name.empty"),
        ("x" * 126, "name.length"),
    ],
)
def test_a_block_name_that_tia_refuses(plant: Plant, name: str, expected: str) -> None:
    assert code(plant.put, fb(name)) == expected
    assert plant.blocks.Count == 1


@pytest.mark.parametrize("name", ["1 Conveyor (A/B) [x] %$", "启动", "été", "x" * 125])
def test_a_block_name_that_tia_accepts(plant: Plant, name: str) -> None:
    assert plant.put(fb(name))[0].Name == name
    assert plant.reopened().blocks.Find(name) is not None


def test_names_of_blocks_and_types_are_unique_per_plc_without_regard_to_case(plant: Plant) -> None:
    plant.put(udt("Thing"))
    assert code(plant.put, fb("THING")) == "import.exists"
    group = plant.plc.BlockGroup.Groups.Create("Group")
    plant.put(fb("Motor"))
    options, tolerated = plant.types["ImportOptions"].None_, plant.types["SWImportOptions"].None_
    assert code(group.Blocks.Import, plant.file(fb("MOTOR")), options, tolerated) == "import.exists"


def test_a_block_cannot_have_the_name_of_a_tag(plant: Plant) -> None:
    plant.tags.Create("Start", "Bool", "%I0.0")
    assert code(plant.put, fb("start")) == "name.exists"


def test_find_is_not_recursive_and_gives_none(plant: Plant) -> None:
    group = plant.plc.BlockGroup.Groups.Create("Group")
    group.Blocks.Import(plant.file(fb()), plant.types["ImportOptions"].None_)
    assert plant.blocks.Find("Motor") is None
    assert group.Blocks.Find("motor").Name == "Motor"


def test_rename_to_a_taken_name_is_refused(plant: Plant) -> None:
    plant.put(fb("A"), fb("B"))
    assert code(plant.blocks.Find("A").SetAttribute, "Name", "b") == "name.exists"


def test_references_of_consistent_users_follow_a_rename(plant: Plant) -> None:
    plant.put(udt("Point", X="Int"))
    plant.put(db("Data", P='"Point"'))
    plant.compile()
    plant.udts.Find("Point").Name = "Location"
    data = plant.blocks.Find("Data")
    assert not data.IsConsistent
    assert plant.compile().ErrorCount == 0
    assert plant.exported(data).objects[0].interface[0].members[0].data_type == '"Location"'


def test_a_rename_moves_the_file_and_survives_reopening(plant: Plant) -> None:
    plant.put(fb("A"))
    plant.blocks.Find("A").Name = "B"
    assert plant.reopened().blocks.Find("A") is None
    plant.compile()
    assert plant.exported(plant.blocks.Find("B")).objects[0].name == "B"


# -- numbers ------------------------------------------------------------------------------


def test_an_omitted_number_becomes_the_next_free_one(plant: Plant) -> None:
    made = plant.put(fb("A"), fb("B", 2), fb("C"), fc("D"), db("E"))
    assert [block.Number for block in made] == [1, 2, 3, 1, 1]


def test_numbers_count_per_kind_and_all_data_blocks_share_theirs(plant: Plant) -> None:
    made = plant.put(fb("Motor"), idb("Motor_DB"), db("Data"), fc("Scale"))
    assert [block.Number for block in made] == [1, 1, 2, 1]


def test_a_deleted_number_is_free_again(plant: Plant) -> None:
    plant.put(fb("A"), fb("B"))
    plant.blocks.Find("A").Delete()
    assert plant.put(fb("C"))[0].Number == 1


def test_a_duplicate_number_is_accepted_at_import(plant: Plant) -> None:
    assert [block.Number for block in plant.put(fc("A", 910), fc("B", 910))] == [910, 910]


def test_a_number_can_be_set_only_while_it_is_not_automatic(plant: Plant) -> None:
    block = plant.put(fb())[0]
    number = plant.types["Int32"]
    assert code(block.SetAttribute, "Number", number(7)) == "number.automatic"
    block.AutoNumber = False
    block.Number = 7
    assert block.Number == 7
    plant.compile()
    assert plant.exported(block).objects[0].number == 7


def test_a_number_that_is_taken_is_refused(plant: Plant) -> None:
    block = plant.put(fb("A", 1), fb("B", 2))[0]
    block.AutoNumber = False
    assert code(block.SetAttribute, "Number", plant.types["Int32"](2)) == "number.taken"


@pytest.mark.parametrize("number", [-1, 65536])
def test_a_number_out_of_range_is_refused(plant: Plant, number: int) -> None:
    assert code(plant.put, fb("A", number)) == "number.range"


@pytest.mark.parametrize(
    ("number", "event"),
    [
        (1, "ProgramCycle"),
        (123, "ProgramCycle"),
        (100, "Startup"),
        (30, "CyclicInterrupt"),
        (38, "CyclicInterrupt"),
        (40, "HardwareInterrupt"),
        (80, "TimeErrorInterrupt"),
        (82, "DiagnosticErrorInterrupt"),
        (121, "ProgrammingError"),
        (122, "IOAccessError"),
        (32767, "TimeOfDay"),
    ],
)
def test_an_ob_number_that_fits_its_event_class(plant: Plant, number: int, event: str) -> None:
    if number == 1:
        plant.blocks.Find("Main").Delete()
    assert plant.put(ob("Event", number, event))[0].Number == number


@pytest.mark.parametrize(
    ("number", "event"),
    [(2, "ProgramCycle"), (1, "Startup"), (39, "CyclicInterrupt"), (123, "TimeErrorInterrupt"), (81, "ProgramCycle")],
)
def test_an_ob_number_that_does_not_fit_its_event_class(plant: Plant, number: int, event: str) -> None:
    assert code(plant.put, ob("Event", number, event)) == "ob.number"


def test_event_classes_of_the_classic_cpus_are_refused_on_others(plant: Plant) -> None:
    assert code(plant.put, ob("Fault", 85, "AccessError")) == "ob.event"


def test_an_omitted_ob_number_follows_the_event_class(plant: Plant) -> None:
    made = plant.put(
        ob("Cycle2", None, "ProgramCycle"), ob("Start", None, "Startup"), ob("Cyc", None, "CyclicInterrupt")
    )
    assert [block.Number for block in made] == [123, 100, 30]


def test_the_number_of_an_error_ob_is_fixed(plant: Plant) -> None:
    block = plant.put(ob("Time error", 80, "TimeErrorInterrupt"))[0]
    assert code(block.SetAttribute, "AutoNumber", False) == "number.fixed"


# -- import -------------------------------------------------------------------------------


def test_a_file_that_is_no_xml_is_refused_with_its_place(plant: Plant) -> None:
    found = refusal(plant.blocks.Import, plant.file(text="not xml"), plant.types["ImportOptions"].None_)
    assert (found.FakeCode, found.FakePlace["line"]) == ("import.not_simaticml", 1)


def test_xml_that_is_no_simaticml_is_refused(plant: Plant) -> None:
    assert code(plant.blocks.Import, plant.file(text="<a><b/></a>"), plant.types["ImportOptions"].None_).startswith(
        "import."
    )


DAMAGED = simatic_xml.dump(
    simatic_xml.Document("V20", [fb(static={"Count": "Int", "Data": 'Array[0..3] of "Point"'})])
).decode()


@settings(max_examples=60)
@given(
    start=st.integers(0, len(DAMAGED)), length=st.integers(0, 30), put=st.sampled_from(["", "x", "<", '"', "\0", "-1"])
)
def test_a_damaged_file_is_refused_or_imported_and_nothing_else(start: int, length: int, put: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plant = Plant(Path(folder))
        path = plant.new_path()
        path.write_text(DAMAGED[:start] + put + DAMAGED[start + length :], encoding="utf-8")
        tolerated = plant.types["SWImportOptions"].IgnoreMissingReferencedObjects
        with contextlib.suppress(EngineeringException):
            plant.blocks.Import(plant.types["FileInfo"](str(path)), plant.types["ImportOptions"].None_, tolerated)
            plant.compile()
        plant.portal.Dispose()


def test_a_missing_file_and_a_relative_path_are_refused(plant: Plant) -> None:
    info, options = plant.types["FileInfo"], plant.types["ImportOptions"].None_
    assert code(plant.blocks.Import, info(str(plant.folder / "none.xml")), options) == "import.not_found"
    with pytest.raises(plant.types["ArgumentException"]):
        plant.blocks.Import(info("relative.xml"), options)
    with pytest.raises(TypeError):
        plant.blocks.Import(str(plant.folder), options)


def test_a_file_of_a_newer_version_is_refused(plant: Plant) -> None:
    options = plant.types["ImportOptions"].None_
    assert code(plant.blocks.Import, plant.file(fb(), version="V21"), options) == "import.version"
    assert plant.blocks.Import(plant.file(fb(), version="V18"), options).Count == 1


def test_what_comes_from_an_older_version_is_written_as_this_one_writes_it(plant: Plant) -> None:
    block = fc()
    block.networks[0].source = flgnet.from_json({"rungs": [[{"contact": "TRUE"}, {"coil": "%M0.0"}]]}, version=4)
    plant.blocks.Import(plant.file(block, version="V17"), plant.types["ImportOptions"].None_)
    plant.compile()
    document = plant.exported(plant.blocks.Find("Scale"))
    assert (document.engineering, etree.QName(document.objects[0].networks[0].source).namespace[-2:]) == ("V20", "v5")


def test_what_this_version_cannot_hold_is_refused(tmp_path: Path) -> None:
    plant = Plant(tmp_path, "15.1", "OrderNumber:6ES7 511-1AK02-0AB0/V2.6")
    block = db("Data", A="Array[0..1] of Int")
    block.interface[0].members[0].subelements = [Subelement("0", "5")]
    file = plant.new_path()
    text = simatic_xml.dump(simatic_xml.Document("V16", [block])).replace(b'version="V16"', b'version="V15"')
    file.write_bytes(text)
    found = refusal(plant.blocks.Import, plant.types["FileInfo"](str(file)), plant.types["ImportOptions"].None_)
    assert found.FakeCode == "import.not_simaticml"
    assert plant.blocks.Count == 1


def test_an_object_of_another_kind_is_refused(plant: Plant) -> None:
    options = plant.types["ImportOptions"].None_
    assert code(plant.blocks.Import, plant.file(udt()), options) == "import.wrong_kind"
    assert code(plant.udts.Import, plant.file(fb()), options) == "import.wrong_kind"
    assert code(plant.tables.Import, plant.file(fb()), options) == "import.wrong_kind"


def test_an_import_with_none_does_not_replace(plant: Plant) -> None:
    plant.put(fb())
    assert code(plant.put, fb()) == "import.exists"


def test_an_import_with_override_replaces_and_the_old_handle_is_dead(plant: Plant) -> None:
    old = plant.put(fb(inputs={"A": "Bool"}))[0]
    new = plant.put(fb(inputs={"B": "Bool"}), override=True)[0]
    with pytest.raises(EngineeringObjectDisposedException):
        _ = old.Name
    plant.compile()
    assert plant.exported(new).objects[0].section("Input").members[0].name == "B"
    assert plant.blocks.Count == 2


def test_an_import_replaces_only_in_the_same_group(plant: Plant) -> None:
    plant.put(fb())
    group = plant.plc.BlockGroup.Groups.Create("Group")
    assert code(group.Blocks.Import, plant.file(fb()), plant.types["ImportOptions"].Override) == "import.other_group"
    assert plant.blocks.Find("Motor") is not None


def test_a_file_with_several_roots_is_taken_whole_or_not_at_all(plant: Plant) -> None:
    assert code(plant.put, fb("A"), fb('B"'), fb("C")) == "name.character"
    assert plant.blocks.Count == 1
    assert code(plant.put, fb("A"), fb("a")) == "import.twice"


def test_a_text_in_a_language_that_is_not_active_is_refused_skipped_or_activated(plant: Plant) -> None:
    block = fb()
    block.title = {"en-US": "Motor", "fr-FR": "Moteur"}
    options = plant.types["ImportOptions"]
    assert code(plant.blocks.Import, plant.file(block), options.None_) == "import.culture"
    both = options.SkipInactiveCultures | options.ActivateInactiveCultures
    assert code(plant.blocks.Import, plant.file(block), both) == "import.culture_options"
    plant.blocks.Import(plant.file(block), options.SkipInactiveCultures)
    plant.compile()
    assert plant.exported(plant.blocks.Find("Motor")).objects[0].title == {"en-US": "Motor"}
    plant.blocks.Import(plant.file(block), options.Override | options.ActivateInactiveCultures)
    assert sorted(plant.plc._cultures()) == ["en-US", "fr-FR"]


def test_a_missing_data_type_needs_ignore_missing_referenced_objects(plant: Plant) -> None:
    assert code(plant.put, db("Data", P='"Point"')) == "import.missing_reference"
    assert code(plant.put, db("Data", P='Array[0..3] of "Point"')) == "import.missing_reference"
    assert code(plant.put, idb("X_DB", "Nowhere")) == "import.missing_reference"
    assert code(plant.put, fb(static={"M": '"Nowhere"'})) == "import.missing_reference"
    made = plant.put(db("Data", P='"Point"'), tolerate=True)[0]
    assert plant.compile(made).ErrorCount == 1
    assert not made.IsConsistent


def test_objects_of_one_file_can_refer_to_each_other(plant: Plant) -> None:
    assert len(plant.put(idb("Motor_DB"), fb("Motor"))) == 2


def test_an_unknown_elementary_type_is_refused(plant: Plant) -> None:
    assert (
        code(
            plant.put,
            db("Data", Value="Boolean"),
        )
        == "type.unknown"
    )


@pytest.mark.parametrize(
    ("data_type", "expected"),
    [
        ("Variant", "type.variant"),
        ("Array[0..1] of Array[0..1] of Int", "type.array_of_array"),
        ("Array[0..1,0..1,0..1,0..1,0..1,0..1,0..1] of Int", "type.dimensions"),
        ("Array[5..1] of Int", "type.limits"),
        ("String[255]", "type.length"),
        ("WString[16383]", "type.length"),
        ("String[0]", "type.length"),
    ],
)
def test_a_data_type_that_is_not_permitted_in_a_data_block(plant: Plant, data_type: str, expected: str) -> None:
    assert code(plant.put, db("Data", Value=data_type)) == expected
    assert code(plant.put, udt("Type", Value=data_type)) == expected


def test_variant_is_a_parameter_type(plant: Plant) -> None:
    assert plant.put(fb(inputs={"Any_data": "Variant"}))[0].Name == "Motor"
    assert code(plant.put, fb("Other", static={"V": "Variant"})) == "type.variant"


def test_a_function_has_no_static_section(plant: Plant) -> None:
    block = fc()
    block.interface.append(Section("Static", [Member("S", "Int")]))
    assert code(plant.put, block) == "section.kind"


def test_a_classic_cpu_has_no_optimized_blocks_but_events_of_its_own(tmp_path: Path) -> None:
    plant = Plant(tmp_path, cpu="OrderNumber:6ES7 315-2EH14-0AB0/V3.2")
    block = fb()
    block.memory_layout = "Optimized"
    assert code(plant.put, block) == "block.optimized"
    assert plant.put(fb())[0].MemoryLayout.ToString() == "Standard"
    assert plant.put(ob("Fault", 85, "AccessError"))[0].Number == 85


def test_missing_tags_never_block_an_import(plant: Plant) -> None:
    block = plant.generate('FUNCTION "F" : Void\nBEGIN\n"Nowhere" := TRUE;\nEND_FUNCTION\n')[0]
    assert block.Name == "F"


@pytest.mark.parametrize("language", ["STL", "GRAPH"])
def test_an_s7_1200_has_no_stl_and_no_graph(tmp_path: Path, language: str) -> None:
    plant = Plant(tmp_path, cpu=CPU_1200)
    assert code(plant.put, fc(language=language)) == "block.language"
    lad_with_stl = fc()
    lad_with_stl.networks.append(Network(language))
    assert code(plant.put, lad_with_stl) == "block.language"


@pytest.mark.parametrize("kind", ["FC", "OB"])
def test_graph_is_for_function_blocks(plant: Plant, kind: str) -> None:
    block = fc(language="GRAPH")
    block.kind, block.networks = kind, []
    assert code(plant.put, block) == "block.language"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'<NameCon UId="22"', b'<NameCon UId="99"', "import.unknown-part"),
        (b'Name="in"', b'Name="inn"', "import.unknown-pin"),
    ],
)
def test_wiring_errors_are_refused_at_import(plant: Plant, old: bytes, new: bytes, expected: str) -> None:
    block = fc()
    block.networks[0].source = flgnet.from_json({"rungs": [[{"contact": '"A"'}, {"coil": '"A"'}]]})
    data = simatic_xml.dump(simatic_xml.Document("V20", [block]))
    part = re.search(rb'<Part Name="Contact" UId="(\d+)"', data)
    assert part is not None
    old = old.replace(b"22", part[1])
    assert old in data
    path = plant.new_path()
    path.write_bytes(data.replace(old, new))
    found = code(plant.blocks.Import, plant.types["FileInfo"](str(path)), plant.types["ImportOptions"].None_)
    assert found == expected


def test_a_retain_reserve_needs_its_switch(plant: Plant) -> None:
    block = fb()
    block.attributes = {"RetainMemoryReserve": "10"}
    assert code(plant.put, block) == "block.retain_reserve"


def test_temporary_members_have_no_remanence(plant: Plant) -> None:
    block = fb()
    block.section("Temp").members = [Member("T", "Int", remanence="Retain")]
    assert code(plant.put, block) == "member.remanence"


def test_an_omitted_memory_layout_becomes_optimized(plant: Plant) -> None:
    assert plant.put(fb())[0].MemoryLayout.ToString() == "Optimized"


def test_an_instance_db_without_interface_gets_that_of_its_fb(plant: Plant) -> None:
    plant.put(fb(static={"Count": "Int"}))
    made = plant.put(idb())[0]
    plant.compile()
    content = plant.exported(made).objects[0]
    assert [(s.name, [m.name for m in s.members]) for s in content.interface] == [
        ("Input", ["Start"]),
        ("Output", ["Running"]),
        ("InOut", []),
        ("Static", ["Count"]),
    ]


def test_an_instance_db_can_be_one_of_a_data_type_or_of_a_system_type(plant: Plant) -> None:
    plant.put(udt("Point", X="Int"))
    made = plant.put(idb("Point_DB", "Point"), idb("Timer_DB", "IEC_TIMER"))[0]
    plant.generate('FUNCTION "F" : Void\nBEGIN\n\t"Point_DB".X := 1;\n\t"Timer_DB".PT := T#1s;\nEND_FUNCTION\n')
    assert plant.compile().ErrorCount == 0
    assert plant.exported(made).objects[0].instance_of_type == "UDT"


# -- create -------------------------------------------------------------------------------


def test_an_fb_and_its_instance_db_can_be_created(plant: Plant) -> None:
    language = plant.types["ProgrammingLanguage"]
    made = plant.blocks.CreateFB("Pump", False, 20, language.SCL)
    assert (made.Number, made.AutoNumber, made.ProgrammingLanguage) == (20, False, language.SCL)
    data = plant.blocks.CreateInstanceDB("Pump_DB", True, 0, "Pump")
    assert (data.Number, data.InstanceOfName) == (1, "Pump")
    assert code(plant.blocks.CreateInstanceDB, "X", True, 0, "Nowhere") == "block.no_such_fb"
    assert code(plant.blocks.CreateFB, "Pump", True, 0, language.LAD) == "name.exists"
    assert plant.compile().ErrorCount == 0


def test_the_real_composition_has_no_other_create(plant: Plant) -> None:
    assert not hasattr(plant.blocks, "Create")
    assert not hasattr(plant.blocks, "CreateFC")


# -- export -------------------------------------------------------------------------------


def test_an_inconsistent_block_cannot_be_exported(plant: Plant) -> None:
    block = plant.put(fb())[0]
    info = plant.types["FileInfo"](str(plant.new_path()))
    assert code(block.Export, info, plant.types["ExportOptions"].None_) == "export.inconsistent"


def test_an_export_does_not_overwrite_a_file(plant: Plant) -> None:
    plant.compile()
    path = plant.new_path()
    path.write_text("mine", encoding="utf-8")
    block, options = plant.blocks.Find("Main"), plant.types["ExportOptions"].None_
    assert code(block.Export, plant.types["FileInfo"](str(path)), options) == "export.file_exists"
    assert path.read_text(encoding="utf-8") == "mine"


def test_export_options_leave_out_write_out_and_mark_read_only(plant: Plant) -> None:
    block = plant.put(fb())[0]
    plant.compile()
    bare = plant.exported(block, 0).objects[0]
    full = plant.exported(block, 1).objects[0]
    marked = plant.exported(block, 2).objects[0]
    assert (bare.auto_number, "HeaderVersion" in bare.attributes, bare.read_only) == (None, False, {})
    assert (full.auto_number, full.attributes["HeaderVersion"]) == (True, "0.1")
    assert full.section("Input").members[0].attributes[0].name == "ExternalAccessible"
    assert marked.read_only["IsConsistent"] == "true"


def test_an_export_can_be_imported_again_and_is_the_same_then(plant: Plant) -> None:
    original = fb(static={"Count": "Int"})
    original.title = {"en-US": "Motor"}
    plant.put(original)
    plant.compile()
    first = plant.exported(plant.blocks.Find("Motor"), 0)
    first.header = []
    plant.blocks.Import(plant.file(*first.objects), plant.types["ImportOptions"].Override)
    plant.compile()
    second = plant.exported(plant.blocks.Find("Motor"), 0)
    second.header = []
    assert simatic_xml.dump(first) == simatic_xml.dump(second)


def test_the_head_of_an_export_says_what_document_info_options_ask_for(plant: Plant) -> None:
    plant.compile()
    options, path = plant.types["DocumentInfoOptions"], plant.new_path()
    arguments = (plant.types["FileInfo"](str(path)), plant.types["ExportOptions"].WithDefaults)
    plant.blocks.Find("Main").Export(*arguments, options.None_)
    assert simatic_xml.load(path.read_bytes()).header == []
    setting = plant.exported(plant.blocks.Find("Main"), 3).header[0].findtext("ExportSetting")
    assert setting == "WithDefaults, WithReadOnly"


# -- delete, groups -----------------------------------------------------------------------


def test_a_deleted_block_is_dead_and_its_file_is_gone_after_saving(plant: Plant) -> None:
    block = plant.put(fb())[0]
    plant.project.Save()
    assert list(plant.folder.rglob("Motor.xml"))
    block.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = block.Name
    plant.project.Save()
    assert not list(plant.folder.rglob("Motor.xml"))


def test_deleting_an_fb_leaves_its_instance_dbs_inconsistent(plant: Plant) -> None:
    plant.put(fb(), idb())
    plant.compile()
    plant.blocks.Find("Motor").Delete()
    data = plant.blocks.Find("Motor_DB")
    assert not data.IsConsistent


def test_group_names_have_any_characters_and_1_to_128_of_them(plant: Plant) -> None:
    groups = plant.plc.BlockGroup.Groups
    assert groups.Create('a/b"*').Name == 'a/b"*'
    assert code(groups.Create, "") == "name.length"
    assert code(groups.Create, "x" * 129) == "name.length"
    assert code(groups.Create, 'A/B"*') == "name.exists"


def test_groups_nest_and_survive_reopening_even_when_empty(plant: Plant) -> None:
    inner = plant.plc.BlockGroup.Groups.Create("Line/1").Groups.Create("Drives.xml")
    inner.Blocks.Import(plant.file(fb("Drives")), plant.types["ImportOptions"].None_)
    plant.plc.BlockGroup.Groups.Create("Empty")
    plant.put(fb("Drives.xml"), fb("Drives2"))
    groups = plant.reopened().plc.BlockGroup.Groups
    assert groups.Find("Empty") is not None
    assert groups.Find("line/1").Groups.Find("Drives.xml").Blocks.Find("Drives") is not None


def test_deleting_a_group_deletes_everything_in_it(plant: Plant) -> None:
    outer = plant.plc.BlockGroup.Groups.Create("Outer")
    inner = outer.Groups.Create("Inner")
    block = inner.Blocks.Import(plant.file(fb()), plant.types["ImportOptions"].None_)[0]
    outer.Delete()
    for dead in (outer, inner, block):
        with pytest.raises(EngineeringObjectDisposedException):
            _ = dead.Name
    assert plant.put(fb())[0].Name == "Motor"


def test_a_group_can_be_renamed_from_v20_on(plant: Plant, tmp_path: Path) -> None:
    group = plant.plc.BlockGroup.Groups.Create("Old")
    group.Blocks.Import(plant.file(fb()), plant.types["ImportOptions"].None_)
    group.Name = "New"
    plant.reopened()
    assert [path.name for path in plant.folder.rglob("Motor.xml")] == ["Motor.xml"]
    assert plant.plc.BlockGroup.Groups.Find("New").Blocks.Find("Motor") is not None
    older = Plant(tmp_path / "v19", "19").plc.BlockGroup.Groups.Create("Old")
    with pytest.raises(AttributeError):
        older.Name = "New"


# -- versions -----------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "mode"), [("19", 1), ("20", 3), ("21", 3)])
def test_the_memory_layout_can_be_set_from_v20_on(tmp_path: Path, version: str, mode: int) -> None:
    plant = Plant(tmp_path, version)
    infos = {info.Name: int(info.AccessMode) for info in plant.put(fb())[0].GetAttributeInfos()}
    assert infos["MemoryLayout"] == mode


def test_the_header_can_be_set_from_v21_on(tmp_path: Path, plant: Plant) -> None:
    refused = code(plant.blocks.Find("Main").SetAttribute, "HeaderAuthor", "me")
    assert refused == "attribute.read_only"
    newer = Plant(tmp_path / "v21", "21")
    newer.blocks.Find("Main").HeaderAuthor = "me"
    newer.compile()
    assert newer.exported(newer.blocks.Find("Main"), 0).objects[0].attributes["HeaderAuthor"] == "me"


def test_title_and_comment_are_members_from_v21_on(tmp_path: Path, plant: Plant) -> None:
    assert not hasattr(plant.blocks.Find("Main"), "Title")
    newer = Plant(tmp_path / "v21", "21")
    newer.blocks.Find("Main").Title.Items[0].Text = "cycle"
    assert newer.reopened().blocks.Find("Main").Title.Items[0].Text == "cycle"


def test_setting_auto_number_resolves_a_conflict(plant: Plant) -> None:
    block = plant.put(fc("A", 910), fc("B", 910))[1]
    block.AutoNumber = False
    block.AutoNumber = True
    assert block.Number == 1


def test_import_export_compile_and_delete_need_the_plc_offline(plant: Plant) -> None:
    plant.compile()
    main, options = plant.blocks.Find("Main"), plant.types["ExportOptions"].None_
    plant.project._context.online.add("Station_1")
    assert code(plant.put, fb()) == "device.online"
    assert code(main.Export, plant.types["FileInfo"](str(plant.new_path())), options) == "device.online"
    assert code(main.Delete) == "device.online"
    assert code(plant.compile) == "device.online"


def test_a_section_of_another_kind_survives(plant: Plant) -> None:
    block = fb()
    block.interface.append(Section("Base", base_type="X", base_version="1.0"))
    plant.put(block)
    plant.compile()
    assert plant.exported(plant.blocks.Find("Motor")).objects[0].interface[-1].name == "Base"
