"""GRAPH function blocks for tests, from JSON or at random, with an instance `D` and an OB that calls it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from simatic_xml import graph
from simatic_xml.model import Member
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.graph.programs import Parts
from virtual_plc.memory.program import Program, program_of

BOOLS = ("a", "b", "c", "d", "run", "set", "late", "long", "pulse", "once")
COUNTS = ("count", "entered", "left", "calls")
INPUTS = ("OFF_SQ", "INIT_SQ", "ACK_EF", "REG_EF", "ACK_S", "HALT_SQ", "HALT_TM", "ZERO_OP", "EN_IL", "EN_SV", "EN_ACKREQ",
          "EN_SSKIP", "SW_AUTO", "SW_TAP", "SW_TOP", "SW_MAN", "S_ON", "S_OFF", "T_PUSH", "S_NEXT", "S_PREV")  # fmt: skip
OUTPUTS = ("ERROR", "FAULT", "ERR_FLT", "SQ_ISOFF", "SQ_HALTED", "T_MORE", "OP_ZEROED", "IL_ENABLED")
_MEMBERS = (
    ("Static", BOOLS, "Bool"),
    ("Static", COUNTS, "Int"),
    ("Input", INPUTS, "Bool"),
    ("Output", OUTPUTS, "Bool"),
)
_CALL = """
DATA_BLOCK "D"
"Plant"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"();
END_ORGANIZATION_BLOCK
"""


def plant(steps: list[dict[str, Any]], transitions: list[dict[str, Any]], **more: Any) -> Program:
    """Return the program of a sequence.

    Args:
        steps: JSON of the steps.
        transitions: JSON of the transitions.
        more: `flow` of the sequence; `before` and `after`.
    """
    sequence: dict[str, Any] = {"steps": steps, "transitions": transitions}
    sequence |= {"flow": more.pop("flow")} if "flow" in more else {}
    return of_json({"graph": {"sequences": [sequence], **more}})


def of_json(data: dict[str, Any], *, optimized: bool = True) -> Program:
    """Return the program of a GRAPH network in JSON, with optimized or standard access to its data."""
    block = graph.block(data, "Plant", "V20")
    block.attributes["MemoryLayout"] = "Optimized" if optimized else "Standard"
    for section, names, data_type in _MEMBERS:
        found = block.section(section)
        assert found is not None
        have = {each.name for each in found.members}
        found.members += [Member(name, data_type) for name in names if name not in have]
    workspace = Workspace()
    workspace.put(block)
    assert workspace.put_source(_CALL) == []
    return program_of(workspace)


_CONDITIONS = st.one_of(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=2).map(lambda names: [{"contact": f"#{n}"} for n in names]),
    st.just([{"compare": ["#Step1.T", ">", "#Step1.U"], "type": "Time"}]),
    st.just([{"contact": "#Step1.X"}]),
)
_ACTIONS = st.sampled_from(
    [
        {"qualifier": "N", "operand": "#run"},
        {"qualifier": "N", "operand": "#run", "interlock": True},
        {"qualifier": "S", "operand": "#set"},
        {"qualifier": "R", "event": "S0", "operand": "#set"},
        {"qualifier": "D", "text": "#late, T#25ms"},
        {"qualifier": "L", "text": "#long, T#25ms"},
        {"qualifier": "D", "text": "#late, T#5ms", "interlock": True},
        {"qualifier": "N", "event": "S1", "operand": "#pulse"},
        {"qualifier": "N", "event": "S0", "operand": "#pulse"},
        {"qualifier": "N", "text": "#count := #count + 1"},
        {"qualifier": "N", "event": "S1", "text": "#entered := #entered + 1"},
        {"qualifier": "N", "event": "S0", "text": "#left := #left + 1"},
        {"qualifier": "N", "event": "L1", "text": "#left := #left + 10"},
        {"qualifier": "N", "event": "L0", "text": "#left := #left + 100"},
        {"qualifier": "N", "event": "V1", "text": "#entered := #entered + 10"},
        {"qualifier": "N", "event": "V0", "text": "#entered := #entered + 100"},
        {"qualifier": "S", "event": "A1", "operand": "#once"},
        {"qualifier": "S", "event": "R1", "operand": "#once"},
        {"qualifier": "ON", "event": "S1", "text": "Step2"},
        {"qualifier": "OFF", "event": "S0", "text": "Step1"},
        {"qualifier": "OFF", "event": "S1", "text": "S_ALL"},
        {"qualifier": "CU", "event": "S1", "text": "%C3"},
        {"qualifier": "TL", "event": "S1", "text": "%T4, T#1s"},
    ]
)


_WRITING_ACTIONS = st.sampled_from(
    [
        {"qualifier": qualifier, "operand": f"#{member}"}
        for qualifier in ("N", "S", "R")
        for member in ("Step1.X", "Step2.X", "Step2.S1", "Step1.VA", "go1.TV", "RT_DATA.MOP.INIT", "RT_DATA.MOP.TAP")
    ]
    + [
        {"qualifier": "N", "event": "S0", "text": "#Step2.T := T#35ms"},
        {"qualifier": "N", "event": "S0", "operand": "#Step1.X"},
        {"qualifier": "N", "event": "S1", "operand": "#Step2.L1"},
        {"qualifier": "N", "text": "#go1.TNO := 7"},
    ]
)
"""Actions that write what the sequencer keeps of steps, transitions and modes."""


class _Plant(Parts):
    """Steps and transitions whose operands exist."""

    actions = _ACTIONS
    """What steps do."""

    def step(self) -> str:
        number = len(self.steps) + 1
        step: dict[str, Any] = {"number": number, "name": f"Step{number}", "init": number == 1}
        step["actions"] = self.draw(st.lists(self.actions, max_size=4))
        for what in ("supervision", "interlock"):
            if self.draw(st.integers(0, 2)) == 0:
                step[what] = self.draw(_CONDITIONS)
        self.steps.append(step)
        return str(step["name"])

    def transition(self) -> str:
        number = len(self.transitions) + 1
        transition: dict[str, Any] = {"number": number, "name": f"go{number}"}
        if self.draw(st.integers(0, 3)):
            transition["condition"] = self.draw(_CONDITIONS)
        self.transitions.append(transition)
        return str(transition["name"])


@st.composite
def plants(draw: st.DrawFn) -> dict[str, Any]:
    """Return the JSON of a random GRAPH network with at least two steps."""
    parts = _Plant(draw)
    flow = [parts.step(), parts.transition(), parts.step(), *parts.behind_step(0)]
    sequence: dict[str, Any] = {"steps": parts.steps, "transitions": parts.transitions, "flow": flow}
    counted = {
        "rungs": [[{"box": "Add", "type": "Int", "in": {"in1": "#calls", "in2": "1"}, "out": {"out": "#calls"}}]]
    }
    return {"graph": {"sequences": [sequence], **({"before": [counted]} if draw(st.booleans()) else {})}}


_GIVEN: dict[str, st.SearchStrategy[Any]] = {
    **{f"D.{name}": st.booleans() for name in "abcd"},
    **{f"D.{name}": st.sampled_from([False, False, False, True]) for name in INPUTS},
    "D.S_SEL": st.integers(0, 3),
}
SCANS = st.lists(st.fixed_dictionaries({}, optional=_GIVEN), min_size=3, max_size=10)


# Programs and tables that write what the sequencer keeps -------------------------------------------------------------

_KEPT = {
    **dict.fromkeys(("X", "S1", "S0", "L1", "L0", "V1", "V0", "A1", "R1"), st.booleans()),
    **dict.fromkeys(("LA", "VA", "AA", "RA", "LS", "VS"), st.booleans()),
    **dict.fromkeys(("T", "U", "T_MAX"), st.sampled_from([0, 15, 1000])),
    "SNO": st.integers(0, 5),
}
_KEPT_OF_TRANSITIONS = {**dict.fromkeys(("TV", "TT", "TS"), st.booleans()), "TNO": st.integers(0, 5)}
_MODES = (
    "AUTO",
    "MAN",
    "TAP",
    "TOP",
    "INIT",
    "HALT",
    "SSKIP",
    "LOCK",
    "SUP",
    "ACKREQ",
    "OPS_ZERO",
    "SACT_DISP",
    "SEF_DISP",
)
_EDGES = ("INIT", "OFF", "ACK", "T_PUSH", "S_SELOK", "S_NEXT", "REG")
_KEPT_OF_ALL = {
    **{f"MOP.{name}": st.booleans() for name in _MODES},
    **{f"MOP_EDGE.{name}": st.booleans() for name in _EDGES},
    **dict.fromkeys(("S_DISPLAY", "S_SEL_OLD"), st.integers(0, 4)),
    **dict.fromkeys(("SQ_FLAGS.CYC_OP", "SQ_FLAGS.ERROR"), st.booleans()),
}
_RUNGS = st.lists(
    st.sampled_from(["Step1.X", "Step2.X", "Step2.S0", "go1.TS", "RT_DATA.MOP.MAN", "RT_DATA.MOP.INIT"]).flatmap(
        lambda member: st.sampled_from([{"coil": f"#{member}"}, {"set": f"#{member}"}]).map(
            lambda coil: {"rungs": [[{"contact": "#d"}, coil]]}
        )
    ),
    max_size=1,
)


class _WritingPlant(_Plant):
    """Steps whose actions write what the sequencer keeps."""

    actions = st.one_of(_ACTIONS, _WRITING_ACTIONS)


@st.composite
def written_plants(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a random GRAPH network that writes what the sequencer keeps, and scans in which tables write it, too."""
    parts = draw(st.sampled_from([_Plant, _WritingPlant]))(draw)
    flow = [parts.step(), parts.transition(), parts.step(), *parts.behind_step(0)]
    for step in parts.steps[1:]:
        step["init"] = draw(st.integers(0, 4)) == 0
    sequence: dict[str, Any] = {"steps": parts.steps, "transitions": parts.transitions, "flow": flow}
    around = {key: found for key in ("before", "after") if (found := draw(_RUNGS))}
    kept = {f"D.RT_DATA.{name}": values for name, values in _KEPT_OF_ALL.items()}
    for members, nodes in ((_KEPT, parts.steps), (_KEPT_OF_TRANSITIONS, parts.transitions)):
        kept |= {f"D.{node['name']}.{name}": values for node in nodes for name, values in members.items()}
    writes = st.lists(st.sampled_from(sorted(kept)), max_size=3).flatmap(
        lambda names: st.fixed_dictionaries({name: kept[name] for name in names})
    )
    scans = st.builds(lambda given, more: given | more, st.fixed_dictionaries({}, optional=_GIVEN), writes)
    return {"graph": {"sequences": [sequence], **around}}, draw(st.lists(scans, min_size=3, max_size=12))
