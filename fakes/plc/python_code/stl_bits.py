"""Bit logic of STL as Python lines: the chain of logic, brackets, assignments, edges, timers and counters."""

from __future__ import annotations

from fakes.plc.instructions import s5_counters, s5_timers
from fakes.plc.python_code import stl, targets
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.evaluation import value
from fakes.plc.python_code.stl import Operation
from fakes.plc.python_code.text import Level, Text
from simatic_xml.program import nodes as n
from simatic_xml.program.types import BOOL, Elementary, Kind

_RLO = Text("rlo")


def operand_of(node: n.StlOperation) -> n.Expression:
    """Return the operand of an operation that has one."""
    assert node.operand is not None  # noqa: S101 (the compiler has seen to it)
    return node.operand


def kind_of(operand: n.Expression) -> Kind | None:
    """Return the kind of value of an operand."""
    return operand.type.kind if isinstance(operand.type, Elementary) else None


def state(code: BlockCode, operand: n.Expression) -> Text:
    """Return a bit, or the state of a timer or counter."""
    found = value(code, operand)
    if kind_of(operand) is Kind.TIMER:
        return Text(f"{code.bind('timer_state', s5_timers.output)}({found}, cpu.now)")
    if kind_of(operand) is Kind.COUNTER:
        return Text(f"{code.bind('counter_state', s5_counters.output)}({found})")
    return found


def _combine(code: BlockCode, way: str, bit: Text) -> None:
    """Combine a bit with the chain of logic."""
    if code.status.state or not bit.safe:
        bit = code.kept(bit)
    given = Text(f"not {bit.within(Level.NOT)}", Level.NOT) if way.endswith("N") else bit
    code.writer.line(f"rlo = {_combined(code, way[0], given)}")
    if code.status.either:
        code.writer.line(
            "either = either and fc" if way[0] == "A" and code.status.first is not False else "either = False"
        )
    stl.set_first(code, True)
    if code.status.state:
        code.writer.line(f"sta = {bit}")


def _combined(code: BlockCode, way: str, given: Text) -> str:
    first, either = code.status.first, code.status.either
    if first is False:
        return str(given)
    if way == "A":
        chained = "rlo" if first else "(rlo or not fc)"
        found = f"{chained} and {given.within(Level.NOT)}"
        return f"{'either' if first else 'either and fc'} or {found}" if either else found
    if way == "O":
        return f"{'rlo' if first else 'rlo and fc'} or {given.within(Level.AND)}"
    return f"{'rlo' if first else '(rlo and fc)'} is not {given.within(Level.BIT_OR)}"


def _logic(code: BlockCode, node: n.StlOperation) -> None:
    if node.operand is not None:
        _combine(code, node.mnemonic, state(code, node.operand))
        return
    known = {True: "True", False: "False", None: "fc"}[code.status.first]
    code.writer.line(f"either, fc = (rlo or either) and {known}, rlo and {known}")
    code.status.first = None
    if code.status.state:
        code.writer.line("sta = True")


def _open(code: BlockCode, node: n.StlOperation) -> None:
    known = {True: "True", False: "False", None: "fc"}[code.status.first]
    code.writer.line(f"brackets.append((rlo, either, {known}))")
    code.brackets.append(node.mnemonic[:-1])
    stl.begin(code)


def _close(code: BlockCode, node: n.StlOperation) -> None:
    if not code.brackets:
        raise code.refuse("A bracket is closed that was never opened.", node.place)
    code.writer.line("inside = rlo")
    code.writer.line("rlo, either, fc = brackets.pop()")
    code.status.first = None
    _combine(code, code.brackets.pop(), Text("inside", steady=True))
    if code.status.state:
        code.writer.line("sta = True")


# Assignments ---------------------------------------------------------------------------------------------------------


def through(code: BlockCode, text: str) -> str:
    """Return a condition that the master control relay has to let through, where a block has one."""
    return f"{text} and (masters[-1] or not mastered)" if code.mastered else text


def _assign(code: BlockCode, node: n.StlOperation) -> None:
    given = Text(through(code, "rlo"), Level.AND if code.mastered else Level.ATOM, steady=not code.mastered)
    targets.store(code, operand_of(node), given, BOOL)
    stl.begin(code, state="rlo")


