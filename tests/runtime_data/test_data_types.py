"""Values of all elementary types, compared with Python's own arithmetic, and through a virtual CPU."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import re
import struct
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from openness_bridge.plcsim import tags as plcsim_tags
from runtime_data.data_types import accept, equal, publish, require_within
from runtime_data.runtime import Write
from simatic_xml import load, scl
from simatic_xml.program.types.types import ELEMENTARY
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Simulated
from tests.runtime_data.plant import OPERATOR, Plant, plant_in
from virtual_plc.memory.program import program_of

SIGNED = {"SInt": 8, "Int": 16, "DInt": 32, "LInt": 64}
UNSIGNED = {"USInt": 8, "UInt": 16, "UDInt": 32, "ULInt": 64, "Byte": 8, "Word": 16, "DWord": 32, "LWord": 64}
BOUNDS = {name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in SIGNED.items()} | {
    name: (0, 2**bits - 1) for name, bits in UNSIGNED.items()
}
WEIGHTS: dict[str, Decimal | int] = {
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
    "us": Decimal("0.001"),
    "ns": Decimal("1e-6"),
}
DAY_NS = 86_400 * 10**9
FIRST = dt.datetime.fromisoformat("1970-01-01T00:00:00")
"""A controller's moments have no zone."""
COUNTED = sorted({each.name for each in ELEMENTARY.values() if not each.base} - {"Timer", "Counter"})


def milliseconds(text: str) -> Decimal:
    """What a duration such as T#-1h2m is, by the sum of its parts."""
    whole = re.fullmatch(r"(?:S5T|LT|T)#(-?)((?:\d+(?:ms|us|ns|d|h|m|s)_?)+)", text, re.IGNORECASE)
    assert whole is not None, text
    sign, parts = whole.groups()
    found = re.findall(r"(\d+)(ms|us|ns|d|h|m|s)", parts.lower())
    return (-1 if sign else 1) * sum((Decimal(number) * WEIGHTS[unit] for number, unit in found), Decimal(0))


def moments(first: int, last: int) -> st.SearchStrategy[dt.datetime]:
    """Moments without a zone, of some years."""
    return st.datetimes(FIRST.replace(first), FIRST.replace(last, 12, 31, 23, 59, 59))


def refused(data_type: str, value: Any) -> bool:
    try:
        accept(data_type, value)
    except Problem:
        return True
    return False


@given(st.sampled_from(sorted(BOUNDS)), st.integers(-(2**65), 2**65) | st.integers(-130, 300))
def test_integers_and_bits_are_numbers_within_their_range(data_type: str, value: int) -> None:
    low, high = BOUNDS[data_type]
    if low <= value <= high:
        assert accept(data_type, value) == accept(data_type, str(value)) == value
        assert publish(data_type, value) == (value, "")
    else:
        assert refused(data_type, value)


@pytest.mark.parametrize("data_type", sorted(BOUNDS))
@pytest.mark.parametrize("value", [True, 1.0, 1.5, "1.5", "", "x", "NaN"])
def test_what_is_no_integer(data_type: str, value: Any) -> None:
    assert refused(data_type, value)


@given(st.sampled_from(["Byte", "Word", "DWord", "LWord"]), st.data())
def test_bits_are_written_as_hexadecimal_texts(data_type: str, data: st.DataObject) -> None:
    value = data.draw(st.integers(*BOUNDS[data_type]))
    assert accept(data_type, f"16#{value:X}") == value


def test_truth_values() -> None:
    for given_, value in ((True, True), (False, False), (1, True), (0, False), ("true", True), ("FALSE", False)):
        assert accept("Bool", given_) is value
        assert publish("Bool", value) == (value, "")
    assert refused("Bool", 2) and refused("Bool", "yes")


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_real_is_the_shortest_number_that_its_32_bits_are(value: float) -> None:
    published, text = publish("Real", value)
    assert text == "" and struct.pack("<f", published) == struct.pack("<f", value)
    assert accept("Real", published) == published
    number = Decimal(repr(published)).normalize()
    digits = len(number.as_tuple().digits)
    if digits > 1:
        step = Decimal(1).scaleb(number.adjusted() - digits + 2)
        below = (number / step).to_integral_value("ROUND_FLOOR") * step
        shorter = (float(below), float(below + step))
        assert all(abs(each) > 3.4e38 or struct.pack("<f", each) != struct.pack("<f", value) for each in shorter)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_an_lreal_is_itself(value: float) -> None:
    assert publish("LReal", value) == (value, "") and accept("LReal", value) == value


