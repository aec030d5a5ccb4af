"""The tag list, and values by name."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.fake_plcsim.kit import Kit, load, refusal

TYPED = {
    "In": ("Bool", True),
    "Level": ("Int16", -7),
    "Flag": ("Bool", True),
    "Speed": ("Float", 2.5),
    "Data.count": ("Int32", -(2**31)),
    "Data.motor.on": ("Bool", True),
    "Data.list[-1]": ("Int16", 12),
    "Data.grid[1,2]": ("UInt8", 255),
    "Data.delay": ("Int32", 5000),
    "Data.letter": ("Char", -1),
    "Data.sign": ("WChar", "λ"),
    "Data.wide": ("UInt64", 2**64 - 1),
    "Data.exact": ("Double", 0.1),
}


def infos(instance: Any) -> dict[str, Any]:
    return {info.Name: info for info in instance.TagInfos}


def test_the_list_has_structures_arrays_and_their_parts(kit: Kit) -> None:
    listed = infos(kit.on())
    assert list(listed)[:6] == ["In", "Level", "Out", "Copy", "Flag", "Speed"]
    assert [name for name in listed if name.startswith(("Data.motor", "Data.list", "Data.grid"))] == [
        "Data.motor",
        "Data.motor.speed",
        "Data.motor.on",
        "Data.list",
        "Data.list[-1]",
        "Data.list[0]",
        "Data.list[1]",
        "Data.grid",
        *(f"Data.grid[{row},{column}]" for row in (0, 1) for column in (0, 1, 2)),
    ]
    motor, speed = listed["Data.motor"], listed["Data.motor.speed"]
    assert (motor.DataType.ToString(), motor.PrimitiveDataType.ToString()) == ("Struct", "Struct")
    assert (speed.DataType.ToString(), speed.PrimitiveDataType.ToString(), speed.Size) == ("Real", "Float", 4)
    assert (speed.ParentIndex, motor.ParentIndex, speed.Index) == (motor.Index, 0, motor.Index + 1)
    grid = listed["Data.grid"]
    assert [(each.StartIndex, each.Count) for each in grid.Dimension] == [(0, 2), (0, 3)]
    assert [info.Index for info in listed.values()] == list(range(1, len(listed) + 1))


def test_types_and_places_of_tags(kit: Kit) -> None:
    listed = infos(kit.on())
    found = {
        name: (info.Area.ToString(), info.DataType.ToString(), info.Offset, info.Bit) for name, info in listed.items()
    }
    assert found["In"] == ("Input", "Bool", 0, 0)
    assert found["Copy"] == ("Output", "Int", 2, 0)
    assert found["Flag"] == ("Marker", "Bool", 10, 1)
    assert found["Data.delay"] == ("DataBlock", "Time", 0, 0)
    assert found["Data.text"] == ("DataBlock", "String", 0, 0)


@pytest.mark.parametrize(
    ("details", "areas"),
    [
        ("IO", {"Input", "Output"}),
        ("M", {"Marker"}),
        ("DB", {"DataBlock"}),
        ("IOM", {"Input", "Output", "Marker"}),
        ("CT", set()),
    ],
)
def test_the_list_may_have_some_areas_only(kit: Kit, details: str, areas: set[str]) -> None:
    instance = kit.on()
    instance.UpdateTagList(getattr(kit.ETagListDetails, details), False)
    assert {info.Area.ToString() for info in instance.TagInfos} == areas
    status, hmi = instance.GetTagListStatus()
    assert (status.ToString(), hmi) == (details, False)


def test_the_list_is_empty_until_it_is_updated_and_after_a_download(kit: Kit) -> None:
    instance = kit.manager.RegisterInstance()
    instance.PowerOn(1000)
    load(instance)
    assert instance.TagInfos.Length == 0
    assert refusal(kit, lambda: instance.ReadBool("In")) == "NotUpToDate"
    instance.UpdateTagList()
    assert instance.ReadBool("In") is False
    load(instance)
    assert refusal(kit, lambda: instance.WriteBool("In", True)) == "NotUpToDate"


@pytest.mark.parametrize(("tag", "kind", "value"), [(tag, *typed) for tag, typed in TYPED.items()])
def test_each_primitive_type_is_read_as_it_was_written(kit: Kit, tag: str, kind: str, value: Any) -> None:
    instance = kit.on()
    getattr(instance, f"Write{kind}")(tag, value)
    assert getattr(instance, f"Read{kind}")(tag) == value
    data = instance.Read(tag)
    assert (data.Type.ToString(), getattr(data, kind)) == (kind, value)
    data = kit.SDataValue()
    setattr(data, kind, value)
    instance.Write(tag, data)
    assert getattr(instance, f"Read{kind}")(tag) == value


def test_start_values_are_there(kit: Kit) -> None:
    instance = kit.on()
    assert (instance.ReadFloat("Data.motor.speed"), instance.ReadInt32("Data.delay")) == (1.5, 2000)
    assert chr(instance.ReadChar("Data.letter")) == "x"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("Nothing", "DoesNotExist"),
        ("data.count", "DoesNotExist"),
        ("Data.motor", "NotSupported"),
        ("Data.list", "NotSupported"),
        ("Data.text", "NotSupported"),
        ("Data.list[7]", "DoesNotExist"),
        ("x" * 300, "WrongArgument"),
    ],
)
def test_names_that_have_no_value(kit: Kit, tag: str, code: str) -> None:
    instance = kit.on()
    assert refusal(kit, lambda: instance.Read(tag)) == code
    assert refusal(kit, lambda: instance.WriteBool(tag, True)) == code


def test_types_must_match_exactly(kit: Kit) -> None:
    instance = kit.on()
    assert refusal(kit, lambda: instance.ReadInt32("Level")) == "TypeMismatch"
    assert refusal(kit, lambda: instance.WriteUInt16("Level", 5)) == "TypeMismatch"
    assert refusal(kit, lambda: instance.Write("Level", kit.SDataValue())) == "WrongArgument"
    with pytest.raises(TypeError):
        instance.WriteInt16("Level", "5")
    with pytest.raises(TypeError):
        instance.WriteBool("In", 1)
    with pytest.raises(TypeError):
        instance.WriteInt16("Level", 40_000)


# -- several at once ------------------------------------------------------------------------


def signals(kit: Kit, **values: tuple[str, Any]) -> Any:
    made = kit.Array[kit.SDataValueByName](len(values))
    for index, (name, (kind, value)) in enumerate(values.items()):
        signal = kit.SDataValueByName()
        signal.Name = name
        data = kit.SDataValue()
        setattr(data, kind, value)
        signal.DataValue = data
        made[index] = signal
    return made


def test_signals_are_written_and_read_together(kit: Kit) -> None:
    instance = kit.frozen()
    instance.WriteSignals(signals(kit, In=("Bool", True), Level=("Int16", 9)))
    kit.step(instance)
    read = kit.Array[kit.SDataValueByName](2)
    for index, name in enumerate(("Out", "Copy")):
        signal = kit.SDataValueByName()
        signal.Name = name
        read[index] = signal
    returned = instance.ReadSignals(read)
    assert (returned[0].DataValue.Bool, returned[1].DataValue.Int16) == (True, 9)


def test_one_wrong_signal_fails_all(kit: Kit) -> None:
    instance = kit.on()
    assert (
        refusal(kit, lambda: instance.WriteSignals(signals(kit, In=("Bool", True), No=("Bool", True))))
        == "DoesNotExist"
    )
    assert refusal(kit, lambda: instance.WriteSignals(signals(kit, In=("Bool", True), Level=("Bool", True)))) == (
        "TypeMismatch"
    )
    assert instance.ReadBool("In") is False


def test_a_python_list_becomes_an_array(kit: Kit) -> None:
    instance, signal = kit.on(), kit.SDataValueByName()
    assert refusal(kit, lambda: instance.ReadSignals([signal])) == "WrongArgument"
    signal.Name = "Data.motor.speed"
    assert [each.DataValue.Float for each in instance.ReadSignals([signal])] == [1.5]
    with pytest.raises(TypeError):
        instance.ReadSignals(["Data.motor.speed"])


def test_two_writers_and_a_running_program_lose_nothing(kit: Kit) -> None:
    instance = kit.on()
    instance.ScaleFactor = 100.0
    instance.Run(1000)
    failed: list[BaseException] = []

    def write(tag: str, kind: str) -> None:
        try:
            for value in range(300):
                getattr(instance, f"Write{kind}")(tag, value % 100)
                assert getattr(instance, f"Read{kind}")(tag) == value % 100
        except BaseException as error:  # noqa: BLE001 - told in the test's thread
            failed.append(error)

    threads = [threading.Thread(target=write, args=each) for each in (("Level", "Int16"), ("Data.wide", "UInt64"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_an_instance_deleted_during_reads_ends_them_with_a_refusal(kit: Kit) -> None:
    instance = kit.on()
    instance.Run(1000)
    codes: list[str] = []

    def read() -> None:
        while True:
            try:
                instance.ReadInt32("Data.count")
            except kit.SimulationRuntimeException as error:
                codes.append(error.RuntimeErrorCode.ToString())
                return

    thread = threading.Thread(target=read)
    thread.start()
    kit.manager.CreateInterface("PLC_1").UnregisterInstance()
    thread.join(60)
    assert codes in (["InterfaceRemoved"], ["InstanceNotRunning"])


@given(value=st.floats(width=32, allow_nan=False))
@settings(max_examples=30)
def test_any_real_comes_back(value: float) -> None:
    kit = Kit()
    instance = kit.on()
    instance.WriteFloat("Speed", value)
    assert instance.ReadFloat("Speed") == value
    assert instance.MarkerArea.ReadBytes(20, 4).Length == 4
    kit.runtime.shutdown()
