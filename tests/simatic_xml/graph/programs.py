"""GRAPH that the tests make up: programs in JSON, and elements that go beyond what any program says."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from lxml import etree

MOST_DEPTH = 2

_languages = st.sampled_from(["LAD", "FBD"])
_texts = st.one_of(
    st.text("abc äß%@", min_size=1, max_size=8),
    st.dictionaries(st.sampled_from(["de-DE", "fr-FR", "zh-CN"]), st.text("abc ", max_size=5), min_size=1),
)
_contacts = st.lists(st.builds(lambda name: {"contact": f"#{name}"}, st.sampled_from("abc")), min_size=1, max_size=3)
_comparison = st.just([{"compare": ["#Step1.T", ">", "#Step1.T_MAX"], "type": "Time"}])
_networks = st.one_of(
    _contacts,
    _comparison,
    st.builds(lambda series, text: {"alarmText": text, "series": series}, _contacts, _texts),
    st.just({"language": "FBD", "series": ["#a"]}),
    st.just({"language": "FBD", "series": [{"and": ["#a", {"not": "#b"}]}]}),
)
_rows = st.sampled_from(
    [
        {"qualifier": "N", "operand": "#run"},
        {"qualifier": "S", "event": "S1", "operand": '"Motor_DB".on'},
        {"qualifier": "R", "event": "A1", "interlock": True, "operand": '#"two words".x[1]'},
        {"qualifier": "N", "text": '"Data".count := #"my step".T + 5'},
        {"qualifier": "N", "text": 'CALL "Motor", "Motor_DB"\n(\nstart := #on,\nrun => #run\n)'},
        {"qualifier": "D", "text": "#late, T#5S"},
        {"event": "S0", "qualifier": "ON", "text": "Step1"},
        {"text": ""},
        {"tokens": ["a", "b"]},
    ]
)
operations = st.sampled_from(
    [{}, {"title": "Copy", "rungs": [[{"contact": "#a"}, {"coil": "#b"}]]}, {"fbd": [[{"move": "5", "to": "#n"}]]}]
)


@dataclass
class Parts:
    """Steps and transitions made so far."""

    draw: st.DrawFn
    steps: list[dict[str, Any]] = field(default_factory=list)
    transitions: list[dict[str, Any]] = field(default_factory=list)

    def step(self) -> str:
        number = len(self.steps) + 1
        step: dict[str, Any] = {"number": number, "name": f"Step{number}"}
        if self.draw(st.booleans()):
            given = {
                "init": st.just(value=True),
                "maximum": st.sampled_from(["T#1S", None]),
                "comment": _texts,
                "actions": st.lists(_rows, min_size=1, max_size=3),
                "supervision": _networks,
                "interlock": _networks,
            }
            step |= {key: self.draw(each) for key, each in given.items() if self.draw(st.booleans())}
        self.steps.append(step)
        return str(step["name"])

    def transition(self) -> str:
        number = len(self.transitions) + 1
        transition: dict[str, Any] = {"number": number, "name": f"go {number}"}
        if self.draw(st.booleans()):
            transition["condition"] = self.draw(_networks)
        self.transitions.append(transition)
        return str(transition["name"])

    def behind_step(self, depth: int) -> list[Any]:
        """Draw a series behind a step that ends behind a transition or in no way at all."""
        if depth < MOST_DEPTH and self.draw(st.integers(0, 3)) == 0:
            paths = [self.behind_step(depth + 1) for _ in range(self.draw(st.integers(2, 3)))]
            return [{"alternative": paths}]
        items: list[Any] = [self.transition()]
        choice = self.draw(st.integers(0, 5))
        if choice == 0:
            return [*items, {"jump": self.draw(st.sampled_from(self.steps))["name"]}]
        if choice == 1:
            return [*items, {"end": True}]
        if choice == 2 and depth < MOST_DEPTH:
            paths = [self.behind_transition(depth + 1) for _ in range(self.draw(st.integers(2, 3)))]
            return [*items, {"simultaneous": paths}, *self.behind_step(depth)]
        if choice == 3:
            return [*items, self.step(), *self.behind_step(depth)]
        return items

    def behind_transition(self, depth: int) -> list[Any]:
        """Draw a series behind a transition that ends behind a step."""
        items: list[Any] = [self.step()]
        return [*items, self.transition(), self.step()] if self.draw(st.booleans()) else items


@st.composite
def programs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the JSON of a GRAPH network as `to_json` writes it."""
    parts = Parts(draw)
    flow = [parts.step(), *parts.behind_step(0)]
    sequence: dict[str, Any] = {"steps": parts.steps, "transitions": parts.transitions, "flow": flow}
    data: dict[str, Any] = {"sequences": [sequence]}
    for key, each in (("before", operations), ("after", operations)):
        found = draw(st.lists(each, max_size=2))
        data |= {} if found == [{}] else {key: found}
    return {"graph": data}


_tags = st.sampled_from(["Step", "Actions", "Action", "Token", "Branch", "Title", "FlgNet", "Unknown", "Connection"])
_values = st.sampled_from(["", "1", "2", "true", "AltBegin", "Step1", "x y", "-1", "\n", '"'])
_names = st.sampled_from(["Number", "Name", "Type", "In", "Out", "Qualifier", "Cardinality", "Text", "Id", "Odd"])


@st.composite
def damaged(draw: st.DrawFn, element: etree._Element) -> etree._Element:
    """Change, add, move and remove some elements of a tree, as nobody should."""
    for _ in range(draw(st.integers(1, 3))):
        target = draw(st.sampled_from(list(element.iter())[1:]))
        parent = target.getparent()
        assert parent is not None
        change = draw(st.sampled_from(["attribute", "drop", "remove", "insert", "move"]))
        if change == "attribute":
            target.set(draw(_names), draw(_values))
        elif change == "drop":
            target.attrib.pop(draw(_names), "")
        elif change == "remove" and len(list(element.iter())) > 2:
            parent.remove(target)
        elif change == "move":
            parent.insert(draw(st.integers(0, len(parent))), target)
        else:
            etree.SubElement(target, f"{{{etree.QName(element).namespace}}}{draw(_tags)}", Name="x")
    return element
