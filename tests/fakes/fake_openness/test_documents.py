"""Rules of SIMATIC SD documents. Each test is named after its rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_openness.core.errors import EngineeringException
from simatic_xml.model import Block, Member, Network, Section
from tests.fakes.fake_openness.plc import CPU_1500, Plant

PUMP = """FUNCTION_BLOCK "Pump"
    VAR_INPUT
        on : Bool;
    END_VAR
    VAR_OUTPUT
        lamp : Bool;
    END_VAR

    { S7_Language := "LAD"; S7_NetworkTitle := "MLC_1" }
    NETWORK
        RUNG wire#powerrail
            Contact( #on )
            Coil( #lamp )
        END_RUNG
    END_NETWORK
END_FUNCTION_BLOCK
"""
TEXTS = "MultiLingualTexts:\n  - id: MLC_1\n    en-US: The lamp\n"


def document(plant: Plant, dcl: str, res: str = "", name: str = "in") -> Any:
    """Write a document and return its folder."""
    folder = plant.folder / "documents"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.s7dcl").write_text(dcl, encoding="utf-8-sig")
    if res:
        (folder / f"{name}.s7res").write_text(res, encoding="utf-8-sig")
    return plant.types["DirectoryInfo"](str(folder))


def taken(plant: Plant, dcl: str, res: str = "", *, override: bool = False, target: Any = None) -> Any:
    options = plant.types["ImportDocumentOptions"](int(override))
    return (target or plant.blocks).ImportFromDocuments(document(plant, dcl, res), "in", options)


def text(result: Any) -> str:
    return " ".join(message.Message for message in result.Messages)


def test_a_block_comes_in_with_its_texts_and_a_free_number(plant: Plant) -> None:
    result = taken(plant, PUMP, TEXTS)
    assert result.State.ToString() == "Success"
    assert [block.Name for block in result.ImportedPlcBlocks] == ["Pump"]
    assert plant.blocks.Find("Pump").Number > 0
    assert plant.compile().ErrorCount == 0
    (block,) = plant.exported(plant.blocks.Find("Pump")).objects
    assert block.networks[0].title["en-US"] == "The lamp"


def test_a_block_goes_out_and_comes_in_again(plant: Plant) -> None:
    taken(plant, PUMP, TEXTS)
    folder = plant.folder / "out"
    result = plant.blocks.Find("Pump").ExportAsDocuments(plant.types["DirectoryInfo"](str(folder)), "Pump")
    assert result.State.ToString() == "Success"
    assert sorted(Path(each.FullName).name for each in result.ExportedDocuments) == ["Pump.s7dcl", "Pump.s7res"]
    first = (folder / "Pump.s7dcl").read_text("utf-8-sig")
    again = taken(plant, first, (folder / "Pump.s7res").read_text("utf-8-sig"), override=True)
    assert again.State.ToString() == "Success"


def test_an_inconsistent_block_goes_out_as_document(plant: Plant) -> None:
    taken(plant, PUMP.replace("#on )", '"Nowhere" )'), TEXTS)
    block = plant.blocks.Find("Pump")
    assert not block.IsConsistent
    result = block.ExportAsDocuments(plant.types["DirectoryInfo"](str(plant.folder / "out")), "Pump")
    assert result.State.ToString() == "Success"


def test_a_file_that_is_there_is_not_replaced(plant: Plant) -> None:
    taken(plant, PUMP, TEXTS)
    folder = plant.types["DirectoryInfo"](str(plant.folder / "out"))
    block = plant.blocks.Find("Pump")
    assert block.ExportAsDocuments(folder, "Pump").State.ToString() == "Success"
    refused = block.ExportAsDocuments(folder, "Pump")
    assert (refused.State.ToString(), refused.ExportedDocuments.Count) == ("Failure", 0)


@pytest.mark.parametrize("language", ["STL", "GRAPH"])
def test_languages_without_document_are_refused_by_state(plant: Plant, language: str) -> None:
    plant.blocks.CreateFB("Old", True, 0, plant.types["ProgrammingLanguage"][language])
    folder = plant.folder / "out"
    result = plant.blocks.Find("Old").ExportAsDocuments(plant.types["DirectoryInfo"](str(folder)), "Old")
    assert result.State.ToString() == "Failure"
    assert language in text(result)
    assert not folder.exists()


def test_a_document_with_an_error_changes_nothing(plant: Plant) -> None:
    result = taken(plant, PUMP + PUMP.replace("Pump", "Other").replace("Contact(", "Contact"), TEXTS)
    assert result.State.ToString() == "Failure"
    assert "sd.element" in text(result)
    assert result.ImportedPlcBlocks.Count == 0
    assert plant.blocks.Find("Pump") is None


def test_a_name_that_is_there_needs_override(plant: Plant) -> None:
    taken(plant, PUMP, TEXTS)
    assert taken(plant, PUMP, TEXTS).State.ToString() == "Failure"
    assert taken(plant, PUMP, TEXTS, override=True).State.ToString() == "Success"


def test_a_document_that_is_not_there_and_one_of_another_kind_are_refused(plant: Plant) -> None:
    options = plant.types["ImportDocumentOptions"].None_
    nowhere = plant.types["DirectoryInfo"](str(plant.folder))
    assert plant.blocks.ImportFromDocuments(nowhere, "none", options).State.ToString() == "Failure"
    result = taken(plant, PUMP, TEXTS, target=plant.udts)
    assert result.State.ToString() == "Failure"


def test_a_text_in_an_inactive_language_is_refused(plant: Plant) -> None:
    assert taken(plant, PUMP, TEXTS.replace("en-US", "fr-FR")).State.ToString() == "Failure"


def test_data_types_come_in_and_go_out(plant: Plant) -> None:
    made = taken(plant, "TYPE\n    Point : STRUCT\n        x : Real;\n    END_STRUCT;\nEND_TYPE\n", target=plant.udts)
    assert [each.Name for each in made.ImportedPlcTypes] == ["Point"]
    folder = plant.types["DirectoryInfo"](str(plant.folder / "out"))
    assert plant.udts.Find("Point").ExportAsDocuments(folder, "Point").ExportedDocuments.Count == 1


def test_instances_are_known_from_the_program(plant: Plant) -> None:
    plant.put(Block("FB", "Motor", language="LAD", interface=[Section("Input", [Member("on", "Bool")])]))
    plant.put(Block("InstanceDB", "Motor_DB", instance_of="Motor", instance_of_type="FB"))
    call = PUMP.replace("Contact( #on )", '"Motor_DB"( on := #on )').replace("            Coil( #lamp )\n", "")
    taken(plant, call, TEXTS)
    source = plant.blocks.Find("Pump")._content().networks[0].source
    (info,) = source.iter("{*}CallInfo")
    assert (info.get("Name"), info.get("BlockType")) == ("Motor", "FB")


def test_documents_came_with_v20(tmp_path: Path) -> None:
    plant = Plant(tmp_path, "19", CPU_1500)
    assert "ImportDocumentOptions" not in plant.types
    plant.put(Block("FC", "F", language="LAD", networks=[Network("LAD")]))
    with pytest.raises((EngineeringException, AttributeError)):
        plant.blocks.Find("F").ExportAsDocuments(plant.types["DirectoryInfo"](str(tmp_path)), "F")
