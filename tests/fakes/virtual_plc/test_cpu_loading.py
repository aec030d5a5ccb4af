"""Loading programs into a virtual CPU, and programs in SCL that fail, on every tier that is there."""

import pytest

from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.cpu_kit import MAIN, Scripted, ob, program
from virtual_plc.cpu.clock import MILLISECOND, SECOND
from virtual_plc.cpu.cpu import LoadRefusedError, Settings, State, VirtualCpu
from virtual_plc.memory.program import Program, ProgramError, program_of

DATA = """
DATA_BLOCK "Data"
{{ S7_Optimized_Access := 'TRUE' }}
VERSION : 0.1
   VAR
      {members}
   END_VAR
BEGIN
END_DATA_BLOCK
"""
TAGS = (Tag("In", "Int", "%IW0"), Tag("Out", "Int", "%QW0"), Tag("Mark", "Int", "%MW10"))


def data(members: str = "a : Int := 1; b : Int := 2;") -> str:
    return DATA.format(members=members)


def running(made: Program) -> tuple[VirtualCpu, Scripted]:
    scripted = Scripted({})
    cpu = VirtualCpu(made, tier=scripted)
    cpu.power_on()
    cpu.run()
    cpu.run_cycles(1)
    return cpu, scripted


def test_a_load_in_run_keeps_values_and_goes_on() -> None:
    cpu, scripted = running(program(MAIN, source=data(), items=TAGS))
    cpu.write_many({'"Data".a': 7, "Mark": 8, "In": 9})
    cpu.load(program(MAIN, ob("Cyclic", 30, "CyclicInterrupt"), source=data("a : Int := 5; b : Int;"), items=TAGS))
    assert cpu.state is State.RUN
    assert cpu.read_many(['"Data".a', '"Data".b', "Mark", "In"]) == {'"Data".a': 7, '"Data".b': 2, "Mark": 8, "In": 9}
    cpu.run_for(100 * MILLISECOND)
    assert cpu.clock.now == 100 * MILLISECOND
    assert scripted.times("Cyclic") == [100]
    assert scripted.times("Main")[-1] == 100


def test_an_ob_that_is_loaded_away_does_not_come_any_more() -> None:
    cpu, scripted = running(program(MAIN, ob("Cyclic", 30, "CyclicInterrupt"), ob("Late", 20, "TimeDelayInterrupt")))
    scripted.services.request("SRT_DINT", OB_NR=20, DTIME=50, SIGN=0)
    cpu.load(program(MAIN))
    cpu.run_for(SECOND)
    assert set(scripted.names()) == {"Main"}


def test_renumbered_blocks_are_loaded_in_stop_only() -> None:
    before, after = program(MAIN, source=data(), items=TAGS), program(MAIN, source=data(), items=TAGS)
    after.data_blocks["data"].number = 77
    cpu, _ = running(before)
    cpu.write('"Data".a', 7)
    with pytest.raises(LoadRefusedError, match="'Data'") as caught:
        cpu.load(after, reinitialize=True)
    assert [(each.code, each.name) for each in caught.value.problems] == [("load.renumbered", "Data")]
    assert cpu.program is before
    cpu.stop()
    cpu.load(after)
    assert cpu.read('"Data".a') == 7
    assert cpu.memory.by_number.keys() == {77}


def test_another_structure_loses_its_values_only_when_that_is_allowed() -> None:
    cpu, _ = running(program(MAIN, source=data(), items=TAGS))
    cpu.write_many({'"Data".a': 7, "Mark": 8})
    wider = program(MAIN, source=data("a : DInt := 5;"), items=TAGS)
    with pytest.raises(LoadRefusedError) as caught:
        cpu.load(wider)
    assert [(each.code, each.name) for each in caught.value.problems] == [("load.structure", "Data")]
    assert [each.code for each in cpu.load_problems(wider)] == ["load.structure"]
    cpu.load(wider, reinitialize=True)
    assert cpu.read_many(['"Data".a', "Mark"]) == {'"Data".a': 5, "Mark": 8}


@pytest.mark.parametrize("reinitialize", [False, True])
def test_a_load_in_stop_keeps_members_unless_data_are_to_be_initialised(reinitialize: bool) -> None:
    cpu, _ = running(program(MAIN, source=data(), items=TAGS))
    cpu.write_many({'"Data".a': 7, '"Data".b': 8})
    cpu.stop()
    changed = program(MAIN, source=data("a : DInt := 5; b : Int := 6; c : Int := 9;"), items=TAGS)
    cpu.load(changed, reinitialize=reinitialize)
    kept = 6 if reinitialize else 8
    assert cpu.read_many(['"Data".a', '"Data".b', '"Data".c']) == {'"Data".a': 5, '"Data".b': kept, '"Data".c': 9}


