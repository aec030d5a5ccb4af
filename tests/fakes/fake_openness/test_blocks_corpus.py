"""Genuine exports: all can be imported, none gets an error of structure, and what goes out goes in again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest

import simatic_xml
from fake_openness.core.errors import EngineeringException
from tests.fakes.fake_openness.plc import Plant
from tests.support.corpus import CORPUS

CLASSIC = {"ob.event"}
CONTENT = ("SW.Blocks.", "SW.Types.")


def genuine() -> list[dict[str, str]]:
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["genuine"] == "yes" and row["kind"].startswith(CONTENT)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Plant, dict[str, str]]]:
    """A V21 project with every genuine block and data type; the code of each refusal by file."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of genuine exports is not beside the repository")
    plant, refused = Plant(tmp_path_factory.mktemp("corpus"), "21"), {}
    options, tolerated = plant.types["ImportOptions"], plant.types["SWImportOptions"].IgnoreMissingReferencedObjects
    for row in genuine():
        target: Any = plant.udts if row["kind"].startswith("SW.Types.") else plant.blocks
        info = plant.types["FileInfo"](str(CORPUS / row["file"]))
        try:
            target.Import(info, options.Override | options.ActivateInactiveCultures, tolerated)
        except EngineeringException as error:
            refused[row["file"]] = error.FakeCode
    yield plant, refused
    plant.portal.Dispose()


def test_every_genuine_export_can_be_imported(filled: tuple[Plant, dict[str, str]]) -> None:
    _, refused = filled
    assert {file: found for file, found in refused.items() if found not in CLASSIC} == {}


def test_no_genuine_network_has_an_error_of_structure(filled: tuple[Plant, dict[str, str]]) -> None:
    plant, _ = filled
    leaves = plant.compile()._leaves()
    assert [leaf.Description for leaf in leaves if leaf._code.startswith(("network.", "scl"))] == []
    assert sum(leaf._code == "compile.success" for leaf in leaves) > 80


@pytest.mark.slow
def test_what_is_exported_can_be_imported_and_is_the_same_again(filled: tuple[Plant, dict[str, str]]) -> None:
    plant, _ = filled
    plant.compile()
    exported = [element for element in plant.plc._program if element.IsConsistent]
    assert len(exported) > 80
    override = plant.types["ImportOptions"].Override
    for element in exported:
        element._update(consistent=True)
        first, target = plant.exported(element), element._parent
        again = target.Import(plant.file(*first.objects), override)[0]
        again._update(consistent=True)
        second = plant.exported(again)
        first.header = second.header = []
        first.layout = second.layout = None
        assert simatic_xml.dump(first) == simatic_xml.dump(second), element._name
