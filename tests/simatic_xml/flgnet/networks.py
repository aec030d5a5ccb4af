"""Generated networks in the readable form, written the way an export is."""

from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(["start", "stop", "Motor on", "Füllstand", "_x1", "2nd", "a.b"])
IDENTIFIERS = st.sampled_from(["level", "Index_1", "größe", "n"])


def quoted(name: str) -> str:
    plain = name.replace("_", "a").isalnum() and not name[0].isdigit()
    return name if plain else f'"{name}"'


@st.composite
def symbols(draw: st.DrawFn, depth: int = 1) -> str:
    """Operand text of a local or global variable, with members, indices and slices."""
    is_local = draw(st.booleans())
    names = draw(st.lists(NAMES, min_size=1, max_size=3))
    texts = [quoted(names[0]) if is_local else f'"{names[0]}"', *map(quoted, names[1:])]
    if depth and draw(st.booleans()):
        indices = draw(st.lists(st.one_of(st.integers(-9, 99).map(str), symbols(depth - 1)), min_size=1, max_size=2))
        texts[-1] += f"[{', '.join(indices)}]"
    if draw(st.booleans()):
        texts[-1] += draw(st.sampled_from([".%X0", ".%B3", ".%W1", ".%D0"]))
    return ("#" if is_local else "") + ".".join(texts)


CONSTANTS = st.one_of(
    st.integers(-40000, 70000).map(str),
    st.floats(-100, 100, allow_nan=False, width=16).map(lambda value: f"{value:.3f}"),
    st.sampled_from(["TRUE", "false", "T#5s", "S5T#1s500ms", "16#FF", "UInt#7", "DInt#-1", "LReal#1.0", "'text'"]),
    st.sampled_from(["const #MAX", 'const "Local~PROFINET"', "%I0.0", "%QB4", "%MW10", "%DB7.DBX2.5", "%MD4:Real"]),
)
OPERANDS = st.one_of(symbols(), CONSTANTS)
VARIABLES = symbols()


@st.composite
def contacts(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["contact", "contact", "negated", "contactP", "Not", "PBox", "compare"]))
    if kind == "compare":
        sign = draw(st.sampled_from(["=", "<>", ">", ">=", "<", "<="]))
        return {"compare": [draw(VARIABLES), sign, draw(OPERANDS)], "type": draw(st.sampled_from(["Int", "Real"]))}
    if kind == "Not":
        return {"box": "Not"}
    if kind == "PBox":
        return {"box": "PBox", "in": {"bit": draw(VARIABLES)}}
    if kind == "contactP":
        return {"contactP": draw(VARIABLES), "bit": draw(VARIABLES)}
    return {"contact": draw(VARIABLES)} | ({"negated": True} if kind == "negated" else {})


@st.composite
def boxes(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(["TON", "move", "call", "Add", "Sr", "CTU", "unknown"]))
    logic = draw(st.one_of(VARIABLES, pin_series(depth - 1))) if depth > 0 else draw(VARIABLES)
    match kind:
        case "TON":
            step = {"box": "TON", "instance": "#timer", "in": {"PT": draw(OPERANDS)}}
            return step | ({"out": {"ET": draw(VARIABLES)}} if draw(st.booleans()) else {})
        case "move":
            targets = draw(st.lists(VARIABLES, min_size=1, max_size=3))
            return {"move": draw(OPERANDS), "to": targets[0] if len(targets) == 1 else targets}
        case "call":
            return {
                "call": "Pump station",
                "instance": '"Pump_DB"',
                "types": {"on": "Bool", "speed": "Int", "state": "Word", "data": "Struct"},
                "in": {"on": logic, "speed": draw(OPERANDS)},
                "inout": {"data": draw(VARIABLES)},
                "out": {"state": draw(st.one_of(st.none(), VARIABLES))},
            }
        case "Add":
            pins = {f"in{index + 1}": draw(OPERANDS) for index in range(draw(st.integers(2, 4)))}
            return {"box": "Add", "type": "auto", "disabledENO": True, "in": pins, "out": {"out": draw(VARIABLES)}}
        case "Sr":
            return {"box": "Sr", "in": {"r1": logic, "operand": draw(VARIABLES)}}
        case "CTU":
            return {"box": "CTU", "instance": '"Counter"', "in": {"R": logic, "PV": draw(OPERANDS)}}
    return {"box": "Unknown_Box", "version": "1.0", "in": {"A": draw(OPERANDS)}, "out": {"B": draw(VARIABLES)}}


@st.composite
def parallels(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    branches = draw(st.lists(inner_series(depth - 1), min_size=2, max_size=3))
    return {"any": branches}


def steps(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    simple = [contacts(), contacts(), boxes(depth)]
    return st.one_of(*simple, parallels(depth)) if depth > 0 else st.one_of(*simple)


@st.composite
def inner_series(draw: st.DrawFn, depth: int) -> list[Any]:
    """A branch of a parallel: steps, some with something that leaves the branch behind them."""
    series: list[Any] = []
    for step in draw(st.lists(steps(depth), max_size=3)):
        series.append(step)
        if draw(st.integers(0, 5)) == 0:
            series.append({"branch": [draw(outer_series(0))]})
    return series


@st.composite
def pin_series(draw: st.DrawFn, depth: int) -> Any:
    series = draw(st.lists(steps(depth), min_size=1, max_size=2))
    return series if len(series) > 1 or "any" in series[0] else series[0]


@st.composite
def coils(draw: st.DrawFn) -> dict[str, Any]:
    return {draw(st.sampled_from(["coil", "set", "reset"])): draw(VARIABLES)}


@st.composite
def outer_series(draw: st.DrawFn, depth: int) -> list[Any]:
    """A rung: steps, and at its end coils one behind the other or several series in parallel."""
    series: list[Any] = draw(st.lists(steps(depth), min_size=1, max_size=3))
    if depth > 0 and draw(st.booleans()):
        return [*series, {"branch": draw(st.lists(outer_series(depth - 1), min_size=2, max_size=3))}]
    return series + draw(st.lists(coils(), min_size=1, max_size=2))


NETWORKS = st.lists(outer_series(2), max_size=3).map(lambda rungs: {"rungs": rungs})


@st.composite
def gates(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    plain = [VARIABLES, VARIABLES.map(lambda text: {"not": text})]
    inner = [*plain, gates(depth - 1), gates(depth - 1).map(lambda gate: {"not": gate})] if depth > 0 else plain
    inputs = draw(st.lists(st.one_of(*inner), min_size=2, max_size=4))
    return {draw(st.sampled_from(["and", "or", "xor"])): inputs}


@st.composite
def box_series(draw: st.DrawFn) -> list[Any]:
    start = draw(st.one_of(VARIABLES, gates(2)))
    middle = draw(st.sampled_from([[], [{"box": "TON", "instance": "#t", "in": {"PT": "T#1s"}}]]))
    end = draw(coils()) | ({"negated": ["in"]} if not middle and draw(st.booleans()) else {})
    return [start, *middle, end]


BOX_NETWORKS = st.lists(box_series(), min_size=1, max_size=3).map(lambda series: {"fbd": series})