# Programs in SCL -----------------------------------------------------------------------------------------------------

OB = """
ORGANIZATION_BLOCK "{name}"
TITLE = "{title}"
VERSION : 0.1
   VAR_TEMP
      i : Int; x : Real; list : Array[0..9] of Int;
   END_VAR
BEGIN
{body}
END_ORGANIZATION_BLOCK
"""


def scl(body: str, *more: str, obs: tuple[tuple[str, str, str], ...] = ()) -> Program:
    """A program with this OB1 and further OBs (name, title, body)."""
    workspace = Workspace()
    for tag in (*TAGS, Tag("Result", "Real", "%MD20"), Tag("Turns", "DInt", "%MD30")):
        workspace.put(tag)
    for name, title, text in (("Main", "Main Program Sweep (Cycle)", body), *obs):
        assert not workspace.put_source(OB.format(name=name, title=title, body=text), name)
    for source in more:
        assert not workspace.put_source(source, source)
    return program_of(workspace)


def with_error_ob(made: Program) -> Program:
    """Let an OB named `Errors` take programming errors."""
    found = made.blocks["errors"]
    found.number, found.secondary_type = 121, "ProgrammingError"
    return made


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def on(made: Program, tier: str, patience: float = 60) -> VirtualCpu:
    cpu = VirtualCpu(made, tier=TIERS[tier], settings=Settings(patience=patience))
    cpu.power_on()
    cpu.run()
    return cpu


def test_inputs_change_outputs(tier: str) -> None:
    cpu = on(scl('"Out" := "In" + 1;'), tier)
    cpu.write("In", 41)
    cpu.run_cycles(2)
    assert cpu.read("%QW0:P") == 42


def test_startup_and_cyclic_obs_of_a_source_run(tier: str) -> None:
    obs = (("Start", "Complete Restart", '"Mark" := 100;'), ("Fast", "Cyclic interrupt", '"Mark" := "Mark" + 1;'))
    cpu = on(scl('"Turns" := "Turns" + 1;', obs=obs), tier)
    assert cpu.read("Mark") == 100
    cpu.run_for(SECOND)
    assert (cpu.read("Mark"), cpu.read("Turns")) == (110, 101)


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        'WHILE TRUE DO "Turns" := "Turns" + 1; END_WHILE;',
        'REPEAT "Turns" := "Turns" + 1; UNTIL FALSE END_REPEAT;',
        'WHILE TRUE DO "Forever"(); END_WHILE;',
    ],
)
def test_an_endless_loop_stops_the_cpu_and_it_runs_again(body: str, tier: str) -> None:
    function = 'FUNCTION "Forever" : Void\nVERSION : 0.1\nBEGIN\n"Turns" := "Turns" + 1;\nEND_FUNCTION\n'
    cpu = on(scl(body, *([function] if "Forever" in body else [])), tier, patience=1)  # time: the loop ends by it
    cpu.run_cycles(3)
    assert cpu.state is State.STOP
    assert [each.event_text for each in cpu.diagnostics[:2]] == ["16#02:4569", "16#02:3501"]
    cpu.load(scl('"Mark" := 3;'))
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.read("Mark") == 3


def test_division_by_zero_gives_zero_and_the_cpu_runs_on(tier: str) -> None:
    cpu = on(scl('"Out" := 7 / "In"; "Mark" := 7 MOD "In"; "Turns" := "Turns" + 1;'), tier)
    assert cpu.run_cycles(2) == 2
    assert cpu.read_many(["Out", "Mark", "Turns"]) == {"Out": 0, "Mark": 0, "Turns": 2}


def test_real_numbers_that_are_none_do_no_harm(tier: str) -> None:
    cpu = on(
        scl('#x := 0.0; "Result" := #x / #x; IF "Result" = "Result" THEN "Mark" := 1; ELSE "Mark" := 2; END_IF;'), tier
    )
    assert cpu.run_cycles(2) == 2
    assert (str(cpu.read("Result")), cpu.read("Mark")) == ("nan", 2)


READ_OUTSIDE = '#i := "In" + 10; "Out" := 5; "Out" := #list[#i]; "Mark" := 1;'
WRITE_OUTSIDE = '#i := "In" + 10; #list[#i] := 3; "Mark" := 1;'


