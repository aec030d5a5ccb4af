"""Imports of files whose texts are in languages that are not active in the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import CPU, FIRMWARE, Client, settings

IMPORT = "/api/devices/PLC_1/blocks/actions/import-sync"
GERMAN = "de-DE"
BLOCK = {
    "kind": "FC",
    "name": "Motor",
    "title": "Drive",
    "interface": {"Input": [{"name": "Start", "type": "Bool", "comment": "of the drive"}]},
}


@pytest.fixture(params=["17", "18", "20"])
def plant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    """A project with English as its only language, before and since V18."""
    with TestClient(create_app(settings(tmp_path, tia_version=request.param))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        client.ok("POST", "/api/devices/PLC_1/blocks", BLOCK)
        client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
        text = client.ok("POST", "/api/devices/PLC_1/blocks/Motor/export", {"format": "xml"})
        assert "en-US" in text
        (tmp_path / "workspace" / "motor.xml").write_text(text.replace("en-US", GERMAN), encoding="utf-8")
        client.ok("DELETE", "/api/devices/PLC_1/blocks/Motor")
        assert languages(client) == ["en-US"]
        yield client


def languages(client: Client) -> list[str]:
    return sorted(client.ok("GET", "/api/projects")[0]["languages"])


def import_block(client: Client, **more: Any) -> None:
    client.ok("POST", IMPORT, {"importFilePath": "motor.xml"} | more)


def exported(client: Client) -> str:
    client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    text: str = client.ok("POST", "/api/devices/PLC_1/blocks/Motor/export", {"format": "xml"})
    return text


def test_languages_are_activated_by_default(plant: Client) -> None:
    import_block(plant)
    assert languages(plant) == [GERMAN, "en-US"]
    assert "of the drive" in exported(plant)


def test_texts_can_be_skipped(plant: Client) -> None:
    import_block(plant, languages="skip")
    assert languages(plant) == ["en-US"]
    assert "of the drive" not in exported(plant)


def test_a_file_can_be_refused(plant: Client) -> None:
    error = plant.refused(
        422, "block.import_refused", "POST", IMPORT, {"importFilePath": "motor.xml", "languages": "refuse"}
    )
    assert GERMAN in str(error)
    assert languages(plant) == ["en-US"]


def test_a_language_that_does_not_exist_is_named(plant: Client, tmp_path: Path) -> None:
    file = tmp_path / "workspace" / "motor.xml"
    file.write_text(file.read_text(encoding="utf-8").replace(GERMAN, "xx-XX"), encoding="utf-8")
    answer = plant.http.post(IMPORT, json={"importFilePath": "motor.xml"})
    assert answer.status_code == 422
    assert "xx-XX" in answer.text
    import_block(plant, languages="skip")


def test_dry_runs_activate_nothing(plant: Client) -> None:
    plant.ok("POST", IMPORT, {"importFilePath": "motor.xml"}, dryRun="true")
    assert languages(plant) == ["en-US"]


CALLER = {
    "kind": "FC",
    "name": "Line",
    "interface": {"Temp": [{"name": "drive", "type": '"UDT_Drive"'}]},
}


def test_missing_objects_are_ignored_where_the_client_says_so(plant: Client) -> None:
    """The block comes in; the compiler names the data type that is missing."""
    body = {"deviceName": "PLC_1", "items": [{"document": CALLER}]}
    plant.refused(422, "import.refused", "POST", "/api/blockgeneration/bulk-import", body)
    made = plant.ok("POST", "/api/blockgeneration/bulk-import", body | {"ignoreMissing": True, "compile": True})
    assert made["order"] == ["Line"]
    assert any("UDT_Drive" in each["message"] for each in made["compilation"]["diagnostics"])


def test_an_import_of_many_names_the_languages_that_it_activated(plant: Client) -> None:
    body = {"deviceName": "PLC_1", "items": [{"path": "motor.xml"}]}
    assert plant.ok("POST", "/api/blockgeneration/bulk-import", body)["addedLanguages"] == [GERMAN]
    again = plant.ok("POST", "/api/blockgeneration/bulk-import", body | {"override": True})
    assert again["addedLanguages"] == []
