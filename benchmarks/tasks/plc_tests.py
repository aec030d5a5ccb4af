"""Ten tests to write for the filling line. The judge runs each on the line and on lines with an error that it has to find."""

from __future__ import annotations

from typing import Any

from benchmarks.tasks import line
from benchmarks.tasks.judging import Mutant, detects
from benchmarks.tasks.plant import Call
from benchmarks.tasks.task import Attempt, Task

STORE = "Store the test in the service as '{name}'; it runs on the whole program."
READY = {"Door_Closed": True, "Start": True}
JAMMED = READY | {"Jam": True}
Step = dict[str, Any]


def _step(write: dict[str, Any], expect: dict[str, Any], ms: int = 20) -> Step:
    return {"write": write, "waitMs": ms, "assert": expect}


def _wait(ms: int, **expect: Any) -> Step:
    return _step({}, expect, ms)


def _test(id_: str, name: str, words: str, mutants: list[Mutant], right: list[Step], *wrong: list[Step]) -> Task:
    """Return a task whose attempts are the steps of the stored test."""

    def store(steps: list[Step]) -> Attempt:
        return Attempt((Call("plc_tests.save", {"name": name, "steps": steps}),))

    return Task(
        id=id_,
        kind="test",
        words=f"Write a PLC test for PLC_1: {words} {STORE.format(name=name)}",
        start=line.START,
        judge=detects(name, *mutants),
        right=store(right),
        wrong=tuple(map(store, wrong)),
    )


def _belt(right: str, *wrong: str) -> list[Mutant]:
    return [Mutant(line.BELT_CONTROL, right, each) for each in wrong]


def _count(right: str, *wrong: str) -> list[Mutant]:
    return [Mutant(line.PIECE_COUNTER, right, each) for each in wrong]


ONE_PIECE = [_step({"Piece": True}, {"Pieces": 1}), _step({"Piece": False}, {"Pieces": 1})]
TWO_PIECES = [*ONE_PIECE, _step({"Piece": True}, {"Pieces": 2}), _step({"Piece": False}, {"Pieces": 2})]

