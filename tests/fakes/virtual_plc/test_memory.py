"""Memory of a CPU: access by path, the tag list, snapshots, resets with and without retentive data."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.model import Tag
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import Structure
from tests.fakes.virtual_plc.shapes import STRUCTURES, values
from tests.fakes.virtual_plc.workspaces import memory as memory_of
from virtual_plc.memory.leaves import Leaf
from virtual_plc.memory.memory import Memory, Retention
from virtual_plc.memory.path_values import PathError
from virtual_plc.memory.program import Program
from virtual_plc.memory.retention import retentive
from virtual_plc.memory.storage import plain

TAGS = [
    Tag("Start", data_type="Bool", address="%I0.1"),
    Tag("Level", data_type="Int", address="%MW10"),
    Tag("T5", data_type="Word", address="%MW20"),
    Tag("Valve", data_type='"Pair"', address="%Q4.0"),
    Tag("Sensor", data_type='"Pair"', address="%I4.0"),
    Tag("My tag", data_type="Real", address="%MD100"),
]
SOURCE = """
TYPE "Pair" STRUCT x : Int := 3; r : Real; END_STRUCT; END_TYPE
FUNCTION_BLOCK "Axis" VAR_IN_OUT shared : "Pair"; END_VAR VAR RETAIN total : DInt := 9; END_VAR VAR n : Int := 1;
    timer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME; END_VAR BEGIN END_FUNCTION_BLOCK
FUNCTION_BLOCK "Two" VAR a : "Axis"; b : "Axis"; END_VAR BEGIN END_FUNCTION_BLOCK
DATA_BLOCK "Free" VAR w : DWord; list : Array[-1..1, 0..1] of Int; pairs : Array[1..2] of "Pair"; s : String[4];
    c : Char; t : Time; at : DTL; on : Bool; s5 : S5Time; dt : Date_And_Time; "odd name" : Int; END_VAR BEGIN END_DATA_BLOCK
DATA_BLOCK "Fixed" {S7_Optimized_Access := 'FALSE'} VAR b : Bool; n : Int; p : "Pair"; bits : Array[0..9] of Bool; END_VAR
    BEGIN END_DATA_BLOCK
