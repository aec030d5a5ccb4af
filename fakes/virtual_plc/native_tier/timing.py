"""Instructions with memory in C: edges, IEC timers and counters. What the timers do is in `helpers`."""

from __future__ import annotations

from simatic_xml.program.types.ranges import number_limits
from simatic_xml.program.types.types import INT, TIME, Elementary, Structure
from virtual_plc.code.c_text import CERTAIN, NOTHING, C, c, join_pieces
from virtual_plc.code.naming import Name
from virtual_plc.instructions.control.classic_timers import replaces
from virtual_plc.native_tier import calls
from virtual_plc.native_tier.block_text import NotNative, number_text, require
from virtual_plc.native_tier.call_site import Call, Maker, Result
from virtual_plc.native_tier.forms import is_timer

# Edges ---------------------------------------------------------------------------------------------------------------


def edge(rising: bool) -> Maker:
    """Return what makes R_TRIG or F_TRIG."""

    def make(call: Call) -> Result:
        clock, before = call.value("CLK"), call.member("Stat_Bit")
        call.code.line("{} = {};", call.member("CLK"), clock)
        call.code.line("{} = {} && !{};" if rising else "{} = !{} && {};", call.member("Q"), clock, before)
        call.code.line("{} = {};", before, clock)
        return NOTHING, CERTAIN

    return make


# Timers and counters -------------------------------------------------------------------------------------------------


def timer(name: str) -> Maker:
    """Return what makes TON, TOF, TP or TONR."""

    def make(call: Call) -> Result:
        structure = call.node.instance.type if call.node.instance is not None else None
        family = call.code.context.program.cpu.family
        if not isinstance(structure, Structure) or not is_timer(structure) or replaces(family, structure):
            raise NotNative(f"'{name}' with this instance", call.node.place)
        record = call.code.context.forms.record(structure)
        found = call.node.types.get("T")
        unit = found.unit if isinstance(found, Elementary) and found.unit else TIME.unit
        given = [call.value(each) for each in (("IN", "R", "PT") if name == "TONR" else ("IN", "PT"))]
        call.member("R" if name == "TONR" else "Q")
        if call.instance is not None:
            call.code.line("{}({}, c->now, {}, {});", Name(name, "_", record.name), call.instance, given, unit)
        return NOTHING, CERTAIN

    return make


def _timer_operand(call: Call) -> tuple[Name, C]:
    """Write what finds the timer that an instruction works on; return its name in C and a pointer to it."""
    argument = call.argument("TIMER")
    if argument is None or not is_timer(argument.value.type):
        raise NotNative(f"'{call.node.name}' with this operand", call.node.place)
    structure = require(argument.value.type, Structure, call.node.place)
    return call.code.context.forms.record(structure).name, calls.instance_of(call.code, argument.value)


def reset_timer(call: Call) -> Result:
    """Write RESET_TIMER: all but the duration is put to zero."""
    name, timer = _timer_operand(call)
    call.code.line("stop_{0}({1}, {1}->m_PT, 0);", name, timer)
    return NOTHING, CERTAIN


def preset_timer(call: Call) -> Result:
    """Write PRESET_TIMER: the duration of a timer is replaced."""
    duration = call.value("PT")
    name, timer = _timer_operand(call)
    call.code.line("{}->m_PT = preset_{}({});", timer, name, duration)
    return NOTHING, CERTAIN


def counter(name: str) -> Maker:
    """Return what makes CTU, CTD or CTUD: reset wins over load, load over counting, which stops at the limits."""
    inputs = {"CTU": ("CU", "R", "PV"), "CTD": ("CD", "LD", "PV"), "CTUD": ("CU", "CD", "R", "LD", "PV")}[name]

    def make(call: Call) -> Result:
        code, given = call.code, {each: call.value(each) for each in inputs}
        count = call.elementary("T", "PV") if "T" in call.node.types else INT
        low, high = (number_text(each, code.form(count, call.node.place)) for each in number_limits(count))
        value = code.keep_value(c("__typeof__({})", call.member("CV")), "{}", call.member("CV"))
        steps = [c("({} && !{})", given["CU"], call.member("CU"))] if "CU" in given else []
        steps += [c("-({} && !{})", given["CD"], call.member("CD"))] if "CD" in given else []
        code.line("if ({}) {} = 0;", given.get("R", NOTHING), value)
        code.line("else if ({}) {} = {};", given.get("LD", NOTHING), value, given["PV"])
        code.line("else {{ const int step = {};", join_pieces("{} + {}", steps))
        code.line("if (step > 0 ? {0} < {1} : step < 0 && {0} > {2}) {0} += step; }}", value, high, low)
        for each in inputs:
            code.line("{} = {};", call.member(each), given[each])
        code.line("{} = {};", call.member("CV"), value)
        for output, test in (("QU", c("{} >= {}", value, given["PV"])), ("QD", c("{} <= 0", value))):
            if output[1] in name[2:]:
                shown = call.member(output if call.has(output) else "Q")
                code.line("{} = {};", shown, test)
                call.outputs["q" if name != "CTUD" else output.casefold()] = shown
        call.outputs["cv"] = value
        return NOTHING, CERTAIN

    return make