def _set(code: BlockCode, node: n.StlOperation) -> None:
    """Write S or R of a bit, S of a counter, R of a timer or counter."""
    operand = operand_of(node)
    if kind_of(operand) in (Kind.TIMER, Kind.COUNTER):
        _S5[node.mnemonic, kind_of(operand)](code, node)
        return
    code.writer.line(f"if {through(code, 'rlo')}:")
    with code.branch():
        truth = Text(str(node.mnemonic == "S"), steady=True, constant=True)
        targets.store(code, operand, truth, BOOL)
    stl.begin(code, state="rlo")


def _edge(code: BlockCode, node: n.StlOperation) -> None:
    memory = targets.find(code, operand_of(node))
    before, now = code.temp(), code.temp()
    code.writer.line(f"{before}, {now} = {targets.read_checked(code, memory)}, rlo")
    targets.put(code, memory, _RLO, BOOL)
    code.writer.line(f"rlo = {now} and not {before}" if node.mnemonic == "FP" else f"rlo = {before} and not {now}")
    stl.conclude(code, state=now)


def _not(code: BlockCode, _: n.StlOperation) -> None:
    code.writer.line("rlo = not rlo")
    if code.status.state:
        code.writer.line("sta = True")


def _fixed(code: BlockCode, node: n.StlOperation) -> None:
    code.writer.line(f"rlo = {node.mnemonic == 'SET'}")
    stl.begin(code, state="rlo")


def _save(code: BlockCode, _: n.StlOperation) -> None:
    code.writer.line("eno = rlo")


# Timers and counters -------------------------------------------------------------------------------------------------


def _s5(function: object, arguments: str, *, only_set: bool = False) -> Operation:
    """Return what writes an operation on a timer or counter; it ends the chain of logic."""

    def operate(code: BlockCode, node: n.StlOperation) -> None:
        words, number = _numbered(code, operand_of(node))
        name = code.bind(getattr(function, "__name__", "s5"), function)
        code.writer.line("try:")
        with code.writer.deeper():
            call = f"{name}({words}, {number}{arguments})"
            code.writer.effect(f"if rlo: {call}" if only_set else call)
        code.writer.line("except Fault as fault:")
        with code.writer.deeper():
            code.writer.line("cpu.fault(located(fault))")
        stl.set_first(code, False)
        if code.status.either:
            code.writer.line("either = False")

    return operate


def _numbered(code: BlockCode, operand: n.Expression) -> tuple[str, str]:
    """Return the text of all timers or counters, and the number of one."""
    from fakes.plc.python_code import references

    place = code.kept(references.reference(code, operand))
    return f"{place}.container", f"{place}.key"


def _timer(kind: int) -> Operation:
    return _s5(s5_timers.operate, f", {kind}, rlo, a1 & 65535, cpu.now")


def _enable(code: BlockCode, node: n.StlOperation) -> None:
    if kind_of(operand_of(node)) is Kind.TIMER:
        _s5(s5_timers.enable, "", only_set=True)(code, node)
    else:
        _s5(s5_counters.enable, ", rlo")(code, node)


_S5: dict[tuple[str, Kind | None], Operation] = {
    ("R", Kind.TIMER): _s5(s5_timers.reset, "", only_set=True),
    ("R", Kind.COUNTER): _s5(s5_counters.reset, "", only_set=True),
    ("S", Kind.COUNTER): _s5(s5_counters.preset, ", rlo, a1 & 65535"),
}

OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("A", "AN", "O", "ON", "X", "XN"), _logic),
    **dict.fromkeys(("A(", "AN(", "O(", "ON(", "X(", "XN("), _open),
    ")": _close,
    "=": _assign,
    **dict.fromkeys(("S", "R"), _set),
    **dict.fromkeys(("FP", "FN"), _edge),
    "NOT": _not,
    **dict.fromkeys(("SET", "CLR"), _fixed),
    "SAVE": _save,
    "SP": _timer(s5_timers.PULSE),
    "SE": _timer(s5_timers.EXTENDED),
    "SD": _timer(s5_timers.ON_DELAY),
    "SS": _timer(s5_timers.LATCHING),
    "SF": _timer(s5_timers.OFF_DELAY),
    "FR": _enable,
    "CU": _s5(s5_counters.count, f", {s5_counters.UP}, rlo"),
    "CD": _s5(s5_counters.count, f", {s5_counters.DOWN}, rlo"),
}
