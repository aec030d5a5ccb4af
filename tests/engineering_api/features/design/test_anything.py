"""Whatever a design says: it is refused with places, or it gives a program that compiles."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example as case
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.design import designs
from engineering_api.features.design.comparing import comparable
from engineering_api.features.design.generating import Generator
from engineering_api.features.design.parts import parts
from engineering_api.features.design.plc_test_files import plc_test_files
from engineering_api.features.design.reading import design_of
from engineering_api.features.plc_tests.files import reading as plc_test_reading
from openness_bridge.errors import Problem
from simatic_xml import load
from simatic_xml.program.workspace import Workspace
from tests.engineering_api.features.design.kit import NAMES, example
from tests.support.examples import examples

Json = dict[str, Any]
TEXTS = st.sampled_from([
    "", "x", "Start", "IF", "END_VAR", "a b", "it's", 'say "hi"', "// gone", "(*", "*)", "5; END_VAR", "$'", "line\nbreak",
    "T#1s", "1s", "NOT", "Motor", "Main", "Array[0..1] of Int", "Array[1..0] of Bool", "%I0.0", "%QW0", "ä", "\u0000", "#x",
    "TRUE", "1.5", "16#FF", "Line.running", "Packing.Fill.X", "Int", "Real", "motor", "alarms", "PLC_1", "0ms", "BEGIN",
])  # fmt: skip
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-70000, 70000), st.floats(), TEXTS, st.builds(list), st.builds(dict)
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all values in a design."""
    found = [way] if way else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        found += places(each, (*way, key))
    return found


@st.composite
def spoilt(draw: st.DrawFn) -> Json:
    """A design of the examples with some of its values exchanged, doubled or taken out."""
    data = copy.deepcopy(example(draw(st.sampled_from(NAMES))))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(data)))
        holder: Any = data
        for key in way:
            holder = holder[key]
        match draw(st.sampled_from(["exchange", "exchange", "text", "double", "remove"])):
            case "exchange":
                holder[last] = draw(VALUES)
            case "text" if isinstance(holder[last], str):
                holder[last] = draw(st.sampled_from([holder[last] + draw(TEXTS), draw(TEXTS) + holder[last]]))
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case "remove":
                del holder[last]
    return data


@pytest.mark.slow
@examples(15)
@given(spoilt())
@case({})
@case({"name": "x", "devices": [{"name": "x", "orderNumber": ""}]})
def test_a_design_is_refused_with_places_or_gives_a_program_that_compiles(data: Json) -> None:
    try:
        checked, _ = designs.whole("", data)
    except Problem as problem:
        assert problem.code.startswith("design.")
        assert problem.details
        return
    for part in parts(design_of(checked)):
        workspace = Workspace()
        for each in Generator(part, "20").artifacts():
            assert comparable(each.xml)["name"].casefold() == each.name.casefold()
            workspace.put_document(load(each.xml))
        assert [str(each) for each in workspace.check() if each.severity == "error"] == []
        for file in plc_test_files(part):
            plc_test_reading.parse(file.text, file.name)
