"""The hardware catalogue: found exactly, searched with typing errors forgiven, kept between starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.devices import hardware_catalog
from openness_bridge.hardware.catalog import CatalogEntry
from tests.support.service import CPU, FIRMWARE, Client
from tests.support.service import settings as service_settings

FIND = "/api/catalog/actions/find-sync"
SEARCH = "/api/catalog/actions/search-sync"
STATUS = "/api/catalog/cache/status"


def numbers(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["articleNumber"] for entry in entries]


def test_find_gives_each_firmware_newest_first(client: Client) -> None:
    found = client.ok("POST", FIND, {"orderNumber": CPU})
    assert set(numbers(found)) == {CPU}
    versions = [entry["version"] for entry in found]
    assert FIRMWARE in versions
    assert versions == sorted(versions, key=lambda v: [-int(n) for n in v[1:].split(".")])
    assert found[0]["typeIdentifier"] == f"OrderNumber:{CPU}/{versions[0]}"
    assert found[0]["typeIdentifierNormalized"] == found[0]["typeIdentifier"].replace(" ", "")


def test_find_is_exact_but_for_blanks_and_case(client: Client) -> None:
    assert client.ok("POST", FIND, {"articleNumber": CPU.lower().replace(" ", "")}) == client.ok(
        "POST", FIND, {"mlfb": CPU}
    )
    client.refused(404, "catalog.not_found", "POST", FIND, {"orderNumber": CPU[:-1]})
    job = client.job("POST", "/api/catalog/actions/find", {"orderNumber": "6ES7"})
    assert (job["status"], "6ES7" in job["error"]) == ("Failed", True)


def test_search_by_words_part_of_a_number_and_with_a_typing_error(client: Client) -> None:
    assert set(numbers(client.ok("POST", SEARCH, {"query": "6ES7 511-1AK02", "limit": 3}))) == {CPU}
    assert CPU in numbers(client.ok("POST", SEARCH, {"query": "cpu 1511-1", "limit": 100}))
    assert numbers(client.ok("POST", SEARCH, {"query": "6ES7 511-1AK02-0AB9", "limit": 1})) == [CPU]
    assert all(
        "DI 32" in e["typeName"] for e in client.ok("POST", "/api/catalog/search", {"Query": "DI 32", "limit": 5})
    )
    assert client.ok("POST", SEARCH, {"query": "no such thing at all"}) == []


def test_search_as_a_job_and_its_limit(client: Client) -> None:
    job = client.job("POST", "/api/catalog/actions/search", {"query": "CPU", "limit": 7})
    assert len(job["result"]) == 7
    client.refused(400, "request.wrong_type", "POST", SEARCH, {"query": "CPU", "limit": 0})
    client.refused(400, "request.wrong_type", "POST", SEARCH, {"query": ""})
    client.refused(400, "request.missing_field", "POST", SEARCH, {})


def test_the_cache_is_built_and_loaded_by_the_next_start(client: Client, tmp_path: Path) -> None:
    assert client.ok("GET", STATUS)["isLoaded"] is False
    client.refused(404, "catalog.no_cache", "POST", "/api/catalog/cache/load")
    built = client.job("POST", "/api/catalog/cache/build")["result"]
    assert (built["isLoaded"], built["isOnDisk"]) == (True, True)
    assert built["entries"] > 500
    assert client.ok("GET", STATUS) == built
    with TestClient(create_app(service_settings(tmp_path))) as http:
        again = Client(http)
        assert again.ok("GET", STATUS)["isLoaded"] is False
        assert again.ok("POST", "/api/catalog/cache/load") == built


def test_a_damaged_cache_is_not_loaded_and_built_anew(client: Client, tmp_path: Path) -> None:
    client.ok("POST", "/api/catalog/cache/build-sync")
    (file,) = tmp_path.glob("hardware-catalog*.json")
    file.write_bytes(b'{"entries": [')
    with TestClient(create_app(service_settings(tmp_path))) as http:
        again = Client(http)
        again.refused(404, "catalog.no_cache", "POST", "/api/catalog/cache/load")
        assert again.ok("POST", FIND, {"orderNumber": CPU})
        assert again.ok("GET", STATUS)["isLoaded"] is True


def test_firmware_that_came_later_is_not_offered(tmp_path: Path) -> None:
    offered: dict[str, set[str]] = {}
    for version in ("16", "20"):
        with TestClient(create_app(service_settings(tmp_path / version, tia_version=version))) as http:
            client = Client(http)
            client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
            offered[version] = {e["version"] for e in client.ok("POST", FIND, {"orderNumber": CPU})}
    assert offered["16"] < offered["20"]


def test_before_v18_the_catalogue_needs_a_project_and_then_adds_devices(tmp_path: Path) -> None:
    with TestClient(create_app(service_settings(tmp_path, tia_version="17"))) as http:
        client = Client(http)
        assert "No project" in client.refused(409, "project.none", "POST", FIND, {"orderNumber": CPU})["message"]
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        (entry,) = [e for e in client.ok("POST", FIND, {"orderNumber": CPU}) if e["version"] == FIRMWARE]
        assert entry["typeName"] == ""
        added = client.ok("POST", "/api/projects/devices", {"orderNumber": CPU.replace(" ", "")})
        assert added["articleNumber"] == CPU


def test_there_are_no_pictures(client: Client) -> None:
    error = client.refused(501, "catalog.no_images", "GET", "/api/catalog/images/6ES7%20511-1AK02-0AB0")
    assert CPU in error["message"]


letters = st.text("0123456789ABC", min_size=6, max_size=12)


@settings(max_examples=50)
@given(st.lists(letters, min_size=1, max_size=20, unique=True), st.data())
def test_a_whole_order_number_is_always_the_best_hit(order_numbers: list[str], data: st.DataObject) -> None:
    entries = [CatalogEntry(number, "", "", f"OrderNumber:{number}", "", "", "") for number in order_numbers]
    wanted = data.draw(st.sampled_from(order_numbers))
    assert hardware_catalog.search(entries, wanted.lower(), 1)[0].article_number == wanted


def test_an_empty_search_is_refused_without_a_portal(tmp_path: Path) -> None:
    with TestClient(create_app(service_settings(tmp_path, headless=False))) as http:
        Client(http).refused(409, "portal.none", "POST", SEARCH, {"query": "CPU"})


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_searching_is_a_post(client: Client, method: str) -> None:
    client.refused(405, "route.method", method, SEARCH)
