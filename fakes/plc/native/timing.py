"""Instructions with memory in C: edges, IEC timers and counters. What the timers do is in `helpers`."""

from __future__ import annotations

from fakes.plc.native import calls
from fakes.plc.native.block_text import NotNative, number_text
from fakes.plc.native.call_site import Call, Checked, Maker
from fakes.plc.native.forms import is_timer
from simatic_xml.program.ranges import number_limits
from simatic_xml.program.types import INT, TIME, Elementary, Structure

# Edges ---------------------------------------------------------------------------------------------------------------


def edge(rising: bool) -> Maker:
    """Return what makes R_TRIG or F_TRIG."""

    def make(call: Call) -> Checked:
        clock, before = call.value("CLK"), call.member("Stat_Bit")
        call.code.line(f"{call.member('CLK')} = {clock};")
        call.code.line(f"{call.member('Q')} = {f'{clock} && !{before}' if rising else f'!{clock} && {before}'};")
        call.code.line(f"{before} = {clock};")
        return "0", "1"

    return make


# Timers and counters -------------------------------------------------------------------------------------------------


def timer(name: str) -> Maker:
    """Return what makes TON, TOF, TP or TONR."""

    def make(call: Call) -> Checked:
        structure = call.node.instance.type if call.node.instance is not None else None
        if not isinstance(structure, Structure) or not is_timer(structure):
            raise NotNative(f"'{name}' with this instance", call.node.place)
        record = call.code.context.forms.record(structure)
        found = call.node.types.get("T")
        unit = found.unit if isinstance(found, Elementary) and found.unit else TIME.unit
        given = [call.value(each) for each in (("IN", "R", "PT") if name == "TONR" else ("IN", "PT"))]
        call.member("R" if name == "TONR" else "Q")
        call.code.line(f"{name}_{record.name}({call.instance}, c->now, {', '.join(given)}, {unit});")
        return "0", "1"

    return make


def _timer_operand(call: Call) -> tuple[str, str]:
    """Write what finds the timer that an instruction works on; return its name in C and a pointer to it."""
    argument = call.argument("TIMER")
    if argument is None or not is_timer(argument.value.type):
        raise NotNative(f"'{call.node.name}' with this operand", call.node.place)
    assert isinstance(argument.value.type, Structure)  # noqa: S101 (timers are)
    return call.code.context.forms.record(argument.value.type).name, calls.instance_of(call.code, argument.value)


def reset_timer(call: Call) -> Checked:
    """Write RESET_TIMER: all but the duration is put to zero."""
    name, timer = _timer_operand(call)
    call.code.line(f"stop_{name}({timer}, {timer}->m_PT, 0);")
    return "0", "1"


def preset_timer(call: Call) -> Checked:
    """Write PRESET_TIMER: the duration of a timer is replaced."""
    duration = call.value("PT")
    name, timer = _timer_operand(call)
    call.code.line(f"{timer}->m_PT = preset_{name}({duration});")
    return "0", "1"


def counter(name: str) -> Maker:
    """Return what makes CTU, CTD or CTUD: reset goes over load, load over counting, which stops at the limits."""
    inputs = {"CTU": ("CU", "R", "PV"), "CTD": ("CD", "LD", "PV"), "CTUD": ("CU", "CD", "R", "LD", "PV")}[name]

    def make(call: Call) -> Checked:
        code, given = call.code, {each: call.value(each) for each in inputs}
        count = call.elementary("T", "PV") if "T" in call.node.types else INT
        low, high = (number_text(each, code.form(count, call.node.place)) for each in number_limits(count))
        value = code.kept(f"__typeof__({call.member('CV')})", call.member("CV"))
        step = " + ".join(
            f"{sign}({given[each]} && !{call.member(each)})"
            for each, sign in (("CU", ""), ("CD", "-"))
            if each in given
        )
        code.line(f"if ({given.get('R', '0')}) {value} = 0;")
        code.line(f"else if ({given.get('LD', '0')}) {value} = {given['PV']};")
        code.line(f"else {{ const int step = {step};")
        code.line(f"if (step > 0 ? {value} < {high} : step < 0 && {value} > {low}) {value} += step; }}")
        for each in inputs:
            code.line(f"{call.member(each)} = {given[each]};")
        code.line(f"{call.member('CV')} = {value};")
        for output, test in (("QU", f"{value} >= {given['PV']}"), ("QD", f"{value} <= 0")):
            if output[1] in name[2:]:
                shown = call.member(output if call.has(output) else "Q")
                code.line(f"{shown} = {test};")
                call.outputs["q" if name != "CTUD" else output.casefold()] = shown
        call.outputs["cv"] = value
        return "0", "1"

    return make
