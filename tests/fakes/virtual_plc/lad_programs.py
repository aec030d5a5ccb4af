"""Networks of LAD, from JSON or at random, in a function block `Plant` with the instance `D` and an OB that calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.program import Program, program_of

Series = list[Any]

BITS = ("a", "b", "c", "d", "m1", "m2", "q1", "q2", "q3")
NUMBERS = {"i": "Int", "j": "Int", "k": "DInt", "r": "Real", "s": "Real", "w": "Word", "et": "Time", "n": "Int"}
INSTANCES = {"delay": "TON_TIME", "pulse": "TP_TIME", "up": "CTU_INT", "edge": "R_TRIG", "sub": '"Sub"'}
_AROUND = """
FUNCTION_BLOCK "Sub"
VERSION : 0.1
VAR_INPUT
  on : Bool;
  speed : Int;
END_VAR
VAR_OUTPUT
  run : Bool;
  count : Int;
END_VAR
BEGIN
  #run := NOT #on;
  #count := #count + #speed;
  ENO := #count < 10;
END_FUNCTION_BLOCK
FUNCTION "Half" : Int
VERSION : 0.1
VAR_INPUT
  x : Int;
END_VAR
VAR_OUTPUT
  odd : Bool;
END_VAR
BEGIN
  #Half := #x / 2;
  #odd := #x MOD 2 <> 0;
  ENO := #x >= 0;
END_FUNCTION
"""
_CALL = """
DATA_BLOCK "D"
VERSION : 0.1
"Plant"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"(ENO => "D".good);
END_ORGANIZATION_BLOCK
"""


def ladder(*networks: dict[str, Any], language: str = "LAD") -> Program:
    """Return the program of networks in JSON."""
    members = [Member(name, "Bool") for name in (*BITS, "good")]
    members += [Member(name, data_type) for name, data_type in (NUMBERS | INSTANCES).items()]
    sources = [Network(language, source=from_json(each)) for each in networks]
    sections = [Section("Input"), Section("Output"), Section("InOut"), Section("Static", members), Section("Temp")]
    block = Block(
        "FB", "Plant", auto_number=True, language=language, interface=[*sections, Section("Constant")], networks=sources
    )
    workspace = Workspace()
    assert workspace.put_source(_AROUND, "around") == []
    workspace.put(block)
    assert workspace.put_source(_CALL, "call") == []
    return program_of(workspace)


@dataclass
class Writer:
    """Writes random rungs."""

    draw: st.DrawFn

    def pick(self, *choices: Any) -> Any:
        """Return one of some things."""
        return self.draw(st.sampled_from(choices))

    def rung(self) -> Series:
        """Return a rung: conditions, then what they do."""
        return [*self.conditions(2), *(self.effect() for _ in range(self.draw(st.integers(0, 2)))), self.output()]

    def conditions(self, depth: int) -> Series:
        """Return contacts in series, some of them in parallel with others."""
        return [self.condition(depth) for _ in range(self.draw(st.integers(1, 3)))]

    def condition(self, depth: int) -> dict[str, Any]:
        """Return a contact, a comparison, or several series in parallel."""
        if depth and self.draw(st.integers(0, 3)) == 0:
            return {"any": [self.conditions(depth - 1), self.conditions(depth - 1)]}
        return dict(
            self.pick(
                {"contact": f"#{self.pick(*BITS)}"},
                {"contact": f"#{self.pick(*BITS)}", "negated": True},
                {"contactP": f"#{self.pick('a', 'b')}", "bit": f"#{self.pick('m1', 'm2')}"},
                {"contactN": f"#{self.pick('a', 'b')}", "bit": f"#{self.pick('m1', 'm2')}"},
                {"compare": ["#i", self.pick("=", "<>", "<", ">="), self.pick("#j", "3")], "type": "Int"},
                {"compare": ["#r", ">", "#s"], "type": "Real"},
                {"box": "Not"},
            )
        )

    def effect(self) -> dict[str, Any]:
        """Return what can stand in the middle of a rung."""
        box = self.pick("Add", "Sub", "Mul", "Div")
        return dict(
            self.pick(
                {"coil": f"#{self.pick('q1', 'q2')}"},
                {"move": self.pick("7", "#j"), "to": self.pick("#i", ["#i", "#k"])},
                {"box": box, "type": "Int", "in": {"in1": "#i", "in2": self.pick("#j", "20000")}, "out": {"out": "#i"}},
                {"box": box, "type": "Real", "in": {"in1": "#r", "in2": "#s"}, "out": {"out": "#r"}},
                {"box": box, "type": "DInt", "in": {"in1": "#k", "in2": "#k"}, "out": {"out": "#k"}},
                {
                    "box": "Convert",
                    "types": {"SrcType": "DInt", "DestType": "Int"},
                    "in": {"in": "#k"},
                    "out": {"out": "#j"},
                },
                {"call": "Half", "in": {"x": "#j"}, "out": {"Ret_Val": "#n", "odd": "#q3"}},
                {
                    "call": "Sub",
                    "instance": "#sub",
                    "in": {"on": {"contact": "#c"}, "speed": "#n"},
                    "out": {"count": "#j"},
                },
            )
        )

    def output(self) -> dict[str, Any]:
        """Return what ends a rung."""
        return dict(
            self.pick(
                {"coil": "#q1"},
                {"coil": "#q2", "negated": True},
                {"set": "#q3"},
                {"reset": "#q3"},
                {"coilP": "#q1", "bit": "#m1"},
                {"coilN": "#q2", "bit": "#m2"},
                {"box": "TON", "instance": "#delay", "in": {"PT": "T#15ms"}, "out": {"ET": "#et"}},
                {"box": "TP", "instance": "#pulse", "in": {"PT": "T#15ms"}},
                {"box": "CTU", "instance": "#up", "in": {"R": {"contact": "#d"}, "PV": "2"}, "out": {"CV": "#n"}},
                {"branch": [[{"coil": "#q1"}], [{"contact": "#c"}, {"set": "#q2"}]]},
            )
        )


@st.composite
def networks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return random networks; some jump over the next one."""
    writer = Writer(draw)
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        data: dict[str, Any] = {"rungs": [writer.rung()]}
        if made and draw(st.integers(0, 2)) == 0:
            made[-1]["rungs"] = [[*writer.conditions(1), {"jump": f"L{number}"}]]
            data["labels"] = [f"L{number}"]
        made.append(data)
    return made


SCANS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            **{f"D.{name}": st.booleans() for name in "abcd"},
            "D.i": st.integers(-5, 5) | st.just(32767),
            "D.j": st.integers(-5, 5) | st.just(0),
            "D.k": st.integers(-70000, 70000),
            "D.r": st.floats(-10, 10, width=32),
            "D.s": st.sampled_from([0.0, 1.5]),
        },
    ),
    min_size=2,
    max_size=6,
)