DATA_BLOCK "Machine" "Two" BEGIN a.n := 5; END_DATA_BLOCK
"""


@pytest.fixture
def memory() -> Memory:
    """A memory with tags, data blocks of both kinds of access and instances."""
    return memory_of(SOURCE, *TAGS)


def _failure(memory: Memory, path: str, *value: Any) -> str:
    with pytest.raises(PathError) as error:
        memory.write(path, *value) if value else memory.read(path)
    assert error.value.path.startswith(path.split(".", maxsplit=1)[0]) and error.value.message
    return error.value.code


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ('"Free".w', 0x12345678),
        ("free.W", 7),
        ("Free.list[-1,1]", -5),
        ("Free.pairs[2].x", 8),
        ('Free."odd name"', 4),
        ("Free.s", "abcd"),
        ("Free.c", "z"),
        ("Free.t", -5),
        ("Free.at.YEAR", 2024),
        ("Free.on", True),
        ("Free.dt", 7306 * 86_400_000_000_000),
        ("Fixed.n", -2),
        ("Fixed.p.r", 1.5),
        ("Fixed.bits[9]", True),
        ("Start", True),
        ('"Start"', True),
        ("Level", -3),
        ("My tag", 2.5),
        ('"My tag"', 2.5),
        ("Valve.x", 6),
        ("Sensor.r", 0.5),
        ("T5", 9),
        ("%T5", 9),
        ("%C7", 3),
        ("%MW10", 65535),
        ("MB7", 255),
        ("m3.5", True),
        ("%ML8", 2**64 - 1),
        ("%I0.1:P", True),
        ("%QB3:P", 5),
        ("%DB2.DBW2", 77),
        ("DB2.DBX0.0", True),
        ("DB2.n", 5),
        ("%DB2.p.x", 5),
        ("Machine.b.timer.PT", 500),
    ],
)
def test_what_is_written_is_read(memory: Memory, path: str, value: Any) -> None:
    memory.write(path, value)
    assert memory.read(path) == value and type(memory.read(path)) is type(value)


def test_names_and_addresses_are_the_same_data(memory: Memory) -> None:
    memory.write("Level", -2)
    assert memory.read("%MW10") == 0xFFFE and memory.markers[10:12] == b"\xff\xfe"
    memory.write("Fixed.p.x", 0x0102)
    assert memory.read("%DB2.DBB4") == 1 and memory.by_number[2] is memory.data_blocks["fixed"]
    memory.write("%DB2.DBX0.0", True)
    assert memory.read("Fixed.b") is True
    assert memory.read("T5") == 0 and memory.timers[5] == 0


def test_slices_are_parts_of_a_value(memory: Memory) -> None:
    memory.write("Free.w", 0x12345678)
    assert (memory.read("Free.w.%W1"), memory.read("Free.w.%B0"), memory.read("Free.w.%X3")) == (0x1234, 0x78, True)
    memory.write("Free.w.%B3", 0xFF)
    memory.write("Free.w.%X0", True)
    assert memory.read("Free.w") == 0xFF345679
    memory.write("Level.%X15", True)
    assert memory.read("Level") == -32768


def test_inputs_are_written_at_the_modules_too(memory: Memory) -> None:
    memory.write("Start", True)
    memory.write("Sensor.x", 5)
    assert memory.peripheral_inputs[0] == memory.inputs[0] == 2
    assert memory.read("Sensor.x") == memory.read("Sensor.x:P") == 5
    memory.write("Start:P", False)
    assert memory.read("Start") is True and memory.read('"Start":P') is False


def test_outputs_are_written_in_the_process_image_only(memory: Memory) -> None:
    memory.write("Valve.x", 5)
    assert memory.outputs[4:6] == b"\x00\x05" and memory.peripheral_outputs[4:6] == b"\x00\x00"


def test_structures_and_arrays_are_read_and_written_whole(memory: Memory) -> None:
    memory.write("Free.pairs", [{"x": 1, "R": 2.5}, {"x": 4}])
    assert memory.read("Free.pairs") == [{"x": 1, "r": 2.5}, {"x": 4, "r": 0.0}]
    memory.write("Fixed.bits", [True] * 10)
    assert memory.read("Fixed.bits") == [True] * 10
    memory.write("Free.at", "DTL#2024-02-29-12:00:00")
    assert memory.read("Free.at")["DAY"] == 29
    memory.write("Machine", memory.read("Machine") | {"a": {"n": 6}})
    assert memory.read("Machine.a.n") == 6
    assert _failure(memory, "Free.pairs", [{"x": 7}, {"x": 99999}]) == "value.range"
    assert memory.read("Free.pairs[1].x") == 1


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("Free.t", "T#1s", 1000),
        ("Free.w", "16#FF", 255),
        ("Free.on", "TRUE", True),
        ("Free.c", "CHAR#'a'", "a"),
        ("Free.dt", "DT#1990-01-01-00:00:01", 7305 * 86_400_000_000_000 + 1_000_000_000),
        ("Free.s5", "S5T#10ms", 1),
        ("My tag", "1.5", 1.5),
        ("My tag", "Infinity", math.inf),
    ],
)
def test_text_is_a_literal_of_the_type(memory: Memory, path: str, text: str, value: Any) -> None:
    memory.write(path, text)
    assert memory.read(path) == value


def test_reals_are_rounded_and_whole_numbers_become_reals(memory: Memory) -> None:
    memory.write("My tag", 0.1)
    assert memory.read("My tag") == 0.100000001490116119384765625
    memory.write("My tag", 3)
    assert memory.read("My tag") == 3.0 and isinstance(memory.read("My tag"), float)
    memory.write("My tag", "NaN")
    assert math.isnan(memory.read("My tag"))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "path.form"),
        ("[3]", "path.form"),
        ("Free.w.", "path.form"),
        ("Free.w.%Q1", "path.form"),
        ("Nothing", "path.unknown"),
        ("DB9.x", "path.unknown"),
        ("%DB9.DBW0", "path.unknown"),
        ("Free.nothing", "path.member"),
        ("Free.w.x", "path.member"),
        ("Level.x", "path.member"),
        ("Free.list[2,0]", "path.index"),
        ("Free.list[0]", "path.index"),
        ("Free.list[a,b]", "path.index"),
        ("Free.w[0]", "path.index"),
        ("Free.w.%X32", "path.part"),
        ("Free.s.%X0", "path.part"),
        ("%MW16383", "path.range"),
        ("%T2048", "path.range"),
        ("%DB2.DBW22", "path.range"),
        ("%DB1.DBW0", "path.optimized"),
        ("Machine.a.shared", "path.reference"),
    ],
)
def test_paths_to_nothing(memory: Memory, path: str, code: str) -> None:
    assert _failure(memory, path) == code


def test_a_name_that_is_nearly_right_is_proposed(memory: Memory) -> None:
    with pytest.raises(PathError, match="pairs"):
        memory.read("Free.pair")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("Level", 32768, "value.range"),
        ("Level", 1.5, "value.type"),
        ("Level", True, "value.type"),
        ("Level", "abc", "value.type"),
        ("Level", None, "value.type"),
        ("Free.on", 2, "value.type"),
        ("Free.w", -1, "value.range"),
        ("Free.c", "ab", "value.type"),
        ("Free.c", "Ω", "value.range"),
        ("Free.s", 5, "value.type"),
        ("Free.s", "abcde", "value.range"),
        ("Free.s", "Ω", "value.range"),
        ("Free.s5", 0xFFFF, "value.range"),
        ("Free.dt", 0, "value.range"),
        ("Free.pairs", [], "value.type"),
        ("Free.pairs[1]", 5, "value.type"),
        ("Free.pairs[1]", {"y": 5}, "path.member"),
        ("My tag", 1e39, "value.range"),
        ("My tag", False, "value.type"),
        ("%T1", 70000, "value.range"),
        ("Machine.a", {"shared": {}}, "path.reference"),
    ],
)
def test_values_that_do_not_fit(memory: Memory, path: str, value: Any, code: str) -> None:
    before = memory.snapshot()
    assert _failure(memory, path, value) == code
    assert memory.snapshot() == before


def test_what_is_passed_by_reference_is_followed_each_time(memory: Memory) -> None:
    axis, pairs = memory.data_blocks["machine"].a, memory.data_blocks["free"].pairs
    for number, pair in enumerate(pairs, 1):
        axis.shared = pair
        memory.write("Machine.a.shared.x", number)
    assert [pair.x for pair in pairs] == [1, 2]


def test_the_tag_list_has_every_value(memory: Memory) -> None:
    found = {leaf.path: leaf for leaf in memory.names()}
    assert found["Start"] == Leaf("Start", found["Start"].type, "Input", 0, 1)
    assert (found["Level"].primitive, found["Level"].address) == ("Int16", "%MW10")
    assert (found['"My tag"'].primitive, found['"My tag"'].area) == ("Float", "Marker")
    assert found["Valve.r"].address == "%QD6"
    assert found["Free.list[-1,0]"].address == "" and found["Free.list[-1,0]"].block == 1
    assert found["Fixed.bits[9]"].address == "%DB2.DBX11.1"
    assert found["Free.c"].primitive == "Char" and found["Free.s"].primitive == "Unspecific"
    assert found["Machine.b.timer.Q"].primitive == "Bool"
    assert not any("shared" in path for path in found)
    for path in found:
        memory.write(path, memory.read(path))


def test_ten_thousand_values_are_listed() -> None:
    memory = memory_of(
        'TYPE "M" STRUCT a : Array[0..99] of Int; END_STRUCT; END_TYPE '
        'DATA_BLOCK "D" VAR m : Array[0..99] of "M"; END_VAR BEGIN END_DATA_BLOCK'
    )
    assert len(list(memory.names())) == 10_000


def test_snapshots_are_equal_when_nothing_changed(memory: Memory) -> None:
    memory.write("My tag", "NaN")
    memory.write("Free.pairs[1].r", "NaN")
    first = memory.snapshot()
    assert memory.snapshot() == first
    memory.write("Free.list[0,0]", 1)
    assert memory.snapshot() != first


@given(structure=STRUCTURES, data=st.data())
def test_a_value_that_is_read_can_be_written_back(structure: Structure, data: Any) -> None:
    declared = {
        name: DataBlockDeclaration(name, number, structure, "GlobalDB", optimized=number == 1)
        for number, name in ((1, "a"), (2, "b"))
    }
    memory = Memory(Program(data_blocks=declared))
    leaves = [leaf for leaf in memory.names() if leaf.block == 1]
    for leaf in data.draw(st.lists(st.sampled_from(leaves), max_size=4)):
        value = data.draw(values(leaf.type))
        if not _refused(value, leaf):
            memory.write(leaf.path, value)
    memory.write("b", memory.read("a"))
    assert memory.read("b") == memory.read("a") == plain(memory.data_blocks["a"])


def _refused(value: Any, leaf: Leaf) -> bool:
    """Values of the bits that are none of the type: no BCD, no time of day, no character of its own."""
    return not fits(value, leaf.type) and leaf.type.name not in ("Date_And_Time", "Timer", "Counter")


# Resets --------------------------------------------------------------------------------------------------------------


def test_a_restart_keeps_retentive_members(memory: Memory) -> None:
    machine, markers = memory.data_blocks["machine"], memory.markers
    for path, value in (("Machine.a.total", 50), ("Machine.a.n", 6), ("Free.w", 1), ("Level", 4), ("Start", True)):
        memory.write(path, value)
    memory.reset(keep_retentive=True)
    assert memory.read("Machine.a.total") == 50 and memory.read("Machine.a.n") == 5 and memory.read("Free.w") == 0
    assert memory.read("Level") == 0 and memory.read("Start") is False and memory.read("Start:P") is True
    assert memory.data_blocks["machine"] is machine and memory.markers is markers
    memory.reset(keep_retentive=False)
    assert memory.read("Machine.a.total") == 9


def test_retentive_markers_timers_and_counters_are_a_setting(memory: Memory) -> None:
    kept = Memory(memory.program, Retention(marker_bytes=11, timers=1, counters=2))
    for path in ("%MB10", "%MB11", "%T0", "%T1", "%C1", "%C2"):
        kept.write(path, 7)
    kept.reset(keep_retentive=True)
    assert [kept.read(path) for path in ("%MB10", "%MB11", "%T0", "%T1", "%C1", "%C2")] == [7, 0, 7, 0, 7, 0]
    kept.reset(keep_retentive=False)
    assert kept.read("%MB10") == 0


def test_which_paths_are_retentive(memory: Memory) -> None:
    blocks = memory.program.data_blocks
    assert retentive(blocks["machine"]) == (".a.total", ".b.total")
    assert retentive(blocks["free"]) == ()
    assert retentive(blocks["free"], "S7-300") == ("",)
    fixed = blocks["fixed"]
    fixed.retains = (".n",)
    assert retentive(fixed) == ("",)
    free = blocks["free"]
    free.retains = (".pairs", ".pairs.x", ".pairs[1]", ".list")
    assert set(retentive(free)) == {".pairs", ".list"}
    memory.write("Fixed.b", True)
    memory.write("Free.pairs[2].x", 70)
    memory.write("Free.w", 70)
    memory.reset(keep_retentive=True)
    assert memory.read("Fixed.b") is True and memory.read("Free.pairs[2].x") == 70 and memory.read("Free.w") == 0


def test_a_timer_in_retentive_data_keeps_what_it_remembers(memory: Memory) -> None:
    memory.program.data_blocks["machine"].retains = (".a.timer",)
    for axis in (memory.data_blocks["machine"].a, memory.data_blocks["machine"].b):
        axis.timer._state = ("TON", 5)
    memory.reset(keep_retentive=True)
    assert memory.data_blocks["machine"].a.timer._state == ("TON", 5)
    assert memory.data_blocks["machine"].b.timer._state is None


def test_a_changed_program_takes_its_values_over(memory: Memory) -> None:
    memory.write("Free.w", 5)
    memory.write("Free.list[1,0]", 6)
    memory.write("Free.pairs[2].x", 7)
    memory.write("Fixed.n", 8)
    memory.write("Machine.a.total", 9)
    memory.write("Level", 10)
    changed = SOURCE.replace("Array[-1..1, 0..1]", "Array[0..3, 0..4]").replace("n : Int; p", "n : DInt := 2; p")
    new = memory_of(changed.replace("total : DInt", "more : Int := 4; total : DInt"), *TAGS)
    new.carry_over(memory)
    assert (new.read("Free.w"), new.read("Free.list[1,0]"), new.read("Free.pairs[2].x")) == (5, 6, 7)
    assert new.read("Fixed.n") == 2 and new.read("Machine.a.total") == 9 and new.read("Machine.a.more") == 4
    assert new.read("Level") == 10


@pytest.mark.parametrize(
    ("family", "inputs", "timers"), [("S7-1200", 1024, 0), ("S7-1500", 32768, 2048), ("S7-300", 8192, 2048)]
)
def test_areas_have_the_size_of_the_cpu(family: str, inputs: int, timers: int) -> None:
    memory = Memory(Program(cpu=Cpu(family)))
    assert (len(memory.inputs), len(memory.timers)) == (inputs, timers)
