"""Ten small changes of the filling line. The judge runs the changed program; the rest of it has to work as before."""

from __future__ import annotations

from typing import Any

from benchmarks.tasks import line
from benchmarks.tasks.judging import behaves, compiles, keeps, lacks, reads, require_all
from benchmarks.tasks.plant import Call, Plant, call
from benchmarks.tasks.task import Attempt, Judge, Task

HORN_5S, HORN_3S = (line.HORN.replace("$BEFORE", before) for before in ("4s800ms", "2s800ms"))
LINE = line.REGRESSION + HORN_5S
CLAMP = """\
FUNCTION "Clamp" : Int
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   value : Int;
   low : Int;
   high : Int;
END_VAR
BEGIN
   IF #value < #low THEN
      #Clamp := #low;
   ELSIF #value > #high THEN
      #Clamp := #high;
   ELSE
      #Clamp := #value;
   END_IF;
END_FUNCTION
"""
CLAMP_TESTS = """\
tests:
  - name: Clamp $(value) from $(low) to $(high)
    block: Clamp
    parameters:
      - {value: 5, low: 0, high: 10, result: 5}
      - {value: -5, low: 0, high: 10, result: 0}
      - {value: 15, low: 0, high: 10, result: 10}
      - {value: -100, low: -50, high: -10, result: -50}
      - {value: -30, low: -50, high: -10, result: -30}
      - {value: 0, low: -50, high: -10, result: -10}
    steps:
      - {write: {value: $(value), low: $(low), high: $(high)}, expect: {Ret_Val: $(result)}}
"""
DEBOUNCE = """\
FUNCTION_BLOCK "Debounce"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   signal : Bool;
   delay : Time;
END_VAR
VAR_OUTPUT
   stable : Bool;
END_VAR
VAR
   onDelay {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
   offDelay {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
END_VAR
BEGIN
   #onDelay(IN := #signal, PT := #delay);
   #offDelay(IN := NOT #signal, PT := #delay);
   IF #onDelay.Q THEN
      #stable := TRUE;
   ELSIF #offDelay.Q THEN
      #stable := FALSE;
   END_IF;
END_FUNCTION_BLOCK
"""
DEBOUNCE_TESTS = """\
tests:
  - name: A signal is taken after its delay
    block: Debounce
    setup: {delay: T#100ms}
    steps:
      - {write: {signal: true}, wait: 80ms, expect: {stable: {never: true}}}
      - {wait: 40ms, expect: {stable: true}}
      - {write: {signal: false}, wait: 80ms, expect: {stable: {never: false}}}
      - {wait: 40ms, expect: {stable: false}}
  - name: A short pulse is ignored
    block: Debounce
    setup: {delay: T#100ms}
    steps:
      - {write: {signal: true}, wait: 50ms}
      - {write: {signal: false}, wait: 20ms}
      - {write: {signal: true}, wait: 70ms, expect: {stable: {never: true}}}
      - {wait: 50ms, expect: {stable: true}}
"""
INHIBIT = """\
  - name: Inhibit
    steps:
      - {write: {Door_Closed: true, Start: true, Inhibit: true}, run: 2, expect: {Belt_Motor: false}}
      - {write: {Start: false, Inhibit: false}, run: 2, expect: {Belt_Motor: false}}
      - {write: {Start: true}, run: 2, expect: {Belt_Motor: true}}
      - {write: {Start: false, Inhibit: true}, run: 2, expect: {Belt_Motor: false}}
"""
JAM_LAMP = """\
  - name: The lamp of the jam
    steps:
      - {write: {Jam: true}, run: 2, expect: {Lamp_Jam: true, Lamp_Run: false, Lamp_Fault: false}}
      - {write: {Jam: false}, run: 2, expect: {Lamp_Jam: false}}
"""
ALARM = "".join(
    f"""\
  - name: The level lamp at {raw}
    steps:
      - {{write: {{Level_Raw: {raw}}}, run: 2, expect: {{Lamp_Level: {lamp}}}}}
"""
    for raw, lamp in ((23200, "false"), (23800, "true"))
)
STOP_BELT = "IF #stop OR NOT #doorClosed THEN"
ON = {"deviceName": "PLC_1"}


