"""Ten repairs of the filling line: it does not compile, or does something wrong. The judge runs the whole line."""

from __future__ import annotations

from typing import Any

from benchmarks.tasks import line
from benchmarks.tasks.judging import behaves, compiles, keeps, reads, require_all
from benchmarks.tasks.plant import Call, Plant, call
from benchmarks.tasks.task import Attempt, Judge, Task

SECOND_JAM = """\
  - name: A second jam has its two seconds, too
    steps:
      - {write: {Door_Closed: true, Start: true, Jam: true}, wait: 1s500ms, expect: {Fault: false}}
      - {write: {Jam: false}, wait: 1s, expect: {Fault: false}}
      - {write: {Jam: true}, wait: 1s500ms, expect: {Fault: {never: true}}}
      - {wait: 600ms, expect: {Fault: true}}
"""
LINE = line.REGRESSION + line.HORN.replace("$BEFORE", "4s800ms") + SECOND_JAM
START_BELT = "IF #start THEN\n      #motor := TRUE;\n   END_IF;\n"
STOP_BELT = "IF #stop OR NOT #doorClosed THEN\n      #motor := FALSE;\n   END_IF;\n"
JAM_TIMER = "#jamTimer(IN := #jam AND #motor, PT := T#2s);"
SCALING = "INT_TO_REAL(#raw) / 276.48"
EDGE = "#piece AND NOT #pieceBefore"
OPEN, CLOSE = '#level < "Recipe".active.low', '#level > "Recipe".active.high'
FAULT_LAMP: dict[str, Any] = line.LAMPS["networks"][1]


def _lamp_networks(fault: dict[str, Any], coil: str = "Lamp_Fault") -> list[dict[str, Any]]:
    """Return the networks of Lamps with this contact before the lamp of the fault."""
    source = {"rungs": [[fault, {"coil": f'"{coil}"'}]]}
    return [line.LAMPS["networks"][0], {"title": FAULT_LAMP["title"], "source": source}]


def _read_language(plant: Plant) -> object:
    return {block["name"]: block["language"] for block in plant.run("blocks.list_", deviceName="PLC_1")}["Lamps"]


def _repair(
    id_: str, words: str, faulty: Call, right: Call, *wrong: Call, judge: Judge | None = None, tests: str = LINE
) -> Task:
    """Return a repair of a line with a fault; its judge compiles first, and runs the tests of the whole line last."""
    further = (judge,) if judge else ()
    return Task(
        id=id_,
        kind="repair",
        words=words,
        start=(*line.START, faulty),
        judge=require_all(compiles, keeps(*line.PARTS), *further, behaves(tests)),
        right=Attempt((right,)),
        wrong=tuple(Attempt((each,)) for each in wrong),
    )


def _rewrite(id_: str, words: str, source: str, right: str, faulty: str, *wrong: str) -> Task:
    """Return a repair of one text in the source of a block."""
    assert source.count(right) == 1
    start, *others = (line.write_scl(source.replace(right, each)) for each in (faulty, *wrong))
    return _repair(id_, words, start, line.write_scl(source), *others)


def _put_lamps(networks: list[dict[str, Any]]) -> Call:
    return call("blocks.put_content", blockName="Lamps", networks=networks)


def _rename_tag(old: str, new: str) -> Call:
    return call("tags.update", tableName="Inputs", tagName=old, newName=new)


