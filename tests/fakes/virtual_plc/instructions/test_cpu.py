"""Clock, calendar, requests to the CPU, array data blocks and functions of older CPUs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.typed_blocks import Block, DataBlockDeclaration
from simatic_xml.program.types.types import INT, REAL, VOID, Array, Structure, Variable
from tests.fakes.virtual_plc.instructions.kit import SECOND, call, checked, dtl, instance, of, slot, value
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import IndexReadFault, IndexWriteFault
from virtual_plc.instructions.calculation.operators import binary_operation
from virtual_plc.instructions.registry import KEEP
from virtual_plc.instructions.texts.dates import dtl_nanoseconds
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.storage import class_of

HOUR = 3_600 * SECOND
DAY = 24 * HOUR
NOON = (datetime(2024, 2, 29, 12, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1) * SECOND


# Calendar ------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 4_000_000_000), st.integers(-(2**31), 2**31 - 1))
def test_moments_and_durations_add_up(seconds: int, milliseconds: int) -> None:
    moment, step = datetime.fromtimestamp(seconds, UTC), timedelta(milliseconds=milliseconds)
    expected = moment + step
    types = {"A": "DTL", "B": "Time", "D": "DTL"}
    found, right = checked("T_ADD", dtl(seconds * SECOND), milliseconds, types=types, result="DTL")
    assert right == (expected.timestamp() >= 0)
    if right:
        shown = (found.YEAR, found.MONTH, found.DAY, found.HOUR, found.MINUTE, found.SECOND)
        assert shown == expected.timetuple()[:6]
        back, _ = checked("T_SUB", found, milliseconds, types=types, result="DTL")
        assert dtl_nanoseconds(back) == seconds * SECOND


def test_differences() -> None:
    types = {"A": "DTL", "B": "DTL"}
    later, earlier = dtl(NOON + 5 * HOUR), dtl(NOON)
    assert checked("T_DIFF", later, earlier, types=types, result="Time") == (5 * 3_600_000, True)
    assert checked("T_DIFF", earlier, later, types=types, result="LTime") == (-5 * HOUR, True)
    assert checked("T_DIFF", dtl(NOON + 100 * DAY), earlier, types=types, result="Time")[1] is False
    assert checked("T_DIFF", 500, 499, types={"A": "Date", "B": "Date"}, result="Int") == (1, True)


def test_durations_and_times_of_day() -> None:
    durations = {"A": "Time", "B": "Time"}
    assert checked("T_ADD", 2**31 - 1, 1, types=durations, result="Time") == (-(2**31), False)
    assert checked("T_SUB", 5, 7, types=durations, result="Time") == (-2, True)
    clock = {"A": "Time_Of_Day", "B": "Time"}
    assert checked("T_ADD", 86_399_999, 2, types=clock, result="Time_Of_Day") == (1, False)


def test_a_date_and_a_time_of_day_make_a_moment() -> None:
    days = NOON // DAY - 7305
    types = {"A": "Date", "B": "Time_Of_Day"}
    found, right = checked("T_COMBINE", days, 43_200_000, types=types, result="DTL")
    assert right
    assert dtl_nanoseconds(found) == NOON
    assert checked("D_TOD_DT", days, 43_200_000) == (NOON, True)
    assert value("DT_DAY", NOON) == 5
    assert value("DT_DATE", NOON) == days
    assert value("DT_TOD", NOON) == 43_200_000
    assert checked("AD_DT_TM", NOON, 1000) == (NOON + SECOND, True)
    assert checked("SB_DT_TM", NOON, 1000) == (NOON - SECOND, True)
    assert checked("SB_DT_DT", NOON, NOON - SECOND) == (1000, True)
    assert checked("TIM_S5TI", 2500) == (0x0250, True)
    assert checked("S5TI_TIM", 0x1025) == (2500, True)


def test_operators_with_times_count_in_the_unit_of_the_time() -> None:
    later = binary_operation("+", of("Time_Of_Day"), of("DInt"), of("Time_Of_Day"))
    assert later(1000, 500) == (1500, True)
    days = binary_operation("-", of("Date"), of("Date"), of("LTime"))
    assert days(3, 1) == (2 * DAY, True)
    product = binary_operation("*", of("Time"), of("Int"), of("Time"))
    assert product(1000, 3) == (3000, True)
    wrong = dtl(0)
    wrong.MONTH = 13
    assert binary_operation("-", of("DTL"), of("DTL"), of("LTime"))(wrong, dtl(0)) == (0, False)


def test_the_clock_is_read_in_each_type() -> None:
    services = PlainServices(wall_clock=NOON, local_clock=NOON + HOUR)
    found = call("RD_SYS_T", types={"T": "DTL"}, services=services)
    assert (dtl_nanoseconds(found["OUT"]), found[""]) == (NOON, 0)
    assert call("RD_SYS_T", types={"T": "LDT"}, services=services)["OUT"] == NOON
    assert call("RD_LOC_T", types={"T": "Date_And_Time"}, services=services)["OUT"] == NOON + HOUR
    assert call("READ_CLK", services=services) == {"CDT": NOON, "": 0}


def test_the_clock_is_set_by_a_request() -> None:
    services = PlainServices()
    assert checked("WR_SYS_T", dtl(NOON), types={"T": "DTL"}, services=services) == (0, True)
    assert checked("WR_LOC_T", NOON, True, types={"T": "LDT"}, services=services) == (0, True)
    assert checked("SET_CLK", NOON, services=services) == (0, True)
    assert services.requests == [
        ("WR_SYS_T", {"IN": NOON}),
        ("WR_LOC_T", {"LOCTIME": NOON, "DST": True}),
        ("WR_SYS_T", {"IN": NOON}),
    ]
    wrong = dtl(NOON)
    wrong.DAY = 31
    assert checked("WR_SYS_T", wrong, types={"T": "DTL"}, services=services)[1] is False
    assert checked("WR_LOC_T", wrong, False, types={"T": "DTL"}, services=services)[1] is False
    assert len(services.requests) == 3
    assert value("SNC_RTCB") == 0


def test_running_times() -> None:
    services = PlainServices(now=5 * SECOND)
    memory = slot(0.0, "LReal")
    assert value("RUNTIME", memory, services=services) == 0.0
    services.now += SECOND // 4
    assert value("RUNTIME", memory, services=services) == 0.25
    assert value("TIME_TCK", services=services) == 5250
    services.now = (2**31 + 3) * 1_000_000
    assert value("TIME_TCK", services=services) == 3


# The CPU -------------------------------------------------------------------------------------------------------------


def test_requests_go_to_the_cpu_with_their_inputs() -> None:
    services = PlainServices()
    call("STP", services=services)
    call("RE_TRIGR", services=services)
    call("WAIT", {"WT": 50}, services=services)
    assert checked("SRT_DINT", 20, 1000, 7, services=services) == (0, True)
    moment = dtl(NOON)
    given = {"OB_NR": 10, "SDT": moment, "LOCAL": True, "PERIOD": 0, "ACTIVATE": True}
    assert call("SET_TINTL", given, actual={"SDT": "DTL"}, services=services) == {"": 0, "ENO": True}
    assert services.requests == [
        ("STP", {}),
        ("RE_TRIGR", {}),
        ("WAIT", {"WT": 50}),
        ("SRT_DINT", {"OB_NR": 20, "DTIME": 1000, "SIGN": 7}),
        ("SET_TINTL", {"OB_NR": 10, "SDT": NOON, "LOCAL": True, "PERIOD": 0, "ACTIVATE": True}),
    ]
    found = call("QRY_CINT", {"OB_NR": 30}, services=services)
    assert found == {"CYCLE": 0, "PHASE": 0, "STATUS": 0, "": 0, "ENO": True}


def test_a_block_takes_its_first_error_once() -> None:
    services = PlainServices(error=IndexReadFault("no element"))
    assert call("GET_ERR_ID", services=services) == {"ID": 0x2522, "": 0x2522, "ENO": True}
    assert call("GET_ERR_ID", services=services) == {"ID": KEEP, "": 0, "ENO": False}
    services.error = IndexWriteFault("no element")
    error = instance("ErrorStruct")
    around = Memory(Program(blocks={"caller": Block("FC", "Caller", 5, "SCL", (), VOID)}))

    def get_error() -> Any:
        target = slot(error, "ErrorStruct")
        return call("GET_ERROR", {"ERROR": target}, services=services, memory=around, block="Caller")["ENO"]

    error.FLAGS = 7
    assert get_error() is True
    assert (error.ERROR_ID, error.REACTION, error.FLAGS) == (0x2523, 0, 0)
    assert (error.CODE_ADDRESS.BLOCK_TYPE, error.CODE_ADDRESS.CB_NUMBER) == (2, 5)
    assert get_error() is False
    assert (error.ERROR_ID, error.CODE_ADDRESS.BLOCK_TYPE) == (0x2523, 2)


POINT = Structure("Point", "udt", (Variable("x", REAL),))


@pytest.fixture
def memory() -> Memory:
    blocks = [
        DataBlockDeclaration("Numbers", 7, Array(INT, ((2, 4),)), "ArrayDB"),
        DataBlockDeclaration("Points", 8, Array(POINT, ((0, 1),)), "ArrayDB"),
        DataBlockDeclaration("Plain", 9, POINT, "GlobalDB"),
    ]
    return Memory(Program(data_blocks={each.name.casefold(): each for each in blocks}))


def test_elements_of_array_data_blocks(memory: Memory) -> None:
    number = slot(5, "Int")
    assert call("WriteToArrayDB", {"DB": 7, "INDEX": 4, "VALUE": number}, memory=memory) == {"": 0, "ENO": True}
    assert list(memory.by_number[7]) == [0, 0, 5]
    number.set(0)
    assert call("ReadFromArrayDB", {"DB": 7, "INDEX": 4, "VALUE": number}, memory=memory)["ENO"]
    assert number.get() == 5
    point = Slot([class_of(POINT)()], 0, POINT)
    point.get().x = 1.5
    call("WriteToArrayDB", {"DB": 8, "INDEX": 1, "VALUE": point}, memory=memory)
    point.get().x = 0.0
    assert memory.by_number[8][1].x == 1.5
    call("ReadFromArrayDB", {"DB": 8, "INDEX": 1, "VALUE": point}, memory=memory)
    assert point.get().x == 1.5


def test_what_is_no_element_of_an_array_data_block_has_a_number(memory: Memory) -> None:
    number, word = slot(5, "Int"), slot(5, "Word")
    wrong: list[dict[str, Any]] = [
        {"DB": 99, "INDEX": 2, "VALUE": number},
        {"DB": 9, "INDEX": 2, "VALUE": number},
        {"DB": 7, "INDEX": 2, "VALUE": word},
        {"DB": 7, "INDEX": 1, "VALUE": number},
    ]
    for name in ("ReadFromArrayDB", "WriteToArrayDB"):
        found = [call(name, each, memory=memory) for each in wrong]
        assert len({each[""] for each in found}) == len(wrong)
        assert not any(each["ENO"] for each in found)


# Scaling and comparing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "result", "expected"),
    [
        ((0, 0.5, 100), "Int", (50, True)),
        ((0, 1.5, 100), "Int", (150, True)),
        ((0, 2.0, 30000), "Int", (60000 - 65536, False)),
        ((10, 0.5, 10), "Int", (10, False)),
        ((0.0, float("nan"), 1.0), "Real", None),
        ((0, float("inf"), 100), "Int", (0, False)),
        ((0.0, 0.25, 10.0), "Real", (2.5, True)),
    ],
)
def test_scale_x_does_not_limit(arguments: tuple[float, ...], result: str, expected: tuple[float, bool] | None) -> None:
    found = checked("SCALE_X", *arguments, result=result)
    assert found == expected if expected else found[1] is False


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0, 50, 100), (0.5, True)),
        ((0, 150, 100), (1.5, True)),
        ((0, -50, 100), (-0.5, True)),
        ((100, 50, 0), (0.5, False)),
    ],
)
def test_norm_x_does_not_limit(arguments: tuple[int, ...], expected: tuple[float, bool]) -> None:
    assert checked("NORM_X", *arguments, result="Real") == expected


def test_norm_x_without_a_range_has_no_value() -> None:
    assert checked("NORM_X", 5, 5, 5, result="Real")[1] is False


def test_scale_and_unscale_limit() -> None:
    given = {"IN": 13824, "HI_LIM": 100.0, "LO_LIM": 0.0, "BIPOLAR": False}
    assert call("SCALE", given) == {"OUT": 50.0, "": 0, "ENO": True}
    assert call("SCALE", {**given, "IN": 32767}) == {"OUT": 100.0, "": 8, "ENO": False}
    assert call("SCALE", {**given, "IN": 0, "BIPOLAR": True})["OUT"] == 50.0
    back = {**given, "IN": 50.0}
    assert call("UNSCALE", back) == {"OUT": 13824, "": 0, "ENO": True}
    assert call("UNSCALE", {**back, "IN": 101.0}) == {"OUT": 27648, "": 8, "ENO": False}
    assert call("UNSCALE", {**back, "BIPOLAR": True})["OUT"] == 0
    assert call("UNSCALE", {**back, "HI_LIM": 0.0})["ENO"] is False


def test_comparisons() -> None:
    nan = float("nan")
    assert [value(f"CMP {sign}", nan, nan, types={"T": "Real"}) for sign in ("==", "<>", "<", ">=")] == [
        False,
        False,
        False,
        False,
    ]
    assert value("CMP <>", 1.0, 2.0, types={"T": "Real"})
    assert value("CMP <", "ab", "abc", types={"T": "String"})
    assert value("CMP >", dtl(NOON), dtl(0), types={"T": "DTL"})
    assert value("CMP ==", dtl(NOON), dtl(NOON), types={"T": "DTL"})
    assert value("CMP <", 0x0999, 0x1999, types={"T": "S5Time"})
    assert value("CMP ==", [1, 2], [1, 2], types={"T": "Array[0..1] of Int"})
    assert value("IN_RANGE", 0, 5, 10)
    assert not value("IN_RANGE", 0.0, nan, 1.0)
    assert value("OUT_RANGE", 0, 11, 10)
    assert not value("OUT_RANGE", 0.0, nan, 1.0)
    assert value("OK", 1.0)
    assert value("NOT_OK", nan)


# Others --------------------------------------------------------------------------------------------------------------


def test_functions_of_older_cpus() -> None:
    assert value("BITSUM", 0xF00F) == 8
    assert call("SEG", {"IN": 0x1238}) == {"OUT": 0x065B4F7F}
    assert value("BCDCPL", 0x1234567) == 0x8765433
    assert value("BCDCPL", 0) == 0


def test_lead_lag_settles_at_its_gain() -> None:
    block = instance("LEAD_LAG")
    block.LD_TIME, block.LG_TIME, block.GAIN = 0.0, 10.0, 2.0
    outputs = [call("LEAD_LAG", {"IN": 1.0, "SAMPLE_T": 5}, on=block)["OUT"] for _ in range(60)]
    assert outputs == sorted(outputs)
    assert outputs[-1] == pytest.approx(2.0)
    block.LG_TIME = 0.0
    assert call("LEAD_LAG", {"IN": 1.0, "SAMPLE_T": 0}, on=block)["ERR_CODE"] != 0


def test_data_blocks_as_variables(memory: Memory) -> None:
    assert [value("TypeOfDB", number, memory=memory) for number in (7, 8, 9, 99)] == ["int", "point", "point", ""]
    point = Slot([None], 0, POINT)
    assert value("EQ_TypeOfDB", 9, point, memory=memory)
    assert value("NE_TypeOfDB", 7, point, memory=memory)
    found = call("DB_ANY_TO_VARIANT", {"IN": 9}, memory=memory)
    assert (found["ERR"], found["ENO"]) == (0, True)
    assert found[""].get() is memory.by_number[9]
    back = call("VARIANT_TO_DB_ANY", {"IN": found[""]}, memory=memory)
    assert back == {"ERR": 0, "": 9, "ENO": True}
    assert call("DB_ANY_TO_VARIANT", {"IN": 99}, memory=memory)[""] is None
    assert call("VARIANT_TO_DB_ANY", {"IN": None}, memory=memory)["ENO"] is False


def test_random_numbers_are_the_same_in_each_run() -> None:
    first, second = ([value("Random", block=block) for _ in range(2)] for block in ("A", "B"))
    assert first[0] == first[1]
    assert first != second
    assert all(0 <= each < 2**32 for each in first)