@pytest.mark.parametrize(("body", "event"), [(READ_OUTSIDE, "16#02:2522"), (WRITE_OUTSIDE, "16#02:2523")])
def test_an_index_out_of_range_stops_the_cpu_without_ob121(body: str, event: str, tier: str) -> None:
    cpu = on(scl(body), tier)
    assert cpu.run_cycles(1) == 0
    assert cpu.state is State.STOP
    fault = cpu.diagnostics[1]
    assert (fault.event_text, cpu.read("Mark")) == (event, 0)
    assert fault.place is not None
    assert (fault.place.block, fault.place.line) == ("Main", 9)


@pytest.mark.parametrize("body", [READ_OUTSIDE, WRITE_OUTSIDE])
def test_an_index_out_of_range_runs_ob121_and_the_cpu_goes_on(body: str, tier: str) -> None:
    made = with_error_ob(scl(body, obs=(("Errors", "", '"Turns" := "Turns" + 1;'),)))
    cpu = on(made, tier)
    assert cpu.run_cycles(2) == 2
    assert (cpu.state, cpu.read("Turns")) == (State.RUN, 2)
    assert (cpu.read("Mark"), cpu.read("Out")) == (1, 0)


def test_a_block_that_asks_for_its_errors_goes_on_without_ob121(tier: str) -> None:
    cpu = on(scl('#i := "In" + 10; "Out" := #list[#i]; "Mark" := WORD_TO_INT(GET_ERR_ID());'), tier)
    assert cpu.run_cycles(2) == 2
    assert cpu.read("Mark") == 0x2522


def test_a_block_that_is_called_by_one_that_asks_for_errors_does_not_go_on(tier: str) -> None:
    function = """
FUNCTION "Outside" : Void
VERSION : 0.1
   VAR_TEMP
      i : Int; list : Array[0..9] of Int;
   END_VAR
BEGIN
   #i := "In" + 10;
   #list[#i] := 1;
END_FUNCTION
"""
    cpu = on(scl('"Outside"(); "Mark" := WORD_TO_INT(GET_ERR_ID());', function), tier)
    cpu.run_cycles(1)
    assert cpu.state is State.STOP
    assert cpu.diagnostics[1].place is not None
    assert cpu.diagnostics[1].place.block == "Outside"


def test_interrupts_that_a_program_in_scl_starts(tier: str) -> None:
    obs = (("Late", "Time delay interrupt", '"Mark" := "Mark" + 1;'),)
    cpu = on(
        scl(
            'IF "Turns" = 0 THEN "Out" := SRT_DINT(OB_NR := 20, DTIME := T#35ms, SIGN := 0); END_IF; "Turns" := 1;',
            obs=obs,
        ),
        tier,
    )
    cpu.run_for(30 * MILLISECOND)
    assert (cpu.read("Out"), cpu.read("Mark")) == (0, 0)
    cpu.run_for(SECOND)
    assert cpu.read("Mark") == 1


def test_a_timer_follows_virtual_time(tier: str) -> None:
    source = """
DATA_BLOCK "Timers"
{ S7_Optimized_Access := 'TRUE' }
   VAR
      on : TON_TIME;
   END_VAR
BEGIN
END_DATA_BLOCK
"""
    cpu = on(scl('"Timers".on(IN := "In" = 1, PT := T#2s); "Out" := BOOL_TO_INT("Timers".on.Q);', source), tier)
    cpu.write("In", 1)
    assert cpu.run_until(lambda each: each.read("Out") == 1, 10 * SECOND)
    assert cpu.clock.now == 2 * SECOND


def test_the_clock_is_read_and_set_by_a_program(tier: str) -> None:
    source = data("now : LDT;").replace('"Data"', '"Clock"')
    cpu = on(scl('"Out" := RD_SYS_T(OUT => "Clock".now);', source), tier)
    cpu.run_for(SECOND)
    assert cpu.read('"Clock".now') == cpu.clock.wall


def test_calls_nested_too_deep_stop_the_cpu(tier: str) -> None:
    function = 'FUNCTION "Deeper" : Void\nVERSION : 0.1\nBEGIN\n"Deeper"();\nEND_FUNCTION\n'
    cpu = on(scl('"Deeper"();', function), tier)
    cpu.run_cycles(1)
    assert cpu.state is State.STOP
    assert cpu.diagnostics[1].code == "stack"


def test_a_program_that_uses_what_is_not_executed_is_refused_with_the_place() -> None:
    cpu = on(scl('"Mark" := 1;'), "reference")
    made = scl('"Mark" := 2;\n#i := LED(LADDR := 52, LED := 1);')
    with pytest.raises(ProgramError) as caught:
        cpu.load(made)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.block, problem.place.line) == ("instruction.unsupported", "Main", 10)
    assert problem.message.startswith("LED ")
    cpu.run_cycles(1)
    assert cpu.read("Mark") == 1
