"""The bill of materials is valid, says the same each time, and tells nothing of the machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import cyclonedx
import jsonschema
from referencing import Registry, Resource

from console import vendoring
from tests.supply_chain import sbom
from tests.supply_chain.installed import ROOT, packages


def bill() -> dict[str, Any]:
    made = json.loads(sbom.text())
    del made["serialNumber"], made["metadata"]["timestamp"]
    return made


def test_it_is_cyclonedx() -> None:
    """Held to the schemas that the library brings; what it needs to check them itself makes every start slower."""
    schemas = {}
    for file in (Path(cyclonedx.__file__).parent / "schema" / "_res").glob("*.schema.json"):
        schemas[file.name] = json.loads(file.read_text(encoding="utf-8"))
    (strict,) = (each for name, each in schemas.items() if name.startswith("bom-1.6"))
    known = Registry().with_resources((each["$id"], Resource.from_contents(each)) for each in schemas.values())
    found = jsonschema.Draft7Validator(strict, registry=known).iter_errors(json.loads(sbom.text()))
    assert [each.message for each in found] == []


def test_it_says_the_same_each_time() -> None:
    assert bill() == bill()


def test_it_has_each_package_of_the_service_and_no_tool_of_its_developers() -> None:
    named = {each["name"]: each["version"] for each in bill()["components"]}
    of_console = {each["name"]: each["version"] for each in vendoring.packages()}
    assert named == {name: package.version for name, package in packages().items()} | of_console
    assert {"litestar", "lxml", "msgspec"} <= named.keys()
    assert not {"pytest", "ruff", "mypy"} & named.keys()


def test_each_package_is_reached_from_the_service() -> None:
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill()["dependencies"]}
    assert needs.keys() == {"simatic-engineering-api", *(each["bom-ref"] for each in bill()["components"])}
    reached, waiting = {"simatic-engineering-api"}, ["simatic-engineering-api"]
    while waiting:
        new = set(needs[waiting.pop()]) - reached
        reached |= new
        waiting += new
    assert reached == needs.keys()


def test_it_has_no_addresses_and_no_paths() -> None:
    content = bill()
    del content["$schema"]
    text = json.dumps(content)
    assert not [each for each in ("://", str(ROOT), sys.prefix, str(Path.home())) if each in text]


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "bill.json"
    assert sbom.main([str(file)]) == 0
    assert json.loads(file.read_text(encoding="utf-8"))["bomFormat"] == "CycloneDX"
