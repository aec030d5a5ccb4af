"""Rules of external sources. Each test is named after its rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fake_dotnet.lists import NetList
from fake_openness.core.errors import EngineeringObjectDisposedException
from tests.fakes.fake_openness.plc import Plant, code, fc, refusal

GOOD = 'FUNCTION_BLOCK "Pump"\nVAR_INPUT\n  Start : Bool;\nEND_VAR\nBEGIN\n  ;\nEND_FUNCTION_BLOCK\n'
BAD = 'FUNCTION "Broken" : Void\nBEGIN\n  IF TRUE THEN\n  x := ;\nEND_FUNCTION\n'
TYPE = 'TYPE "Point"\n  STRUCT\n    X : Int;\n  END_STRUCT;\nEND_TYPE\n'
DATA = 'DATA_BLOCK "Data"\n  STRUCT\n    P : "Point";\n  END_STRUCT;\nBEGIN\nEND_DATA_BLOCK\n'


def test_a_source_is_made_from_a_file_by_two_strings(plant: Plant) -> None:
    sources = plant.plc.ExternalSourceGroup.ExternalSources
    path = plant.new_path(".scl")
    path.write_text(GOOD, encoding="utf-8")
    made = sources.CreateFromFile("Pump", str(path))
    assert made.Name == "Pump.scl"
    assert code(sources.CreateFromFile, "pump.scl", str(path)) == "name.exists"
    assert code(sources.CreateFromFile, "X", str(plant.folder / "none.scl")) == "source.file"
    assert code(sources.CreateFromFile, "X", str(plant.folder / "Line" / "Line.ap20")) == "source.file"
    with pytest.raises(plant.types["ArgumentException"]):
        sources.CreateFromFile("X", "relative.scl")
    with pytest.raises(TypeError):
        sources.CreateFromFile("X", plant.types["FileInfo"](str(path)))


def test_a_source_generates_its_objects_in_their_trees(plant: Plant) -> None:
    made = plant.generate(TYPE + DATA + GOOD)
    assert [type(each).__name__ for each in made] == ["PlcStruct", "GlobalDB", "FB"]
    assert plant.udts.Find("Point") is not None
    assert plant.blocks.Find("Data").ProgrammingLanguage.ToString() == "DB"
    assert not plant.blocks.Find("Pump").IsConsistent
    assert plant.compile().ErrorCount == 0


@pytest.mark.parametrize(("name", "text"), [("t.udt", TYPE), ("d.db", DATA.replace('"Point"', "Int")), ("f.scl", GOOD)])
def test_scl_db_and_udt_files_are_sources(plant: Plant, name: str, text: str) -> None:
    assert len(plant.generate(text, name)) == 1


ABSOLUTE = {
    "a.scl": (
        "BEGIN\n%Q4.0 := %I4.0 AND %I4.0;\n%MW6 := %IW2:P;\n%MD8 := %DB1.DBD2;\n%M20.1 := TRUE;\n%QB9999999 := 1;\n",
        {("%Q4.0", "Bool"), ("%I4.0", "Bool"), ("%MW6", "Word"), ("%IW2", "Word"), ("%MD8", "DWord")},
    ),
    "b.awl": (
        "BEGIN\nNETWORK\nA I 6.0;\n= Q 6.1;\nL PIW 10;\nT MB 6;\nL C 3;\nL DBW 2;\nA M 20.1;\n",
        {("%I6.0", "Bool"), ("%Q6.1", "Bool"), ("%IW10", "Word"), ("%MB6", "Byte"), ("%C3", "Counter")},
    ),
}


@pytest.mark.parametrize("name", ABSOLUTE)
def test_each_absolute_operand_of_a_source_gets_a_tag(plant: Plant, name: str) -> None:
    text, wanted = ABSOLUTE[name]
    plant.tags.Create("Known", "Bool", "%M20.1")
    source = f'FUNCTION "Absolute" : Void\n{text}END_FUNCTION\n'
    for _ in range(2):
        plant.generate(source, name)
        made = {tag.Name: (tag.LogicalAddress, tag.DataTypeName) for tag in plant.tags if tag.Name != "Known"}
        assert sorted(made.values()) == sorted(wanted)
        assert all(re.fullmatch(r"Tag_\d+", tag) for tag in made)


def test_a_source_with_an_error_generates_nothing_and_names_each_line(plant: Plant) -> None:
    found = refusal(plant.source(GOOD + BAD).GenerateBlocksFromSource)
    assert found.FakeCode == "source.errors"
    assert [plant.blocks.Find(name) for name in ("Pump", "Broken")] == [None, None]
    assert found.DetailMessageData.Count >= 1
    assert all("Source.scl(1" in detail.Text or "Source.scl(" in detail.Text for detail in found.DetailMessageData)
    assert found.FakePlace["line"] in (10, 11)


def test_keep_on_error_keeps_what_has_none(plant: Plant) -> None:
    option = plant.types["GenerateBlockOption"].KeepOnError
    made = plant.source(GOOD + BAD).GenerateBlocksFromSource(option)
    assert [block.Name for block in made] == ["Pump"]


def test_an_existing_block_is_overwritten_in_its_old_folder(plant: Plant) -> None:
    group, other = (plant.plc.BlockGroup.Groups.Create(name) for name in ("A", "B"))
    none = plant.types["GenerateBlockOption"].None_
    source = plant.source(GOOD)
    first = source.GenerateBlocksFromSource(group, none)[0]
    number = first.Number
    second = source.GenerateBlocksFromSource(other, none)[0]
    assert group.Blocks.Find("Pump") == second
    assert (second.Number, other.Blocks.Count) == (number, 0)
    with pytest.raises(EngineeringObjectDisposedException):
        _ = first.Name


def test_a_switch_refuses_to_overwrite_from_a_source(plant: Plant) -> None:
    plant.generate(GOOD)
    plant.plc._switches.sources_overwrite = False
    assert code(plant.source(GOOD).GenerateBlocksFromSource) == "source.exists"


def test_a_group_of_data_types_takes_the_data_types(plant: Plant) -> None:
    group = plant.plc.TypeGroup.Groups.Create("Geometry")
    plant.source(TYPE + GOOD).GenerateBlocksFromSource(group, plant.types["GenerateBlockOption"].None_)
    assert group.Types.Find("Point") is not None
    assert plant.blocks.Find("Pump") is not None


def test_a_source_without_objects_generates_no_block(plant: Plant) -> None:
    assert code(plant.source("// nothing\n").GenerateBlocksFromSource) == "source.empty"


STL = (
    "FUNCTION \"Run\" : Void\n{ S7_Optimized_Access := 'FALSE' }\nVERSION : 0.1\nVAR_TEMP\n  On : Bool;\nEND_VAR\n"
    'BEGIN\nNETWORK\nTITLE = Go\n\n      U     #On;\n      CALL "Pump", "Pump_DB"\n      ( Start := #On );\n\n'
    "END_FUNCTION\n"
)


def test_stl_sources_generate_blocks_that_know_what_they_call(plant: Plant) -> None:
    plant.generate(GOOD + 'DATA_BLOCK "Pump_DB"\n"Pump"\nBEGIN\nEND_DATA_BLOCK\n')
    (made,) = plant.generate(STL, "run.awl")
    assert (made.Name, made.ProgrammingLanguage.ToString()) == ("Run", "STL")
    assert plant.compile().ErrorCount == 0
    text = written(plant, [made], ".awl").read_text(encoding="utf-8-sig")
    assert "      A     #On;\n" in text
    assert "( Start := #On );" in text
    assert [block.Name for block in plant.generate(text, "again.awl")] == ["Run"]


def test_a_bad_stl_source_names_each_line(plant: Plant) -> None:
    found = refusal(plant.source(STL.replace("U     #On", "FOO   #On"), "bad.awl").GenerateBlocksFromSource)
    assert (found.FakeCode, found.FakePlace["line"]) == ("source.errors", 11)


def test_sources_in_groups_survive_reopening_and_can_be_deleted(plant: Plant) -> None:
    group = plant.plc.ExternalSourceGroup.Groups.Create("Old")
    path = plant.new_path(".scl")
    path.write_text(GOOD, encoding="utf-8")
    group.ExternalSources.CreateFromFile("Pump", str(path))
    found = plant.reopened().plc.ExternalSourceGroup.Groups.Find("Old").ExternalSources.Find("Pump.scl")
    assert found.GenerateBlocksFromSource().Count == 1
    found.Delete()
    assert plant.plc.ExternalSourceGroup.Groups.Find("Old").ExternalSources.Count == 0
    assert plant.blocks.Find("Pump") is not None


# -- GenerateSource -----------------------------------------------------------------------


def written(plant: Plant, objects: list[object], suffix: str = ".scl", option: str = "None_") -> Path:
    path = plant.new_path(suffix)
    info = plant.types["FileInfo"](str(path))
    plant.plc.ExternalSourceGroup.GenerateSource(NetList(objects), info, plant.types["GenerateOptions"][option])
    return path


def test_a_source_can_be_written_and_generated_again(plant: Plant) -> None:
    plant.generate(TYPE + DATA + GOOD)
    plant.compile()
    path = written(plant, [plant.blocks.Find("Pump")])
    text = path.read_text(encoding="utf-8-sig")
    plant.generate(text)
    plant.compile()
    assert written(plant, [plant.blocks.Find("Pump")]).read_text(encoding="utf-8-sig") == text


def test_a_source_with_dependencies_has_used_objects_first(plant: Plant) -> None:
    plant.generate(TYPE + DATA)
    plant.compile()
    text = written(plant, [plant.blocks.Find("Data")], ".db").read_text(encoding="utf-8-sig")
    assert "TYPE" not in text
    text = written(plant, [plant.blocks.Find("Data")], ".scl", "WithDependencies").read_text(encoding="utf-8-sig")
    assert text.index('TYPE "Point"') < text.index('DATA_BLOCK "Data"')


def test_what_cannot_be_a_source_is_refused(plant: Plant) -> None:
    lad = plant.put(fc())[0]
    plant.generate(GOOD)
    assert code(written, plant, [plant.blocks.Find("Pump")]) == "export.inconsistent"
    plant.compile()
    assert code(written, plant, [lad]) == "source.not_possible"
    assert code(written, plant, [plant.blocks.Find("Pump")], ".udt") == "source.not_possible"
    path = written(plant, [plant.blocks.Find("Pump")])
    arguments = (NetList([plant.blocks.Find("Pump")]), plant.types["FileInfo"](str(path)))
    assert code(plant.plc.ExternalSourceGroup.GenerateSource, *arguments) == "export.file_exists"
    with pytest.raises(TypeError):
        plant.plc.ExternalSourceGroup.GenerateSource([lad], plant.types["FileInfo"](str(plant.new_path(".scl"))))
