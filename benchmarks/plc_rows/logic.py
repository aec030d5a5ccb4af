"""Rungs in LAD, timers and CASE."""

from __future__ import annotations

from typing import Any

from benchmarks.plc_rows.row import AROUND, FIT, FIT_DOUBLE, Row, of_source, record
from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.program import Program, program_of

RUNGS, TIMERS, MACHINES = 500, 200, 50


def _set_bits(data: Any, scan: int) -> None:
    for at in range(20):
        setattr(data, f"x{at}", scan >> at % 7 & 1 == 1 or at % 5 == 0)


# Rungs ---------------------------------------------------------------------------------------------------------------


def _rung(at: int) -> tuple[list[dict[str, Any]], str]:
    """Return a rung in JSON and by hand: latches, branches, set and reset coils, edges and comparisons in turn."""
    a, b, c, q = f"x{at % 20}", f"x{(at * 7 + 3) % 20}", f"x{(at + 11) % 20}", f"q{at}"
    back = f"q{(at * 13 + 1) % RUNGS}"
    series: list[dict[str, Any]] = [{"contact": f"#{a}"}, {"contact": f"#{b}", "negated": True}]
    either: dict[str, Any] = {"any": [[{"contact": f"#{c}"}], [{"contact": f"#{back}"}]]}
    match at % 5:
        case 0:
            return [*series, either, {"coil": f"#{q}"}], f"d.{q} = d.{a} and not d.{b} and (d.{c} or d.{back})"
        case 1:
            return [either, *series, {"coil": f"#{q}"}], f"d.{q} = (d.{c} or d.{back}) and d.{a} and not d.{b}"
        case 2:
            coil = {"set" if at % 2 else "reset": f"#{q}"}
            return [*series, coil], f"if d.{a} and not d.{b}: d.{q} = {bool(at % 2)}"
        case 3:
            edge = {"contactP": f"#{a}", "bit": f"#m{at}"}
            return [edge, {"contact": f"#{b}"}, {"coil": f"#{q}"}], (
                f"v = d.{a}\n    e = v and not d.m{at}\n    d.m{at} = v\n    d.{q} = e and d.{b}"
            )
    compare = {"compare": ["#n0", "<", f"{at % 100}"], "type": "Int"}
    return [compare, either, {"coil": f"#{q}"}], f"d.{q} = d.n0 < {at % 100} and (d.{c} or d.{back})"


def rungs() -> Row:
    """Return the row of rungs."""
    made = [_rung(at) for at in range(RUNGS)]
    names = [*(f"x{at}" for at in range(20)), *(f"q{at}" for at in range(RUNGS))]
    names += [f"m{at}" for at in range(RUNGS) if at % 5 == 3]
    members = [*(Member(name, "Bool") for name in names), Member("n0", "Int")]

    def inputs(data: Any, scan: int) -> None:
        _set_bits(data, scan)
        data.n0 = scan % 100

    hand = "\n".join(["def scan(d, now):", *(f"    {text}" for _, text in made)])
    data = record(**dict.fromkeys(names, False), n0=0)
    return Row(f"{RUNGS} rungs in LAD", _ladder(members, [each for each, _ in made]), hand, data, inputs)


def _ladder(members: list[Member], networks: list[list[dict[str, Any]]]) -> Program:
    sections = [Section("Input"), Section("Output"), Section("InOut"), Section("Static", members), Section("Temp")]
    sources = [Network("LAD", source=from_json({"rungs": [each]})) for each in networks]
    interface = [*sections, Section("Constant")]
    workspace = Workspace()
    workspace.put(Block("FB", "Fb", auto_number=True, language="LAD", interface=interface, networks=sources))
    workspace.put_source(AROUND)
    return program_of(workspace)


# Timers --------------------------------------------------------------------------------------------------------------

_ON_DELAY = """
def on_delay(t, given, preset, now):
    if not given:
        if t.IN:
            t.IN, t.PT, t.ET, t.Q = False, preset if preset > 0 else 0, 0, False
        return
    if not t.IN:
        t.IN, t.PT, t._since = True, preset if preset > 0 else 0, now
    elapsed = now - t._since
    if elapsed < t.PT:
        t.ET, t.Q = elapsed, False
    elif not t.Q or t.ET != t.PT:
        t.ET, t.Q = t.PT, True
"""


def timers() -> Row:
    """Return the row of on-delay timers; each is read once."""
    kind = "{InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;"
    declared = [f"t{at} {kind} q{at} : Bool;" for at in range(TIMERS)] + [f"x{at} : Bool;" for at in range(20)]
    lines = [f"#t{at}(IN := #x{at % 20}, PT := T#{at + 1}0ms, Q => #q{at});" for at in range(TIMERS)]
    hand = [_ON_DELAY, "def scan(d, now):"]
    for at in range(TIMERS):
        hand += [f"    on_delay(d.t{at}, d.x{at % 20}, {at + 1}0, now)", f"    d.q{at} = d.t{at}.Q"]
    timer = record(IN=False, PT=0, ET=0, Q=False, _since=0)
    bits = dict.fromkeys([*(f"q{at}" for at in range(TIMERS)), *(f"x{at}" for at in range(20))], False)
    data = record(**bits, **dict.fromkeys((f"t{at}" for at in range(TIMERS)), timer))

    def inputs(data: Any, scan: int) -> None:
        _set_bits(data, scan >> 3)

    return Row(f"{TIMERS} TON", of_source(declared, lines), "\n".join(hand), data, inputs)


