"""A document is written for the TIA version that is asked for, or refused with the reason."""

import pytest

from simatic_xml import Document, SimaticMLError, dump, from_json, load
from simatic_xml.deviations import record_layout
from simatic_xml.versions import VERSIONS
from tests.simatic_xml.corpus import fixture

SINCE_V15 = [name for name in VERSIONS if name != "V14 SP1"]


def since(first: str) -> list[str]:
    return SINCE_V15[SINCE_V15.index(first) :]


def simple() -> Document:
    members = [{"name": "speed", "type": "Int", "attributes": {"SetPoint": True}}]
    return from_json({"kind": "FC", "name": "F", "interface": {"Input": members}, "networks": [{"title": "one"}]})


@pytest.mark.parametrize("name", SINCE_V15)
def test_every_version_reads_back(name: str) -> None:
    data = dump(simple(), name)
    document = load(data)
    assert document.engineering == name
    layout = record_layout(document)
    assert layout is not None
    assert layout.edits == ()
    assert dump(document) == data
    assert document.objects[0].interface == simple().objects[0].interface
    assert f"/SW/Interface/v{VERSIONS[name].interface}".encode() in data


def test_features_of_versions() -> None:
    texts = {name: dump(simple(), name).decode("utf-8-sig") for name in SINCE_V15}
    assert [name for name in SINCE_V15 if "<Namespace />" in texts[name]] == since("V18")
    assert [name for name in SINCE_V15 if "<SetENOAutomatically>False<" in texts[name]] == ["V15", "V15.1"]
    assert [name for name in SINCE_V15 if "<Interface><Sections" not in texts[name]] == since("V21")
    assert [name for name in SINCE_V15 if "><AttributeList><Boolean" in texts[name]] == ["V15", "V15.1", "V16", "V17"]


def test_networks_change_their_namespace() -> None:
    document = load(fixture("motor_v21.xml"))
    older = dump(document, "V16")
    assert b"FlgNet/v4" in older
    assert b"StructuredText/v3" in older
    assert b"/v5" not in older
    assert dump(document) == fixture("motor_v21.xml")


def test_there_and_back() -> None:
    data = fixture("motor_v21.xml")
    assert dump(load(dump(load(data), "V18")), "V21") == data


@pytest.mark.parametrize(
    ("version", "reason"), [("V15", "start values of single array elements"), ("V99", "not known"), ("", "not known")]
)
def test_what_a_version_lacks_is_refused(version: str, reason: str) -> None:
    with pytest.raises(SimaticMLError, match=reason) as error:
        dump(load(fixture("motor_v21.xml")), version)
    assert error.value.code == "version"


def test_scl_and_namespaces_are_refused_where_unknown() -> None:
    tree = [
        "StructuredText",
        {"xmlns": "http://www.siemens.com/automation/Openness/SW/NetworkSource/StructuredText/v4"},
    ]
    scl = from_json({"kind": "FC", "name": "F", "language": "SCL", "networks": [{"source": {"tree": tree}}]})
    with pytest.raises(SimaticMLError, match="StructuredText format of TIA Portal V15 is not known"):
        dump(scl, "V15")
    named = from_json({"kind": "FC", "name": "F", "attributes": {"Namespace": "Line.One"}})
    with pytest.raises(SimaticMLError, match="Namespace of 'F'"):
        dump(named, "V17")
