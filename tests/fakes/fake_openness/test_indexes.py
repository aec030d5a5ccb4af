"""An index that a collection or list does not have raises System.ArgumentOutOfRangeException, as .NET's own lists do.

Basis: the documentation of .NET (List<T>.Item); the Openness manual names no other exception of an index.
"""

from __future__ import annotations

import pytest

from fake_dotnet.errors import ArgumentException, ArgumentOutOfRangeException
from fake_dotnet.lists import NetList
from tests.fakes.fake_openness.plc import Plant, fb, udt
from tests.fakes.fake_openness.reach import reach


def test_no_collection_has_a_negative_index_or_one_beyond_its_end(plant: Plant) -> None:
    plant.put(udt("Point", X="Int"))
    plant.put(fb())
    found = {type(each).__name__: each for each in reach(plant.portal) if hasattr(type(each), "__getitem__")}
    assert {"ProjectComposition", "PlcBlockComposition", "DeviceItemAssociation", "PlcTagComposition"} <= set(found)
    assert len(found) > 50
    for each in found.values():
        for index in (-1, each.Count):
            with pytest.raises(ArgumentOutOfRangeException):
                _ = each[index]


def test_what_is_handed_out_as_a_list_is_a_net_list(plant: Plant) -> None:
    infos = plant.device.GetAttributeInfos()
    assert infos.Count == len(list(infos)) > 3
    with pytest.raises(ArgumentOutOfRangeException, match="The index -1 is out of range"):
        _ = infos[-1]


def test_a_list_of_a_caller_has_the_same_rule() -> None:
    with pytest.raises(ArgumentOutOfRangeException, match=r"The index 1 is out of range: there is 1 item\."):
        _ = NetList(["one"])[1]


def test_an_index_is_a_number(plant: Plant) -> None:
    for index in ("0", True, slice(0, 1)):
        with pytest.raises(TypeError):
            _ = plant.project.Devices[index]


def test_a_program_that_catches_wrong_arguments_catches_a_wrong_index(plant: Plant) -> None:
    with pytest.raises(ArgumentException):
        _ = plant.project.Devices[99]
