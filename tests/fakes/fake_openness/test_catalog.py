"""The hardware catalogue: what it holds, what it offers to which version."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.versions import KNOWN, TiaVersion
from fake_openness.hardware.articles import articles, find_article, normalise
from tests.fakes.fake_openness.hardware_kit import CPU_1214, CPU_1511, IM_PN_ST, Kit


def test_data_file_names_no_place_and_rates_every_row() -> None:
    text = files("fake_openness").joinpath("data/catalog.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) > 1600
    assert {row["confidence"] for row in rows} == {"high", "medium", "low"}
    assert all(row["basis"] for row in rows)
    assert "http" not in text
    assert "github" not in text


def test_type_identifiers_are_unique() -> None:
    keys = [normalise(a.type_identifier) for a in articles() if a.type_identifier]
    assert len(keys) == len(set(keys))


def test_find_is_by_part_of_number_name_or_description(kit: Kit) -> None:
    by_number = kit.portal.HardwareCatalog.Find("6ES7 511-1AK02")
    assert {entry.TypeIdentifier for entry in by_number} >= {CPU_1511}
    assert {entry.TypeIdentifier for entry in kit.portal.HardwareCatalog.Find("6es7511-1ak02")} == {
        entry.TypeIdentifier for entry in by_number
    }
    assert "1511-1 PN" in {
        entry.TypeName.removeprefix("CPU ") for entry in kit.portal.HardwareCatalog.Find("cpu 1511-1 pn")
    }
    assert kit.portal.HardwareCatalog.Find("no such article").Count == 0


def test_entry_has_what_a_caller_needs(kit: Kit) -> None:
    entry = next(e for e in kit.portal.HardwareCatalog.Find("511-1AK02") if e.Version == "V2.8")
    assert (entry.ArticleNumber, entry.TypeName) == ("6ES7 511-1AK02-0AB0", "CPU 1511-1 PN")
    assert entry.TypeIdentifierNormalized == CPU_1511.replace(" ", "")
    assert entry.CatalogPath.startswith("Controllers/SIMATIC S7-1500/")
    assert "S7-1500" in entry.Description


def test_pluggable_filter_offers_only_what_the_rack_takes(kit: Kit) -> None:
    device = kit.cpu(IM_PN_ST, "IM_1")
    rack_type = next(iter(device.Items)).TypeIdentifier
    found = list(kit.portal.HardwareCatalog.Find("DI 8x24VDC", rack_type))
    assert found
    assert all(entry.TypeIdentifier.startswith("OrderNumber:6ES7 13") for entry in found)


def test_newer_firmware_is_not_in_an_older_catalogue(tmp_path: Path) -> None:
    old = Kit.new(tmp_path, "18")
    versions = {entry.Version for entry in old.portal.HardwareCatalog.Find("6ES7 214-1AG40")}
    assert "V4.6" in versions
    assert "V4.7" not in versions
    with pytest.raises(EngineeringTargetInvocationException, match=r"V4\.6") as caught:
        old.cpu("OrderNumber:6ES7 214-1AG40-0XB0/V4.7")
    assert caught.value.FakeCode == "catalog.unknown"


@given(st.sampled_from(articles()), st.sampled_from(KNOWN), st.sampled_from(KNOWN))
def test_what_a_version_offers_every_later_one_offers(article: object, one: str, other: str) -> None:
    assert hasattr(article, "is_offered")
    earlier, later = sorted((TiaVersion.of(one), TiaVersion.of(other)))
    assert not article.is_offered(earlier) or article.is_offered(later)


@given(st.sampled_from([a for a in articles() if a.is_offered(TiaVersion.of("21"))]))
def test_every_offered_article_is_found_by_its_type_identifier(article: object) -> None:
    assert hasattr(article, "type_identifier")
    version = TiaVersion.of("21")
    assert find_article(article.type_identifier, version) is article
    assert find_article(article.type_identifier.replace(" ", ""), version) is article


def test_catalogue_is_a_member_from_v18_only(tmp_path: Path) -> None:
    old = Kit.new(tmp_path, "17")
    with pytest.raises(AttributeError):
        _ = old.portal.HardwareCatalog


def test_module_information_of_older_versions(tmp_path: Path) -> None:
    old = Kit.new(tmp_path, "17")
    provider = old.project.HwUtilities.Find("ModuleInformationProvider")
    assert old.project.HwUtilities.Find("Another") is None
    assert CPU_1214 in provider.FindModuleTypes("OrderNumber:6ES7 214-1AG40-0XB0")
    assert provider.FindContainerTypes(CPU_1214) == ["System:Rack.S71200"]
    assert provider.GetTypeIdentifierNormalized(CPU_1214) == CPU_1214.replace(" ", "")
    with pytest.raises(EngineeringTargetInvocationException):
        provider.FindModuleTypes("6ES7 214")
    with pytest.raises(EngineeringTargetInvocationException):
        provider.FindContainerTypes("OrderNumber:6ES7 000-0AA00-0AA0/V1.0")


def test_wrong_argument_types_are_refused_as_by_pythonnet(kit: Kit) -> None:
    with pytest.raises(TypeError):
        kit.portal.HardwareCatalog.Find(1511)
