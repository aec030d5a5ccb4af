"""Calls of functions and function blocks with parameters, and an array of structures."""

from __future__ import annotations

from typing import Any

from benchmarks.plc_rows.row import FIT, FIT_DOUBLE, Row, of_source, record

CALLS, STRUCTURES = 50, 100

_AXIS = """
TYPE "Axis"
STRUCT
  pos : Int; speed : Int; total : DInt; on : Bool;
END_STRUCT;
END_TYPE
"""


def structures() -> Row:
    """Return the row of a loop over an array of a PLC data type."""
    lines = f"""
FOR #i := 1 TO {STRUCTURES} DO
  #a[#i].pos := #a[#i].pos + #a[#i].speed;
  IF #a[#i].on THEN #a[#i].total := #a[#i].total + #a[#i].pos; END_IF;
  IF #a[#i].pos > 1000 THEN #a[#i].speed := -#step; #a[#i].on := TRUE;
  ELSIF #a[#i].pos < 0 THEN #a[#i].speed := #step; END_IF;
END_FOR;"""
    hand = f"""
def scan(d, now):
    array = d.a
    for i in range({STRUCTURES}):
        a = array[i]
        v = a.pos + a.speed
        {FIT}
        a.pos = v
        if a.on:
            v = a.total + v
            {FIT_DOUBLE}
            a.total = v
        if a.pos > 1000:
            v = -d.step
            {FIT}
            a.speed = v
            a.on = True
        elif a.pos < 0:
            a.speed = d.step
"""
    axis = record(pos=0, speed=0, total=0, on=False)

    def inputs(data: Any, scan: int) -> None:
        data.step = scan % 50 + 1
        data.a[scan % STRUCTURES].speed = scan % 7

    declared = [f'a : Array[1..{STRUCTURES}] of "Axis"; step : Int;']
    data = record(a=lambda: [axis() for _ in range(STRUCTURES)], step=0)
    return Row(f"array of {STRUCTURES} structures", of_source(declared, [lines], _AXIS), hand, data, inputs)


_FUNCTIONS = """
FUNCTION "Scale" : Int
VAR_INPUT a : Int; b : Int; END_VAR
VAR_OUTPUT more : Bool; END_VAR
VAR_IN_OUT sum : DInt; END_VAR
BEGIN
  #more := #a > #b;
  #sum := #sum + #a;
  IF #more THEN #Scale := #a - #b; ELSE #Scale := #b - #a; END_IF;
END_FUNCTION
FUNCTION "Twice" : Int
VAR_INPUT a : Int; END_VAR
BEGIN
  #Twice := #a + #a;
END_FUNCTION
"""


def functions() -> Row:
    """Return the row of calls of functions with results, outputs and in/outs."""
    declared = [f"a{at} : Int; b{at} : Int; m{at} : Bool; s{at} : DInt; r{at} : Int;" for at in range(CALLS)]
    hand = ["def scale(a, b, total):", "    more = a > b", "    v = total + a", f"    {FIT_DOUBLE}", "    total = v"]
    hand += ["    v = a - b if more else b - a", f"    {FIT}", "    return v, more, total"]
    hand += ["def twice(a):", "    v = a + a", f"    {FIT}", "    return v", "def scan(d, now):"]
    lines = []
    for at in range(CALLS):
        lines.append(f'#r{at} := "Scale"(a := #a{at}, b := #b{at}, more => #m{at}, sum := #s{at});')
        lines.append(f'#b{at} := "Twice"(a := #r{at}) - #a{at};')
        hand.append(f"    d.r{at}, d.m{at}, d.s{at} = scale(d.a{at}, d.b{at}, d.s{at})")
        hand += [f"    v = twice(d.r{at}) - d.a{at}", f"    {FIT}", f"    d.b{at} = v"]
    members = dict.fromkeys((f"{kind}{at}" for kind in "absr" for at in range(CALLS)), 0)
    data = record(**members, **dict.fromkeys((f"m{at}" for at in range(CALLS)), False))

    def inputs(data: Any, scan: int) -> None:
        for at in range(CALLS):
            setattr(data, f"a{at}", (scan * 37 + at * 11) % 3000)

    return Row(f"{CALLS * 2} calls of FCs", of_source(declared, lines, _FUNCTIONS), "\n".join(hand), data, inputs)


_BLOCK = """
FUNCTION_BLOCK "Ramp"
VAR_INPUT on : Bool; goal : Int; END_VAR
VAR_OUTPUT value : Int; done : Bool; END_VAR
VAR_IN_OUT sum : DInt; END_VAR
BEGIN
  IF #on AND #value < #goal THEN
    #value := #value + 1;
  ELSIF NOT #on AND #value > 0 THEN
    #value := #value - 1;
  END_IF;
  #done := #value = #goal;
  #sum := #sum + #value;
END_FUNCTION_BLOCK
"""


def function_blocks() -> Row:
    """Return the row of calls of multi-instances with inputs, outputs and in/outs."""
    declared = [f'f{at} : "Ramp"; v{at} : Int; d{at} : Bool; s{at} : DInt;' for at in range(CALLS)]
    declared += ["x0 : Bool; goal : Int;"]
    hand = ["def ramp(f):", "    if f.on and f.value < f.goal:", "        v = f.value + 1", f"        {FIT}"]
    hand += ["        f.value = v", "    elif not f.on and f.value > 0:", "        v = f.value - 1", f"        {FIT}"]
    hand += ["        f.value = v", "    f.done = f.value == f.goal", "    v = f.sum + f.value", f"    {FIT_DOUBLE}"]
    hand += ["    f.sum = v", "def scan(d, now):"]
    lines = []
    for at in range(CALLS):
        lines.append(f"#f{at}(on := #x0, goal := #goal, value => #v{at}, done => #d{at}, sum := #s{at});")
        hand += [f"    f = d.f{at}", "    f.on = d.x0", "    f.goal = d.goal", f"    f.sum = d.s{at}", "    ramp(f)"]
        hand += [f"    d.v{at} = f.value", f"    d.d{at} = f.done", f"    d.s{at} = f.sum"]
    ramp = record(on=False, goal=0, value=0, done=False, sum=0)
    members = dict.fromkeys((f"{kind}{at}" for kind in "vs" for at in range(CALLS)), 0)
    members |= dict.fromkeys((f"d{at}" for at in range(CALLS)), False) | {"x0": False, "goal": 0}
    data = record(**members, **dict.fromkeys((f"f{at}" for at in range(CALLS)), ramp))

    def inputs(data: Any, scan: int) -> None:
        data.x0, data.goal = scan % 60 < 40, scan % 13

    return Row(f"{CALLS} calls of FBs", of_source(declared, lines, _BLOCK), "\n".join(hand), data, inputs)
