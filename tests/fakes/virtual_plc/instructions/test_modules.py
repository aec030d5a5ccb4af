"""Process data and data records of modules: lengths, addresses, errors."""

from __future__ import annotations

import struct

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.surroundings import Module, Modules

DRIVE = 270
MEMBERS = """
laddr : HW_IO := 270; status : Int; written : Int;
telegram : Struct state : Word; actual : DInt; END_STRUCT;
order : Struct control : Word; setpoint : DInt; END_STRUCT;
"""
EXCHANGE = """
"D".status := DPRD_DAT(LADDR := "D".laddr, RECORD => "D".telegram);
"D".written := DPWR_DAT(LADDR := "D".laddr, RECORD := "D".order);
"""


def word(number: int) -> int:
    """Return an error as RET_VAL has it."""
    return struct.unpack(">h", struct.pack(">H", number))[0]


def drive(cpu: VirtualCpu, inputs: range = range(256, 262), outputs: range = range(300, 306)) -> Module:
    return cpu.surroundings.modules.put(DRIVE, Module(inputs, outputs))


def test_consistent_data_go_from_the_module_and_to_it() -> None:
    with running(MEMBERS, EXCHANGE) as cpu:
        drive(cpu)
        with cpu.between_scans() as memory:
            memory.peripheral_inputs[256:262] = struct.pack(">Hi", 0xB7, -70_000)
        cpu.write_many({'"D".order.control': 0x47F, '"D".order.setpoint': -5})
        assert cycle(cpu, "status", "written", "telegram") == (0, 0, {"state": 0xB7, "actual": -70_000})
        assert bytes(cpu.memory.peripheral_outputs[300:306]) == struct.pack(">Hi", 0x47F, -5)


def test_written_data_are_in_the_process_image_so_that_the_next_cycle_keeps_them() -> None:
    with running(MEMBERS + "once : Bool := TRUE;", f'IF "D".once THEN {EXCHANGE} END_IF; "D".once := FALSE;') as cpu:
        drive(cpu)
        cpu.write('"D".order.setpoint', 9)
        cycle(cpu, "status", count=3)
        assert bytes(cpu.memory.peripheral_outputs[300:306]) == struct.pack(">Hi", 0, 9)


@pytest.mark.parametrize(
    ("module", "reading", "writing"),
    [
        (None, 0x8090, 0x8090),
        (Module(range(256, 260), range(300, 307)), 0x80B1, 0x80B1),
        (Module(range(0), range(300, 306)), 0x8093, 0),
        (Module(range(256, 262), range(300, 306), present=False), 0x80A0, 0x80A1),
    ],
)
def test_what_cannot_be_accessed_has_its_error_and_changes_nothing(
    module: Module | None, reading: int, writing: int
) -> None:
    with running(MEMBERS, EXCHANGE) as cpu:
        if module is not None:
            cpu.surroundings.modules.put(DRIVE, module)
        cpu.write_many({'"D".telegram.actual': 4, '"D".order.setpoint': 8})
        with cpu.between_scans() as memory:
            memory.peripheral_inputs[256:262] = bytes(range(1, 7))
        assert cycle(cpu, "status", "written") == (word(reading), word(writing))
        assert cpu.read('"D".telegram.actual') == 4
        assert any(cpu.memory.outputs) == (writing == 0)


def test_older_cpus_name_a_module_by_its_first_address() -> None:
    with running(MEMBERS.replace("HW_IO := 270", "Int := 256"), EXCHANGE, family="S7-300", optimized=False) as cpu:
        drive(cpu, range(256, 262), range(256, 262))
        with cpu.between_scans() as memory:
            memory.peripheral_inputs[256:262] = struct.pack(">Hi", 1, 2)
        assert cycle(cpu, "status", "written", "telegram") == (0, 0, {"state": 1, "actual": 2})


def test_parts_of_the_inputs_and_outputs_of_a_submodule() -> None:
    statements = """
    "get"(ID := 270, OFFSET := 2, LEN := 3, INPUTS := "D".bytes);
    "put"(ID := 270, OFFSET := 1, LEN := 2, OUTPUTS := "D".bytes);
    "all"(ID := 270, INPUTS := "D".telegram);
    "set"(ID := 270, OUTPUTS := "D".bytes);
    """
    instances = {"get": "GETIO_PART", "put": "SETIO_PART", "all": "GETIO", "set": "SETIO"}
    with running(MEMBERS + "bytes : Array[0..3] of Byte;", statements, instances=instances) as cpu:
        drive(cpu)
        with cpu.between_scans() as memory:
            memory.peripheral_inputs[256:262] = bytes((1, 2, 3, 4, 5, 6))
        cpu.run_cycles(1)
        assert cpu.read('"D".bytes') == [3, 4, 5, 0]
        assert bytes(cpu.memory.outputs[300:306]) == bytes((0, 3, 4, 0, 0, 0))
        assert (cpu.read('"all".STATUS'), cpu.read('"all".LEN'), cpu.read('"D".telegram.state')) == (0, 6, 0x102)
        assert cpu.read('"set".STATUS') == 0x4080_B100
        assert (cpu.read('"get".ERROR'), cpu.read('"put".STATUS')) == (False, 0)


