"""Values of data blocks in their CPU: a service from V21 on, while the PLC is online."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.fake_openness.online_kit import PROGRAM, Rig, rig_of
from tests.fakes.fake_openness.plc import code

TAG = "Counting_DB.total"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A V21 project whose program is loaded and stands in STOP; the PLC is online."""
    made = rig_of(tmp_path, "21")
    made.generate(PROGRAM.replace("total : DInt;", "total : DInt := 7;"))
    made.load()
    made.instance.UpdateTagList()
    made.online.GoOnline()
    yield made
    made.manager.Shutdown()


def values(rig: Rig, name: str = "Counting_DB"):
    return rig.service("ValueService", rig.blocks.Find(name).Interface)


def test_start_values_become_actual_values(rig: Rig) -> None:
    rig.instance.WriteInt32(TAG, 55)
    values(rig).LoadStartValuesAsActualValues()
    assert rig.instance.ReadInt32(TAG) == 7


def test_a_snapshot_is_taken_and_put_back(rig: Rig) -> None:
    assert code(values(rig).LoadSnapshotAsActualValues) == "values.no_snapshot"
    rig.instance.WriteInt32(TAG, 55)
    values(rig).CreateSnapshot()
    rig.instance.WriteInt32(TAG, 56)
    values(rig).LoadSnapshotAsActualValues()
    assert rig.instance.ReadInt32(TAG) == 55


def test_a_snapshot_fits_only_the_structure_that_it_was_taken_of(rig: Rig) -> None:
    values(rig).CreateSnapshot()
    rig.online.GoOffline()
    rig.generate(PROGRAM.replace("total : DInt;", "total : DInt; more : Int;"))
    rig.load()
    rig.online.GoOnline()
    assert code(values(rig).LoadSnapshotAsActualValues) == "values.no_snapshot"


def test_the_service_is_there_only_online(rig: Rig) -> None:
    held = values(rig)
    rig.online.GoOffline()
    assert values(rig) is None
    assert code(held.LoadStartValuesAsActualValues) == "device.offline"


def test_a_block_that_was_not_loaded_has_no_values(rig: Rig) -> None:
    rig.online.GoOffline()
    rig.generate('DATA_BLOCK "Later"\nVAR x : Int; END_VAR\nBEGIN\nEND_DATA_BLOCK')
    rig.online.GoOnline()
    assert code(values(rig, "Later").LoadStartValuesAsActualValues) == "values.not_loaded"


def test_the_service_came_with_v21(tmp_path: Path) -> None:
    rig = rig_of(tmp_path, "20")
    assert "ValueService" not in rig.types
    assert rig.blocks.Find("Counting_DB").Interface is not None
    assert not hasattr(rig.blocks.Find("Counting"), "Interface")
    rig.manager.Shutdown()