def _read_tag(name: str) -> Any:
    """Return what reads table, type, address and comment of a tag; None without it."""

    def read(plant: Plant) -> object:
        tags = [tag for tag in plant.run("tags.list_all", **ON) if tag["name"] == name]
        return [(tag["table"], tag["dataType"], tag["logicalAddress"], tag["comment"]) for tag in tags]

    return read


def _read_recipe(plant: Plant) -> object:
    members = plant.run("udts.get", **ON, udtName="typeRecipe")["members"]
    return [(member["name"], member["dataType"], float(member["startValue"])) for member in members]


def _list_blocks(plant: Plant) -> object:
    return sorted(block["name"] for block in plant.run("blocks.list_", **ON))


def _read_language(block: str) -> Any:
    return lambda plant: {each["name"]: each["language"] for each in plant.run("blocks.list_", **ON)}[block]


def _change(id_: str, words: str, judge: Judge, right: tuple[Call, ...], *wrong: tuple[Call, ...]) -> Task:
    """Return a change; its judge compiles first."""
    return Task(
        id=id_,
        kind="change",
        words=words,
        start=line.START,
        judge=require_all(compiles, judge),
        right=Attempt(right),
        wrong=tuple(map(Attempt, wrong)),
    )


def _keep(*without: str) -> Judge:
    return keeps(*(part for part in line.PARTS if part[1] not in without))


def _add_tag(table: str, name: str, address: str, **more: Any) -> Call:
    return call("tags.add", tableName=table, name=name, dataType="Bool", logicalAddress=address, **more)


def _add_member(name: str, start_value: str) -> Call:
    members = [("low", "Real", "20.0"), ("high", "Real", "80.0"), ("pieces", "Int", "3"), (name, "Real", start_value)]
    named = [{"name": each, "dataType": type_, "startValue": value} for each, type_, value in members]
    return call("udts.update", udtName="typeRecipe", members=named)


def _add_lamp(operand: str) -> Call:
    source = {"rungs": [[{"contact": operand}, {"coil": '"Lamp_Jam"'}]]}
    return call("blocks.add_networks", blockName="Lamps", networks=[{"title": "Jam", "source": source}])


def _inhibit(belt: str) -> tuple[Call, ...]:
    """Return the calls that add the input, with this text instead of the belt's condition to stop."""
    block = line.BELT_CONTROL.replace("doorClosed : Bool;", "doorClosed : Bool;\n   inhibit : Bool;")
    process = line.PROCESS.replace('"Door_Closed",', '"Door_Closed", inhibit := "Inhibit",')
    tag = _add_tag("Inputs", "Inhibit", "%I0.7")
    return tag, line.write_scl(block.replace(STOP_BELT, belt), line.INSTANCES, process)


def _set_alarm(value: int) -> tuple[Call, ...]:
    return (call("constants.update", **line.LEVEL_ALARM, value=value),)


RENAME = call("blocks.rename", blockName="ScaleLevel", newName="LevelToPercent")
LAMP_JAM = _add_tag("Outputs", "Lamp_Jam", "%Q0.7")

