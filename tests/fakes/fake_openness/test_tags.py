"""Rules of PLC tags, constants and tag tables. Each test is named after its rule."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simatic_xml
from fake_openness.core.errors import EngineeringObjectDisposedException, EngineeringTargetInvocationException
from fake_openness.program import addresses
from fake_openness.tags.tag_tables import PlcTagTable
from simatic_xml.model import Tag, UserConstant
from simatic_xml.program.cpu.limits import limits_of
from tests.fakes.fake_openness.plc import CPU_1200, CPU_1500, Plant, code, db, fb, table

# -- tables -------------------------------------------------------------------------------


def test_the_default_tag_table_can_neither_be_deleted_nor_renamed(plant: Plant) -> None:
    default = plant.tables.Find("Default tag table")
    assert default.IsDefault
    assert code(default.Delete) == "tag_table.default"
    assert code(default.SetAttribute, "Name", "Mine") == "tag_table.default"


def test_a_table_can_be_created_renamed_and_deleted(plant: Plant) -> None:
    made = plant.tables.Create("Inputs")
    assert code(plant.tables.Create, "INPUTS") == "name.exists"
    made.Name = "Outputs"
    assert plant.reopened().tables.Find("Outputs") is not None
    made = plant.tables.Find("Outputs")
    made.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = made.Tags


def test_names_of_tags_and_tables_can_be_set_from_v20_on(tmp_path: Path) -> None:
    plant = Plant(tmp_path, "19")
    tag = plant.tags.Create("A", "Bool", "%I0.0")
    assert {i.Name: int(i.AccessMode) for i in tag.GetAttributeInfos()}["Name"] == 1
    assert code(tag.SetAttribute, "Name", "B") == "attribute.read_only"
    assert code(plant.tables.Create("T").SetAttribute, "Name", "U") == "attribute.read_only"


def test_tables_in_groups_survive_reopening_with_their_rows(plant: Plant) -> None:
    made = plant.plc.TagTableGroup.Groups.Create("Area 1").TagTables.Create("Inputs")
    made.Tags.Create("Start", "Bool", "%I0.0")
    made.UserConstants.Create("Limit", "Int", "42")
    again = plant.reopened().plc.TagTableGroup.Groups.Find("Area 1").TagTables.Find("Inputs")
    assert again.Tags.Find("start").LogicalAddress == "%I0.0"
    assert again.UserConstants.Find("LIMIT").Value == "42"


# -- tags ---------------------------------------------------------------------------------


def test_a_tag_has_two_overloads_of_create(plant: Plant) -> None:
    assert plant.tags.Create("A").DataTypeName == "Bool"
    assert plant.tags.Create("B", "Int", "%MW2").LogicalAddress == "%MW2"
    with pytest.raises(TypeError):
        plant.tags.Create("C", "Int")
    with pytest.raises(TypeError):
        plant.tags.Create(7)


@pytest.mark.parametrize(
    ("typed", "data_type", "written"),
    [
        ("i0.0", "Bool", "%I0.0"),
        ("%Q1.7", "Bool", "%Q1.7"),
        ("E0.0", "Bool", "%I0.0"),
        ("a4.2", "Bool", "%Q4.2"),
        ("MB5", "Byte", "%MB5"),
        ("IW64", "Int", "%IW64"),
        ("md10", "Real", "%MD10"),
        ("M20.0", "LReal", "%M20.0"),
        ("T5", "Timer", "%T5"),
        ("Z3", "Counter", "%C3"),
        ("", "Int", ""),
        ("IW1000", "HW_HSC", "%IW1000"),
        ("MD4", "Event_Att", "%MD4"),
    ],
)
def test_an_address_is_normalised(plant: Plant, typed: str, data_type: str, written: str) -> None:
    assert plant.tags.Create("A", data_type, typed).LogicalAddress == written


@pytest.mark.parametrize(
    ("typed", "data_type", "expected"),
    [
        ("X0.0", "Bool", "address.form"),
        ("I0", "Bool", "address.form"),
        ("I0.8", "Bool", "address.form"),
        ("IW0.1", "Int", "address.form"),
        ("I0.0:P", "Bool", "address.form"),
        ("%MW0", "Bool", "address.width"),
        ("%M0.0", "Int", "address.width"),
        ("%MD0", "Int", "address.width"),
        ("%T1", "Bool", "address.width"),
        ("%MW40000", "Int", "address.range"),
        ("%DB1.DBX0.0", "Bool", "address.form"),
    ],
)
def test_an_address_of_a_wrong_form_or_width_is_refused(
    plant: Plant, typed: str, data_type: str, expected: str
) -> None:
    assert code(plant.tags.Create, "A", data_type, typed) == expected
    assert plant.tags.Count == 0


@pytest.mark.parametrize(
    ("cpu", "last", "first_missing"),
    [
        (CPU_1500, "%MW16382", "%MW16383"),
        (CPU_1500, "%ID32764", "%ID32765"),
        (CPU_1200, "%MD8188", "%MD8189"),
        (CPU_1200, "%QB1023", "%QB1024"),
    ],
)
def test_an_address_that_the_cpu_does_not_have_is_refused(
    tmp_path: Path, cpu: str, last: str, first_missing: str
) -> None:
    plant = Plant(tmp_path, cpu=cpu)
    data_type = {"W": "Int", "D": "DInt", "B": "Byte"}[last[2]]
    plant.tags.Create("Last", data_type, last)
    assert code(plant.tags.Create, "Beyond", data_type, first_missing) == "address.range"


def test_an_s7_1200_has_no_timer_addresses(tmp_path: Path) -> None:
    assert code(Plant(tmp_path, cpu=CPU_1200).tags.Create, "A", "Timer", "%T1") == "address.range"


@given(
    st.sampled_from("IQM"),
    st.integers(0, 16380),
    st.integers(0, 7),
    st.sampled_from([("Bool", ""), ("Byte", "B"), ("Int", "W"), ("Real", "D"), ("LReal", "")]),
)
def test_a_written_address_stays_as_it_is(area: str, byte: int, bit: int, kind: tuple[str, str]) -> None:
    data_type, width = kind
    written = f"%{area}{width}{byte}" + ("" if width else f".{bit}")
    assert addresses.normalise(written, data_type, limits_of("S7-1500")) == written
    assert addresses.normalise(written.lower().removeprefix("%"), data_type, limits_of("S7-1500")) == written


@given(st.text(max_size=12), st.sampled_from(["Bool", "Int", "Timer", "Real"]))
def test_any_text_is_an_address_or_refused(text: str, data_type: str) -> None:
    try:
        found = addresses.normalise(text, data_type, limits_of("S7-1500"))
    except EngineeringTargetInvocationException:
        return
    assert addresses.normalise(found, data_type, limits_of("S7-1500")) == found


def test_an_unknown_data_type_is_refused(plant: Plant) -> None:
    assert code(plant.tags.Create, "A", "Boolean", "%I0.0") == "tag.data_type"
    assert code(plant.tags.Create, "A", '"Nowhere"', "%I0.0") == "tag.data_type"


def test_tag_names_are_unique_over_all_tables_with_constants_and_blocks(plant: Plant) -> None:
    plant.tags.Create("Start", "Bool", "%I0.0")
    other = plant.tables.Create("Other")
    assert code(other.Tags.Create, "START", "Bool", "%I0.1") == "name.exists"
    assert code(other.UserConstants.Create, "start", "Int", "1") == "name.exists"
    assert code(other.Tags.Create, "Main", "Bool", "%I0.1") == "name.exists"
    other.UserConstants.Create("Limit", "Int", "1")
    assert code(plant.tags.Create, "limit", "Bool", "%I0.1") == "name.exists"


@pytest.mark.parametrize(
    ("name", "expected"), [('a"b', "name.character"), ("", "name.empty"), ("x" * 129, "name.length")]
)
def test_a_tag_name_that_tia_refuses(plant: Plant, name: str, expected: str) -> None:
    assert code(plant.tags.Create, name, "Bool", "%I0.0") == expected


def test_two_tags_may_have_one_address(plant: Plant) -> None:
    plant.tags.Create("A", "Bool", "%I0.0")
    assert plant.tags.Create("B", "Bool", "%I0.0").LogicalAddress == "%I0.0"


def test_attributes_of_a_tag_can_be_set(plant: Plant) -> None:
    tag = plant.tags.Create("A", "Bool", "%I0.0")
    tag.Name, tag.ExternalVisible, tag.DataTypeName = "B", False, "Int"
    assert tag.LogicalAddress == "%IW0"
    tag.LogicalAddress = "mw4"
    tag.Comment.Items[0].Text = "speed"
    plant.reopened()
    again = plant.tags.Find("b")
    assert (again.LogicalAddress, again.ExternalVisible, again.Comment.Items[0].Text) == ("%MW4", False, "speed")
    assert plant.tags.Find("A") is None


def test_a_deleted_tag_is_dead_and_its_name_free(plant: Plant) -> None:
    first, second = plant.tags.Create("A", "Bool", "%I0.0"), plant.tags.Create("B", "Bool", "%I0.1")
    first.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = first.Name
    assert second.Name == "B"
    assert plant.tags.Create("a", "Bool", "%I0.0").Name == "a"


def test_two_looks_at_a_tag_are_equal_but_not_identical(plant: Plant) -> None:
    made = plant.tags.Create("A", "Bool", "%I0.0")
    assert plant.tags.Find("A") == made == plant.tags[0]
    assert plant.tags.Find("A") is not plant.tags.Find("A")


def test_a_change_of_a_tag_makes_its_users_inconsistent(plant: Plant) -> None:
    tag = plant.tags.Create("Start", "Bool", "%I0.0")
    plant.generate('FUNCTION "F" : Void\nBEGIN\n"Start" := TRUE;\nEND_FUNCTION\n')
    plant.compile()
    tag.LogicalAddress = "%I0.1"
    assert not plant.blocks.Find("F").IsConsistent
    plant.compile()
    tag.Delete()
    assert [leaf._code for leaf in plant.compile()._leaves()] == ["name.undefined"]


def test_references_follow_the_rename_of_a_tag(plant: Plant) -> None:
    tag = plant.tags.Create("Start", "Bool", "%I0.0")
    plant.generate('FUNCTION "F" : Void\nBEGIN\n"Start" := TRUE;\nEND_FUNCTION\n')
    plant.compile()
    tag.Name = "Begin"
    assert plant.compile().ErrorCount == 0
    assert b'Name="Begin"' in simatic_xml.dump(plant.exported(plant.blocks.Find("F")))


# -- constants ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data_type", "value", "good"),
    [
        ("Int", "32767", True),
        ("Int", "32768", False),
        ("Byte", "16#FF", True),
        ("Byte", "16#100", False),
        ("Bool", "TRUE", True),
        ("Bool", "2", False),
        ("Real", "1.5e3", True),
        ("Real", "x", False),
        ("Time", "T#5s", True),
        ("USInt", "-1", False),
        ("Word", "2#1111_0000", True),
    ],
)
def test_a_constant_has_a_value_of_its_type(plant: Plant, data_type: str, value: str, *, good: bool) -> None:
    constants = plant.tables.Find("Default tag table").UserConstants
    if good:
        assert constants.Create("C", data_type, value).Value == value
    else:
        assert code(constants.Create, "C", data_type, value) == "constant.value"


def test_system_constants_are_read_only_and_in_the_default_table_only(plant: Plant) -> None:
    constants = plant.tables.Find("Default tag table").SystemConstants
    main = constants.Find("OB_Main")
    assert (main.DataTypeName, main.Value, constants.IsReadOnly) == ("OB_PCYCLE", "1", True)
    assert plant.tables.Create("Other").SystemConstants.Count == 0
    assert not hasattr(constants, "Create")


# -- files --------------------------------------------------------------------------------


def test_a_table_goes_out_and_in_again(plant: Plant) -> None:
    tags = [Tag("A", "Bool", "%I0.0", {"en-US": "first"}), Tag("B", "Int", "%MW2", external_writable=False)]
    made = plant.put(table("Inputs", *tags, constants=[UserConstant("C", "Int", "7")]))[0]
    assert isinstance(made, PlcTagTable)
    content = plant.exported(made).objects[0]
    assert [(t.name, t.address, t.external_writable) for t in content.tags] == [
        ("A", "%I0.0", True),
        ("B", "%MW2", False),
    ]
    assert content.tags[0].comment == {"en-US": "first"}
    assert [(c.name, c.value) for c in content.constants] == [("C", "7")]
    bare = plant.exported(made, 0).objects[0].tags
    assert [(t.external_accessible, t.external_writable) for t in bare] == [(None, None), (None, False)]
    assert made.Tags.Find("B").ExternalWritable is False


def test_a_table_is_replaced_with_override_only(plant: Plant) -> None:
    old = plant.put(table("Inputs", Tag("A", "Bool", "%I0.0")))[0]
    tag = old.Tags.Find("A")
    assert code(plant.put, table("Inputs", Tag("B", "Bool", "%I0.0"))) == "import.exists"
    new = plant.tables.Import(
        plant.file(table("Inputs", Tag("B", "Bool", "%I0.0"))), plant.types["ImportOptions"].Override
    )[0]
    for dead in (old, tag):
        with pytest.raises(EngineeringObjectDisposedException):
            _ = dead.Name
    assert [t.Name for t in new.Tags] == ["B"]


def test_a_bad_row_refuses_the_whole_table(plant: Plant) -> None:
    bad = (Tag("A", "Bool", "%I0.0"), Tag("B", "Bool", "%IW0"))
    assert code(plant.put, table("Inputs", *bad)) == "address.width"
    assert code(plant.put, table("Inputs", Tag("A", "Bool", "%I0.0"), Tag("a", "Bool", "%I0.1"))) == "import.twice"
    plant.tags.Create("Taken", "Bool", "%I0.0")
    assert code(plant.put, table("Inputs", Tag("TAKEN", "Bool", "%I0.0"))) == "name.exists"
    assert code(plant.put, table("Inputs", Tag("Main", "Bool", "%I0.0"))) == "name.exists"
    assert plant.tables.Count == 1


def test_a_tag_of_an_unknown_type_spares_the_other_rows(plant: Plant) -> None:
    rows = (Tag("A", "Bool", "%I0.0"), Tag("B", "Not_a_type", "%IW1000"), Tag("C", '"Later"', "%M20.0"))
    made = plant.put(table("Inputs", *rows, Tag("D", "Int", "%MW4")))[0]
    assert [(tag.Name, tag.DataTypeName, tag.LogicalAddress) for tag in made.Tags] == [
        ("A", "Bool", "%I0.0"),
        ("B", "Not_a_type", "%IW1000"),
        ("C", '"Later"', "%M20.0"),
        ("D", "Int", "%MW4"),
    ]
    unused = [leaf for leaf in plant.compile()._leaves() if leaf._code == "type.unknown"]
    assert [leaf.Path for leaf in unused] == ["B", "C"]
    plant.generate('FUNCTION "F" : Void\nBEGIN\n"D" := "B";\n"A" := TRUE;\nEND_FUNCTION\n')
    errors = [leaf._code for leaf in plant.compile()._leaves() if leaf.State.name == "Error"]
    assert errors == ["type.unknown"]


def test_an_unknown_type_spares_no_tag_from_the_other_rules(plant: Plant) -> None:
    for address, expected in (("%IW", "address.form"), ("%IW99999", "address.range"), ("%I0.9", "address.form")):
        assert code(plant.put, table("Inputs", Tag("B", "Not_a_type", address))) == expected
    assert code(plant.put, table("Inputs", Tag("", "Not_a_type", "%IW0"))) == "name.empty"


def test_the_default_table_can_be_replaced_and_stays_the_default(plant: Plant) -> None:
    content = table("Default tag table", Tag("A", "Bool", "%I0.0"))
    plant.tables.Import(plant.file(content), plant.types["ImportOptions"].Override)
    assert [t.Name for t in plant.tags] == ["A"]
    assert plant.reopened().tables.Find("Default tag table").IsDefault


def test_a_single_tag_goes_out_and_in_again(plant: Plant) -> None:
    tag = plant.tags.Create("Start", "Bool", "%I0.0")
    tag.Comment.Items[0].Text = "go"
    path = plant.new_path()
    tag.Export(plant.types["FileInfo"](str(path)), plant.types["ExportOptions"].WithDefaults)
    options = plant.types["ImportOptions"]
    assert code(plant.tags.Import, plant.types["FileInfo"](str(path)), options.None_) == "import.exists"
    tag.Delete()
    made = plant.tags.Import(plant.types["FileInfo"](str(path)), options.None_)[0]
    assert (made.LogicalAddress, made.Comment.Items[0].Text) == ("%I0.0", "go")


def test_a_block_cannot_take_the_name_of_a_constant(plant: Plant) -> None:
    plant.tables.Find("Default tag table").UserConstants.Create("Limit", "Int", "1")
    assert code(plant.put, fb("LIMIT")) == "name.exists"
    assert code(plant.put, db("limit")) == "name.exists"


@pytest.mark.slow
def test_100_000_tags_in_one_table_are_imported_at_once(plant: Plant) -> None:
    rows = [Tag(f"Tag_{n}", "Bool", f"%M{n // 8 % 8192}.{n % 8}", {"en-US": "comment"}) for n in range(100_000)]
    file = plant.file(table("Big", *rows))
    start = time.process_time()
    made = plant.tables.Import(file, plant.types["ImportOptions"].None_)[0]
    assert time.process_time() - start < 60
    assert made.Tags.Count == 100_000
    assert made.Tags.Find("tag_99999").LogicalAddress.endswith(".7")