@pytest.mark.parametrize("data_type", ["Real", "LReal"])
def test_what_is_no_number(data_type: str) -> None:
    for number, name in ((math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")):
        assert publish(data_type, number) == (None, name)
        assert publish(data_type, accept(data_type, name)) == (None, name)
    for wrong in (10**400, True, "", "1,5"):
        assert refused(data_type, wrong)
    assert refused("Real", 3.5e38) and accept("LReal", 3.5e38) == 3.5e38


@given(st.sampled_from(["Time", "LTime"]), st.data())
def test_durations_are_counts_with_a_text(data_type: str, data: st.DataObject) -> None:
    bits, unit = {"Time": (32, Decimal(1)), "LTime": (64, Decimal("1e-6"))}[data_type]
    value = data.draw(st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) | st.integers(-5000, 5000))
    published, text = publish(data_type, value)
    assert published == value and milliseconds(text) == value * unit
    assert accept(data_type, value) == accept(data_type, text) == value


def test_durations_are_not_rounded() -> None:
    assert refused("Time", "LT#1ns") and refused("Time", 2**31) and refused("Time", 1.5)
    assert accept("Time", "LT#1ms") == 1 and accept("LTime", "T#1ms") == 10**6


@given(st.integers(0, 3), st.integers(0, 999))
def test_an_s5time_is_milliseconds_of_three_digits_and_a_base(base: int, count: int) -> None:
    word = base << 12 | int(f"{count:03}", 16)
    published, text = publish("S5Time", word)
    assert published == count * (10, 100, 1000, 10_000)[base] == milliseconds(text)
    assert publish("S5Time", accept("S5Time", published))[0] == published


@given(st.integers(-10, 10**7))
def test_only_some_durations_are_an_s5time(value: int) -> None:
    exact = any(0 <= value <= 999 * unit and value % unit == 0 for unit in (10, 100, 1000, 10_000))
    assert refused("S5Time", value) is not exact


@given(st.dates(dt.date(1990, 1, 1), dt.date(2169, 6, 6)))
def test_dates(value: dt.date) -> None:
    count = (value - dt.date(1990, 1, 1)).days
    assert accept("Date", value.isoformat()) == count
    assert publish("Date", count) == (value.isoformat(), f"D#{value.isoformat()}")


@given(st.sampled_from([("Time_Of_Day", 10**6), ("LTime_Of_Day", 1)]), st.integers(0, DAY_NS - 1))
def test_times_of_day(kind: tuple[str, int], nanoseconds: int) -> None:
    data_type, unit = kind
    count = nanoseconds // unit
    published, text = publish(data_type, count)
    clock, _, fraction = published.partition(".")
    time = dt.time.fromisoformat(clock)
    passed = dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
    assert Decimal(int(passed.total_seconds())) + Decimal(f"0.{fraction or 0}") == Decimal(count * unit) / 10**9
    assert accept(data_type, published) == accept(data_type, text) == count


@given(st.integers(0, 2**63 - 1))
def test_moments_of_64_bits(nanoseconds: int) -> None:
    published, text = publish("LDT", nanoseconds)
    whole, _, fraction = published.partition(".")
    since = dt.datetime.fromisoformat(whole) - FIRST
    assert since // dt.timedelta(seconds=1) * 10**9 + int((fraction or "0").ljust(9, "0")) == nanoseconds
    assert accept("LDT", published) == accept("LDT", text) == nanoseconds


@given(moments(1990, 2089))
def test_moments_of_decimal_digits(value: dt.datetime) -> None:
    value = value.replace(microsecond=value.microsecond // 1000 * 1000)
    published, text = publish("Date_And_Time", accept("Date_And_Time", value.isoformat(timespec="milliseconds")))
    assert dt.datetime.fromisoformat(published) == value
    assert publish("Date_And_Time", accept("Date_And_Time", text)) == (published, text)


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        ("Date", "2024-02-30"),
        ("Date", "1989-12-31"),
        ("Time_Of_Day", "12:99:00"),
        ("Time_Of_Day", "24:00:00"),
        ("Time_Of_Day", "12:00:00.0005"),
        ("LTime_Of_Day", "12:00:60"),
        ("LDT", "2300-01-01T00:00:00"),
        ("LDT", "2024-01-01"),
        ("Date_And_Time", "2024-13-01T00:00:00"),
        ("Date_And_Time", "hello"),
        ("Char", "ab"),
        ("Char", "€"),
        ("Char", 65),
        ("WChar", "😀"),
        ("String[3]", "abcd"),
        ("String", 5),
    ],
)
def test_what_is_refused(data_type: str, value: Any) -> None:
    assert refused(data_type, value)