RECORDS = """
req : Bool; index : DInt := 47; mlen : UInt;
valid : Bool; busy : Bool; error : Bool; status : DWord; len : UInt; record : Array[0..7] of Byte;
"""
READING = """
"io"(REQ := "D".req, ID := 270, INDEX := "D".index, MLEN := "D".mlen, RECORD := "D".record,
     VALID => "D".valid, BUSY => "D".busy, ERROR => "D".error, STATUS => "D".status, LEN => "D".len);
"""
WRITING = """
"io"(REQ := "D".req, ID := 270, INDEX := "D".index, LEN := "D".mlen, RECORD := "D".record,
     DONE => "D".valid, BUSY => "D".busy, ERROR => "D".error, STATUS => "D".status);
"""
OUTPUTS = ("valid", "busy", "error", "status")


def test_a_data_record_is_read_over_several_calls() -> None:
    with running(RECORDS, READING, instances={"io": "RDREC"}) as cpu:
        drive(cpu).records[47] = bytes((1, 2, 3, 4, 5))
        assert cycle(cpu, *OUTPUTS) == (False, False, False, 0x0070_0000)
        cpu.write('"D".req', True)
        assert cycle(cpu, *OUTPUTS) == (False, True, False, 0x0070_0100)
        cpu.write('"D".req', False)
        assert cycle(cpu, *OUTPUTS) == (False, True, False, 0x0070_0200)
        assert cpu.read('"D".record') == [0] * 8
        assert cycle(cpu, *OUTPUTS, "len") == (True, False, False, 0, 5)
        assert cpu.read('"D".record') == [1, 2, 3, 4, 5, 0, 0, 0]
        assert cycle(cpu, *OUTPUTS) == (False, False, False, 0x0070_0000)


def test_mlen_limits_the_bytes_that_are_read() -> None:
    with running(RECORDS, READING, instances={"io": "RDREC"}) as cpu:
        drive(cpu).records[47] = bytes(range(1, 20))
        cpu.write_many({'"D".req': True, '"D".mlen': 3})
        assert cycle(cpu, "valid", "len", "record", count=3) == (True, 3, [1, 2, 3, 0, 0, 0, 0, 0])
        cpu.write('"D".mlen', 0)
        assert cycle(cpu, "valid", "len", "record", count=3) == (True, 8, list(range(1, 9)))


@pytest.mark.parametrize(
    ("statements", "kind", "known", "present", "status"),
    [
        (READING, "RDREC", False, True, 0xC080_9000),
        (READING, "RDREC", True, True, 0xDE80_B000),
        (READING, "RDREC", True, False, 0xDE80_A200),
        (WRITING, "WRREC", False, True, 0xC080_9000),
        (WRITING, "WRREC", True, True, 0xDF80_B000),
        (WRITING, "WRREC", True, False, 0xDF80_A200),
    ],
)
def test_errors_of_data_records_are_those_of_the_protocol(
    statements: str, kind: str, known: bool, present: bool, status: int
) -> None:
    with running(RECORDS, statements, instances={"io": kind}) as cpu:
        if known:
            drive(cpu).present = present
        cpu.write('"D".req', True)
        assert cycle(cpu, *OUTPUTS, count=3) == (False, False, True, status)


def test_a_data_record_that_is_written_has_the_length_of_the_module() -> None:
    with running(RECORDS, WRITING, instances={"io": "WRREC"}) as cpu:
        module = drive(cpu)
        module.records[47] = bytes(4)
        cpu.write_many({'"D".req': True, '"D".record': [9, 8, 7, 6, 5, 4, 3, 2], '"D".mlen': 4})
        assert cycle(cpu, *OUTPUTS, count=3) == (True, False, False, 0)
        assert module.records[47] == bytes((9, 8, 7, 6))
        cpu.write('"D".mlen', 0)
        assert cycle(cpu, *OUTPUTS, count=3) == (False, False, True, 0xDF80_B100)
        assert module.records[47] == bytes((9, 8, 7, 6))


def test_a_test_can_decide_about_the_records_that_a_program_writes() -> None:
    def decide(index: int, content: bytes) -> int:
        return 0 if sum(content) < 10 else 0xB8

    with running(RECORDS, WRITING, instances={"io": "WRREC"}) as cpu:
        module = drive(cpu)
        module.on_write = decide
        cpu.write_many({'"D".req': True, '"D".record': [9, 0, 0, 0, 0, 0, 0, 0]})
        assert cycle(cpu, *OUTPUTS, count=3) == (True, False, False, 0)
        assert module.records == {47: bytes((9, 0, 0, 0, 0, 0, 0, 0))}
        cpu.write('"D".record[1]', 1)
        assert cycle(cpu, *OUTPUTS, count=3) == (False, False, True, 0xDF80_B800)


def test_another_hardware_configuration_keeps_the_records_of_modules_that_remain() -> None:
    modules = Modules()
    modules.put(270, Module(range(4), records={1: b"a"}))
    modules.put(271, Module(range(4, 8)))
    modules.replace({270: Module(range(8, 12), records={2: b"b"})})
    found = modules.find(270)
    assert found is not None
    assert (found.inputs, found.records) == (range(8, 12), {1: b"a", 2: b"b"})
    assert modules.find(271) is None


def test_what_is_no_hardware_identifier_or_record_is_refused() -> None:
    with pytest.raises(ValueError, match="hardware identifier"):
        Modules().put(0, Module())
    with pytest.raises(ValueError, match="longer than"):
        Modules().put(1, Module(records={1: bytes(65_536)}))