TASKS = (
    _test(
        "test-latch",
        "Belt latches",
        "with the door closed, the belt motor starts with Start, and runs on when Start is released.",
        _belt("IF #start THEN\n      #motor := TRUE;\n   END_IF;", "#motor := #start;", ""),
        [_step(READY, {"Belt_Motor": True}), _step({"Start": False}, {"Belt_Motor": True})],
        [_step(READY, {"Belt_Motor": True})],
        [_step({"Start": True}, {"Belt_Motor": True}), _step({"Start": False}, {"Belt_Motor": True})],
    ),
    _test(
        "test-stop",
        "Stop wins",
        "while Start and Stop are both pressed, the belt motor is off; Stop alone stops it, too.",
        _belt("IF #stop OR", "IF (#stop AND NOT #start) OR", "IF (#stop AND #start) OR", "IF"),
        [
            _step(READY, {"Belt_Motor": True}),
            _step({"Stop": True}, {"Belt_Motor": False}),
            _step({"Stop": False}, {"Belt_Motor": True}),
            _step({"Start": False}, {"Belt_Motor": True}),
            _step({"Stop": True}, {"Belt_Motor": False}),
        ],
        [_step(READY, {"Belt_Motor": True}), _step({"Start": False, "Stop": True}, {"Belt_Motor": False})],
        [_step(READY, {"Belt_Motor": True}), _step({"Stop": True}, {"Belt_Motor": False})],
    ),
    _test(
        "test-door",
        "Door stops belt",
        "opening the door stops the belt motor, and with an open door it does not start.",
        _belt("OR NOT #doorClosed", "", "OR (NOT #doorClosed AND #start)", "OR (NOT #doorClosed AND NOT #start)"),
        [
            _step({"Start": True}, {"Belt_Motor": False}),
            _step({"Door_Closed": True}, {"Belt_Motor": True}),
            _step({"Start": False}, {"Belt_Motor": True}),
            _step({"Door_Closed": False}, {"Belt_Motor": False}),
        ],
        [_step({"Start": True}, {"Belt_Motor": False})],
        [_step({"Door_Closed": False}, {"Belt_Motor": False})],
    ),
    _test(
        "test-jam",
        "Jam time",
        "a jam of the running belt becomes a fault (tag Fault) after two seconds, neither after 1.5 nor only after 2.5 seconds.",
        _belt("#motor, PT := T#2s", "#motor, PT := T#1500ms", "#motor, PT := T#2500ms", "#motor, PT := T#0s"),
        [_step(JAMMED, {"Fault": False}, 1900), _wait(300, Fault=True)],
        [_step(JAMMED, {"Fault": True}, 5000)],
        [_step(JAMMED, {"Fault": False}, 1000), _wait(5000, Fault=True)],
    ),
    _test(
        "test-acknowledge",
        "Acknowledge",
        "after a jam a fault stays until it is acknowledged, and it cannot be acknowledged while the jam lasts.",
        _belt("#acknowledge AND NOT #jam", "#acknowledge", "NOT #jam", "FALSE"),
        [
            _step(JAMMED, {"Fault": True}, 2500),
            _step({"Start": False, "Acknowledge": True}, {"Fault": True}),
            _step({"Acknowledge": False, "Jam": False}, {"Fault": True}),
            _step({"Acknowledge": True}, {"Fault": False}),
        ],
        [_step(JAMMED, {"Fault": True}, 2500), _step({"Jam": False, "Acknowledge": True}, {"Fault": False})],
        [_step(JAMMED, {"Fault": True}, 2500), _step({"Acknowledge": True}, {"Fault": False})],
    ),
    _test(
        "test-horn",
        "Horn time",
        "at a fault by a jam the horn sounds for five seconds, not for four and not for six; the fault stays.",
        [
            *_belt("IN := #fault, PT := T#5s", "IN := #fault, PT := T#4s", "IN := #fault, PT := T#6s"),
            *_belt("#fault AND NOT #hornTimer.Q", "#fault", "FALSE"),
        ],
        [
            _step(JAMMED, {"Horn": True, "Fault": True}, 2100),
            _wait(4700, Horn=True),
            _wait(500, Horn=False, Fault=True),
        ],
        [_step(JAMMED, {"Horn": True}, 2100), _wait(10000, Horn=False)],
        [_step(JAMMED, {"Horn": True}, 4800), _wait(300, Horn=False)],
    ),
    _test(
        "test-filler",
        "Filling valve",
        "the filling valve opens below 20 and closes above 80 percent of the level; between them it stays open or closed as it was. "
        "Level_Raw is 0..27648 for 0..100 percent.",
        [
            Mutant(line.FILLER, '< "Recipe".active.low', '< "Recipe".active.high'),
            Mutant(line.FILLER, '> "Recipe".active.high', '> "Recipe".active.low'),
            Mutant(line.FILLER, "#valve := FALSE", "#valve := TRUE"),
        ],
        [
            _step({"Level_Raw": 2000}, {"Fill_Valve": True}),
            _step({"Level_Raw": 13824}, {"Fill_Valve": True}),
            _step({"Level_Raw": 23000}, {"Fill_Valve": False}),
            _step({"Level_Raw": 13824}, {"Fill_Valve": False}),
        ],
        [_step({"Level_Raw": 2000}, {"Fill_Valve": True}), _step({"Level_Raw": 23000}, {"Fill_Valve": False})],
        [_step({"Level_Raw": 13824}, {"Fill_Valve": True})],
    ),
    _test(
        "test-scaling",
        "Scaling",
        "Level_Raw 0..27648 is Level 0..100 percent, to 0.1 percent; values below and above are limited to 0 and 100.",
        [
            Mutant(line.SCALE_LEVEL, "276.48", "280.0"),
            Mutant(line.SCALE_LEVEL, "MN := 0.0", "MN := -100.0"),
            Mutant(line.SCALE_LEVEL, "MX := 100.0", "MX := 200.0"),
        ],
        [
            _step({"Level_Raw": 13824}, {"Level": {"expected": 50, "tolerance": 0.1}}),
            _step({"Level_Raw": -5000}, {"Level": {"expected": 0, "tolerance": 0.1}}),
            _step({"Level_Raw": 32000}, {"Level": {"expected": 100, "tolerance": 0.1}}),
        ],
        [_step({"Level_Raw": 13824}, {"Level": {"expected": 50, "tolerance": 0.1}})],
        [
            _step({"Level_Raw": 13824}, {"Level": {"expected": 50, "tolerance": 5}}),
            _step({"Level_Raw": -5000}, {"Level": 0}),
            _step({"Level_Raw": 32000}, {"Level": 100}),
        ],
    ),
    _test(
        "test-count",
        "Piece counter",
        "Pieces counts each piece at the sensor Piece once, when it arrives, no matter how long it stays there.",
        _count("#piece AND NOT #pieceBefore", "#piece", "NOT #piece AND #pieceBefore", "#piece AND #count = 0"),
        TWO_PIECES,
        ONE_PIECE,
        [_step({"Piece": True}, {"Pieces": {"min": 1}}), _step({"Piece": False}, {"Pieces": {"min": 1}})],
    ),
    _test(
        "test-box",
        "Box full",
        "with the third piece, not before and not later, Box_Full comes; Box_Change sets Pieces to 0 and resets Box_Full.",
        [
            *_count("#count >= ", "#count > ", "#count + 1 >= "),
            *_count("#count := 0", "#count := #count", "#count := 1"),
        ],
        [
            *TWO_PIECES,
            _step({}, {"Box_Full": False}),
            _step({"Piece": True}, {"Box_Full": True}),
            _step({"Box_Change": True}, {"Box_Full": False, "Pieces": 0}),
        ],
        [*TWO_PIECES, _step({"Piece": True}, {"Box_Full": True}), _step({"Box_Change": True}, {"Pieces": 0})],
        [*TWO_PIECES, _step({}, {"Box_Full": False}), _step({"Piece": True}, {"Box_Full": True})],
    ),
)