@given(st.characters(max_codepoint=0xD7FF))
def test_characters(value: str) -> None:
    assert publish("WChar", accept("WChar", value)) == (value, "")
    assert refused("Char", value) is (ord(value) > 255)


@given(st.sampled_from(["Int", "Real", "Time"]), st.integers(-999, 999), st.integers(-999, 0), st.integers(0, 999))
def test_limits(data_type: str, value: int, low: int, high: int) -> None:
    try:
        require_within(data_type, value, low, high, "x")
        inside = True
    except Problem as problem:
        inside = problem.code != "runtime.range"
    assert inside is (low <= value <= high)


# -- through a virtual CPU ------------------------------------------------------------------

ON_A_CPU = list(COUNTED)


def drawn(data_type: str) -> st.SearchStrategy[Any]:
    """Values of a type as clients write them."""
    if data_type in BOUNDS:
        return st.integers(*BOUNDS[data_type])
    return {
        "Bool": st.booleans(),
        "Real": st.floats(width=32, allow_nan=False, allow_infinity=False),
        "LReal": st.floats(allow_nan=False, allow_infinity=False),
        "Char": st.characters(min_codepoint=1, max_codepoint=255),
        "WChar": st.characters(min_codepoint=1, max_codepoint=0xD7FF),
        "Time": st.integers(-(2**31), 2**31 - 1),
        "LTime": st.integers(-(2**63), 2**63 - 1),
        "Date": st.dates(dt.date(1990, 1, 1), dt.date(2169, 6, 6)).map(dt.date.isoformat),
        "Time_Of_Day": st.times().map(lambda each: each.isoformat(timespec="milliseconds")),
        "LTime_Of_Day": st.times().map(dt.time.isoformat),
        "S5Time": st.integers(0, 999).map(lambda each: each * 100),
        "LDT": moments(1970, 2261).map(dt.datetime.isoformat),
        "Date_And_Time": moments(1990, 2089).map(lambda each: each.isoformat(timespec="milliseconds")),
    }[data_type]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """A plant whose CPU has a data block with a member of each type, which its program leaves alone."""
    members = "\n".join(f"  v_{each} : {each};" for each in ON_A_CPU)
    text = f'DATA_BLOCK "All"\nVAR\n{members}\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\nORGANIZATION_BLOCK "Main"\nBEGIN\nEND_ORGANIZATION_BLOCK\n'
    generated = scl.generate(text)
    assert generated.diagnostics == []
    made = Workspace()
    for document in generated.documents:
        made.put_document(load(document))
    with plant_in(Path(tmp_path_factory.mktemp("plant"))) as plant:
        handle = plant.simulation.register("PLC_1", "CPU1511")
        with handle.use() as api:
            api.PowerOn(60_000)
        interface = plant.simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
        Simulated.behind(interface)._load(program_of(made), made)
        with handle.use() as api:
            api.Run(60_000)
        yield plant


@pytest.mark.slow
@settings(max_examples=60, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_is_what_a_cpu_has(plant: Plant, data: st.DataObject) -> None:
    values = {f"All.v_{each}": data.draw(drawn(each)) for each in ON_A_CPU}
    writes = [Write(f"PLC_1:{path}", value) for path, value in values.items()]
    done = asyncio.run(plant.runtime.write(OPERATOR, writes, atomic=True, verify=True))
    assert [(each.error, each.verified) for each in done] == [(None, True)] * len(done)
    read = asyncio.run(plant.runtime.read(OPERATOR, list(values)))
    there = plcsim_tags.read_many(plant.simulation, "PLC_1", list(values))
    for (_, value), found, outcome in zip(values.items(), read, there, strict=True):
        assert outcome.value is not None
        assert equal(found.data_type, value, found.value, found.text), (found, value)
        assert publish(outcome.data_type, outcome.value) == (found.value, found.text)
        if isinstance(value, int | float) and found.data_type not in {"Real", "S5Time"}:
            assert outcome.value == value