# CASE ----------------------------------------------------------------------------------------------------------------

_MACHINE = """CASE #{s} OF
 0: IF #{x} THEN #{s} := 10; END_IF;
 10: #{n} := #{n} + 1; IF #{n} > 5 THEN #{s} := 20; END_IF;
 20: #{q} := TRUE; #{s} := 30;
 30: IF NOT #{x} THEN #{s} := 40; END_IF;
 40, 41: #{n} := #{n} + 2; #{s} := 50;
 50..59: #{s} := #{s} + 1;
 60: #{q} := FALSE; #{s} := 70;
 70: #{n} := #{n} - 3; IF #{n} < 0 THEN #{s} := 100; END_IF;
 ELSE #{s} := 0; #{n} := 0;
END_CASE;"""

_MACHINE_BY_HAND = f"""
s = d.{{s}}
if s == 0:
    if d.{{x}}: d.{{s}} = 10
elif s == 10:
    v = d.{{n}} + 1
    {FIT}
    d.{{n}} = v
    if v > 5: d.{{s}} = 20
elif s == 20:
    d.{{q}} = True
    d.{{s}} = 30
elif s == 30:
    if not d.{{x}}: d.{{s}} = 40
elif s == 40 or s == 41:
    v = d.{{n}} + 2
    {FIT}
    d.{{n}} = v
    d.{{s}} = 50
elif 50 <= s <= 59:
    d.{{s}} = s + 1
elif s == 60:
    d.{{q}} = False
    d.{{s}} = 70
elif s == 70:
    v = d.{{n}} - 3
    {FIT}
    d.{{n}} = v
    if v < 0: d.{{s}} = 100
else:
    d.{{s}} = 0
    d.{{n}} = 0
"""


def machines() -> Row:
    """Return the row of state machines by CASE, one behind the other in one block."""
    names = [{"s": f"s{at}", "n": f"n{at}", "q": f"q{at}", "x": f"x{at % 20}"} for at in range(MACHINES)]
    declared = [f"{each['s']} : Int; {each['n']} : Int; {each['q']} : Bool;" for each in names]
    declared += [f"x{at} : Bool;" for at in range(20)]
    hand = ["def scan(d, now):"]
    for each in names:
        hand += ["    " + line for line in _MACHINE_BY_HAND.format(**each).splitlines()]
    data = record(
        **dict.fromkeys((f"{kind}{at}" for kind in "sn" for at in range(MACHINES)), 0),
        **dict.fromkeys([*(f"q{at}" for at in range(MACHINES)), *(f"x{at}" for at in range(20))], False),
    )
    program = of_source(declared, [_MACHINE.format(**each) for each in names])
    return Row(f"{MACHINES} machines by CASE", program, "\n".join(hand), data, _set_bits)


def instances() -> Row:
    """Return the row of the same machine as a function block with instances in an array."""
    names = {"s": "s", "n": "n", "q": "q", "x": "x"}
    block = ['FUNCTION_BLOCK "Machine"', "VAR_INPUT x : Bool; END_VAR", "VAR_OUTPUT q : Bool; END_VAR"]
    block += ["VAR s : Int; n : Int; END_VAR", "BEGIN", _MACHINE.format(**names), "END_FUNCTION_BLOCK"]
    declared = [f'm : Array[0..{MACHINES - 1}] of "Machine"; on : DInt; x0 : Bool; x1 : Bool;']
    lines = [f"FOR #i := 0 TO {MACHINES - 1} DO", "#m[#i](x := #x1);", "IF #m[#i].q THEN #on += 1; END_IF;", "END_FOR;"]
    hand = ["def machine(d):", *("    " + line for line in _MACHINE_BY_HAND.format(**names).splitlines())]
    hand += ["def scan(d, now):", "    machines = d.m", f"    for i in range({MACHINES}):"]
    hand += ["        m = machines[i]", "        m.x = d.x1", "        machine(m)"]
    hand += ["        if m.q:", "            v = d.on + 1", f"            {FIT_DOUBLE}"]
    hand += ["            d.on = v"]
    machine = record(s=0, n=0, q=False, x=False)
    data = record(m=lambda: [machine() for _ in range(MACHINES)], on=0, x0=False, x1=False)

    def inputs(data: Any, scan: int) -> None:
        data.x1 = scan % 3 != 0

    program = of_source(declared, lines, "\n".join(block))
    return Row(f"{MACHINES} instances with CASE", program, "\n".join(hand), data, inputs)