TASKS = (
    _change(
        "add-tag",
        "Add a tag Emergency_Stop to the tag table Inputs of PLC_1: Bool, at %I1.0, with the comment 'TRUE while not pressed'.",
        require_all(
            _keep(),
            reads(
                "Emergency_Stop",
                _read_tag("Emergency_Stop"),
                [("Inputs", "Bool", "%I1.0", "TRUE while not pressed")],
            ),
        ),
        (_add_tag("Inputs", "Emergency_Stop", "%I1.0", comment="TRUE while not pressed"),),
        (_add_tag("Inputs", "Emergency_Stop", "%I0.7", comment="TRUE while not pressed"),),
        (_add_tag("Memory", "Emergency_Stop", "%I1.0", comment="TRUE while not pressed"),),
    ),
    _change(
        "rename",
        "Rename the function ScaleLevel of PLC_1 to LevelToPercent. The program must compile and work as before.",
        require_all(
            _keep("ScaleLevel"), keeps(("block", "LevelToPercent")), lacks(("block", "ScaleLevel")), behaves(LINE)
        ),
        (
            RENAME,
            line.write_scl(
                *(each.replace("ScaleLevel", "LevelToPercent") for each in (line.SCALE_LEVEL, line.PROCESS))
            ),
        ),
        (RENAME,),
        (line.write_scl(line.SCALE_LEVEL.replace("ScaleLevel", "LevelToPercent")),),
    ),
    _change(
        "horn-time",
        "The horn of the belt on PLC_1 sounds for five seconds at a fault. Three seconds are enough: change that.",
        require_all(_keep(), behaves(line.REGRESSION + HORN_3S)),
        (line.write_scl(line.BELT_CONTROL.replace("T#5s", "T#3s")),),
        (line.write_scl(line.BELT_CONTROL.replace("T#2s", "T#3s")),),
        (line.write_scl(line.BELT_CONTROL.replace("T#5s", "T#2s")),),
    ),
    _change(
        "inhibit",
        "Add an input 'inhibit' (Bool) to the function block BeltControl of PLC_1. While it is TRUE, the motor is off and "
        "cannot be started. Supply it in the block Process from a new tag Inhibit at %I0.7 in the tag table Inputs.",
        require_all(_keep(), behaves(LINE + INHIBIT)),
        _inhibit("IF #stop OR #inhibit OR NOT #doorClosed THEN"),
        _inhibit("IF #stop OR (#inhibit AND #start) OR NOT #doorClosed THEN"),
        (_add_tag("Inputs", "Inhibit", "%I0.7"),),
    ),
    _change(
        "lamp",
        "On PLC_1, add a lamp Lamp_Jam at %Q0.7 to the tag table Outputs, and a network to the LAD block Lamps that switches it "
        "on while the input Jam is TRUE.",
        require_all(_keep(), reads("The language of Lamps", _read_language("Lamps"), "LAD"), behaves(LINE + JAM_LAMP)),
        (LAMP_JAM, _add_lamp('"Jam"')),
        (LAMP_JAM, _add_lamp('"Fault"')),
        (LAMP_JAM,),
    ),
    _change(
        "clamp",
        "Write a function Clamp in SCL on PLC_1. Its inputs are value, low and high (Int), its result is an Int: value, but at "
        "least low and at most high.",
        require_all(_keep(), behaves(CLAMP_TESTS)),
        (line.write_scl(CLAMP),),
        (line.write_scl(CLAMP.replace("#Clamp := #high", "#Clamp := #low")),),
        (line.write_scl(CLAMP.replace("#value < #low", "#value < 0")),),
    ),
    _change(
        "debounce",
        "Write a function block Debounce in SCL on PLC_1 with the inputs signal (Bool) and delay (Time) and the output stable "
        "(Bool). stable takes the value of signal as soon as signal has had that value for the time delay without a break; "
        "it is FALSE at the beginning.",
        require_all(_keep(), behaves(DEBOUNCE_TESTS)),
        (line.write_scl(DEBOUNCE),),
        (line.write_scl(DEBOUNCE.replace("#offDelay.Q", "NOT #signal")),),
        (line.write_scl(DEBOUNCE.replace("#onDelay.Q", "#signal")),),
    ),
    _change(
        "recipe",
        "Add a member temperature (Real, start value 60.0) at the end of the data type typeRecipe of PLC_1. The other members "
        "stay as they are.",
        require_all(
            _keep(),
            reads(
                "typeRecipe",
                _read_recipe,
                [("low", "Real", 20.0), ("high", "Real", 80.0), ("pieces", "Int", 3.0), ("temperature", "Real", 60.0)],
            ),
            behaves(LINE),
        ),
        (_add_member("temperature", "60.0"),),
        (_add_member("temperature", "0.0"),),
        (line.write_scl(line.RECIPE_TYPE.replace("pieces : Int := 3", "temperature : Real := 60.0")),),
    ),
    _change(
        "delete",
        "PLC_1 has one function that nothing calls. Delete it, and nothing else.",
        require_all(
            reads(
                "The list of blocks",
                _list_blocks,
                sorted(name for kind, name in line.PARTS if kind == "block" and name != "OldBelt"),
            ),
            behaves(LINE),
        ),
        (call("blocks.delete", blockName="OldBelt"),),
        (call("blocks.delete", blockName="Lamps"), call("blocks.delete", blockName="OldBelt")),
        (call("blocks.rename", blockName="OldBelt", newName="OldBelt_unused"),),
    ),
    _change(
        "alarm",
        "The level lamp of PLC_1 comes on too late. It should come on above 85 percent; the program uses a user constant for that.",
        require_all(_keep(), behaves(LINE + ALARM)),
        _set_alarm(85),
        _set_alarm(80),
        _set_alarm(90),
    ),
)