TASKS = (
    _rewrite(
        "undeclared",
        "The program of PLC_1 does not compile. Find out why, and correct it. The level has to come from the raw value 0..27648 "
        "as 0..100 percent.",
        line.SCALE_LEVEL,
        SCALING,
        "INT_TO_REAL(#rawValue) / 276.48",
        "50.0",
        "INT_TO_REAL(#raw) / 27648.0",
    ),
    _repair(
        "renamed-tag",
        "Somebody renamed the tag Box_Change of PLC_1 to Box_Reset. Since then the program does not compile. The new name stays: "
        "adapt the program.",
        _rename_tag("Box_Change", "Box_Reset"),
        line.write_scl(line.PROCESS.replace('"Box_Change"', '"Box_Reset"')),
        _rename_tag("Box_Reset", "Box_Change"),
        line.write_scl(line.PROCESS.replace('"Box_Change"', '"Acknowledge"')),
        judge=reads(
            "The tags at %I0.6",
            lambda plant: [
                tag["name"]
                for tag in plant.run("tags.list_all", deviceName="PLC_1")
                if tag["logicalAddress"] == "%I0.6"
            ],
            ["Box_Reset"],
        ),
        tests=LINE.replace("Box_Change", "Box_Reset"),
    ),
    _rewrite(
        "wrong-type",
        "The block PieceCounter of PLC_1 has compile errors. Correct them: each rising edge at its input 'piece' counts one piece.",
        line.PIECE_COUNTER,
        "pieceBefore : Bool",
        "pieceBefore : Int",
        "pieceBefore : Bool := TRUE",
    ),
    _rewrite(
        "stop-first",
        "While the operator holds Start, Stop does not stop the belt of PLC_1, nor does the open door. Both have to win. Correct it.",
        line.BELT_CONTROL,
        START_BELT + "   " + STOP_BELT,
        STOP_BELT + "   " + START_BELT,
        START_BELT + "   " + STOP_BELT.replace(" OR NOT #doorClosed", ""),
        START_BELT.replace("#start", "#start AND NOT #motor")
        + "   "
        + STOP_BELT.replace("#stop", "#stop AND NOT #start"),
    ),
    _rewrite(
        "counter",
        "The counter of PLC_1 counts much too fast: while a piece is in front of the sensor, Pieces increases all the time. "
        "Each piece must count once. Correct it.",
        line.PIECE_COUNTER,
        EDGE,
        "#piece",
        "NOT #piece AND #pieceBefore",
        "#piece AND #count = 0",
    ),
    _rewrite(
        "scaling",
        "The level of PLC_1 shows 0 percent until the raw value reaches 27648, then 100 percent. 13824 has to be 50 percent. Correct it.",
        line.SCALE_LEVEL,
        SCALING,
        "INT_TO_REAL(#raw / 27648) * 100.0",
        "INT_TO_REAL(#raw / 276)",
        "INT_TO_REAL(#raw) / 276.48 + 1.0",
    ),
    _rewrite(
        "timer",
        "A jam on PLC_1 has to last two seconds without a break until it is a fault. But two short jams of one and a half seconds "
        "each are a fault, too. Correct that.",
        line.BELT_CONTROL,
        JAM_TIMER,
        "IF #jam THEN\n      #jamTimer(IN := #motor, PT := T#2s);\n   END_IF;",
        "#jamTimer(IN := #jam AND #motor, PT := T#4s);",
        "IF #jam THEN\n      #jamTimer(IN := #motor, PT := T#3s);\n   END_IF;",
    ),
    _rewrite(
        "second-write",
        "On PLC_1 the lamp Lamp_Run stays dark although the belt runs. Correct it.",
        line.PROCESS,
        '   "Lamps"();\n',
        '   "Lamps"();\n   "Lamp_Run" := "Spare_1";\n',
        '   "Lamps"();\n   "Lamp_Run" := TRUE;\n',
        '   "Lamp_Run" := "Belt_Motor";\n',
    ),
    _rewrite(
        "hysteresis",
        "The tank of PLC_1 runs empty: the valve does not open below the lower limit of the recipe. It has to open below 'low' and "
        "close above 'high', and stay as it is between them. Correct it.",
        line.FILLER,
        f"{OPEN} THEN\n      #valve := TRUE;\n   ELSIF {CLOSE} THEN\n      #valve := FALSE;",
        f"{CLOSE} THEN\n      #valve := TRUE;\n   ELSIF {OPEN} THEN\n      #valve := FALSE;",
        f"{OPEN} THEN\n      #valve := TRUE;\n   ELSE\n      #valve := FALSE;",
        f"{CLOSE} THEN\n      #valve := FALSE;\n   ELSE\n      #valve := TRUE;",
    ),
    _repair(
        "lad-contact",
        "On PLC_1 the lamp Lamp_Fault lights all the time, except at a fault. Correct the LAD block Lamps; it has to stay LAD.",
        _put_lamps(_lamp_networks({"contact": '"Fault"', "negated": True})),
        _put_lamps(_lamp_networks({"contact": '"Fault"'})),
        _put_lamps(_lamp_networks({"contact": '"Jam"'})),
        _put_lamps(_lamp_networks({"contact": '"Fault"'}, "Lamp_Run")),
        judge=reads("The language of Lamps", _read_language, "LAD"),
    ),
)
