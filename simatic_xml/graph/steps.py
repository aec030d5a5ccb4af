"""Steps and transitions between their elements and JSON.

What the readable members cannot express is in ``x``, as edits of the element that they give.
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from simatic_xml.flgnet.raw import child, children
from simatic_xml.graph.actions import action_from_json, action_to_json, build_action, read_action
from simatic_xml.graph.elements import Maker, apply_edits, number_of, read_object, texts_of, within
from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.logic import COILS, Networks, read_logic, short_texts
from simatic_xml.graph.model import Action, Logic, Step, Transition
from simatic_xml.json_form.reader import Reader
from simatic_xml.xml.residue import difference

MAXIMUM_TIME, WARNING_TIME = "T#10S", "T#7S"
"""Times of a new step. Facts: docs/facts/graph.md#interlock-and-supervision, exports."""

_TIMES = {"maximum": ("MaximumStepTime", MAXIMUM_TIME), "warning": ("WarningTime", WARNING_TIME)}
_NETWORKS = {"supervision": "Supervision", "interlock": "Interlock"}
_CLOSED_SINCE = 2
"""Schema version since which an empty row closes the list of actions."""


@dataclass(slots=True)
class Nodes:
    """Builds steps and transitions of one block and counts them, for those that are given no number.

    Attributes:
        maker: makes the elements.
        networks: makes the networks within them.
        version: version of the schema.
        last: last number given to a step and to a transition.
    """

    maker: Maker
    networks: Networks
    version: int
    last: dict[str, int] = field(default_factory=dict)

    def step(self, reader: Reader) -> etree._Element:
        """Build a ``Step`` element.

        Raises:
            SimaticMLError: the JSON is not a step.
        """
        number, name = self._identity(reader, "Step")
        times: dict[str, Any] = {attribute: _time(reader, key, usual) for key, (attribute, usual) in _TIMES.items()}
        init = "true" if reader.flag("init") else "false"
        element = self.maker.make("Step", Number=number, Init=init, Name=name, **times)
        self._texts(reader, element, "StepName")
        self._actions(reader, element)
        for key, tag in _NETWORKS.items():
            holder = self.maker.make(tag, self.maker.make(f"{tag}s", element))
            self.networks.build(reader.raw(key), f"{reader.pointer}/{key}", holder, COILS[tag])
        return self._finish(element, reader)

    def transition(self, reader: Reader) -> etree._Element:
        """Build a ``Transition`` element.

        Raises:
            SimaticMLError: the JSON is not a transition.
        """
        number, name = self._identity(reader, "Transition")
        element = self.maker.make("Transition", IsMissing="false", Name=name, Number=number)
        self._texts(reader, element, "TransitionName")
        self.networks.build(reader.raw("condition"), f"{reader.pointer}/condition", element, COILS["Transition"])
        return self._finish(element, reader)

    def _identity(self, reader: Reader, tag: str) -> tuple[int, str]:
        number = reader.number("number")
        if number is not None and not 0 <= number < 10**9:
            raise reader.error("The number of a step or transition has up to nine digits.", "number")
        self.last[tag] = self.last.get(tag, 0) + 1 if number is None else number
        name = reader.text("name")
        return self.last[tag], f"{tag.removesuffix('ition')}{self.last[tag]}" if name is None else name

    def _texts(self, reader: Reader, element: etree._Element, name_tag: str) -> None:
        for key, tag in (("displayName", name_tag), ("comment", "Comment")):
            texts = reader.comment(key)
            if texts:
                self.maker.texts(tag, element, texts)

    def _actions(self, reader: Reader, step: etree._Element) -> None:
        holder = self.maker.make("Actions", step)
        title = reader.comment("actionsTitle")
        if title:
            self.maker.texts("Title", holder, title)
        for each in reader.children("actions"):
            build_action(action_from_json(each), holder, self.maker)
        if self.version >= _CLOSED_SINCE:
            build_action(Action(), holder, self.maker)

    @staticmethod
    def _finish(element: etree._Element, reader: Reader) -> etree._Element:
        element = apply_edits(element, reader)
        reader.refuse_unread()
        return element

    def step_to_json(self, element: etree._Element) -> dict[str, Any]:
        """Return the JSON of a ``Step`` element."""
        data: dict[str, Any] = {"number": number_of(element), "name": element.get("Name", "")}
        if element.get("Init") == "true":
            data["init"] = True
        for key, (attribute, usual) in _TIMES.items():
            if element.get(attribute) != usual:
                data[key] = element.get(attribute)
        data |= _texts_to_json(element, "StepName")
        data |= self._actions_to_json(element)
        for key, tag in _NETWORKS.items():
            holder = next(within(element, f"{tag}s", tag), None)
            network = None if holder is None else self.networks.to_json(holder, COILS[tag])
            data |= {} if network is None else {key: network}
        return data | _beyond(self.step(read_object(data, "")), element)

    def _actions_to_json(self, element: etree._Element) -> dict[str, Any]:
        holder = child(element, "Actions")
        rows = [] if holder is None else [read_action(each) for each in children(holder, "Action")]
        if rows and rows[-1] == Action() and self.version >= _CLOSED_SINCE:
            rows.pop()
        data: dict[str, Any] = {"actions": [action_to_json(row) for row in rows]} if rows else {}
        title = {} if holder is None else texts_of(holder, "Title")
        return data | ({"actionsTitle": short_texts(title)} if title else {})

    def transition_to_json(self, element: etree._Element) -> dict[str, Any]:
        """Return the JSON of a ``Transition`` element."""
        data: dict[str, Any] = {"number": number_of(element), "name": element.get("Name", "")}
        data |= _texts_to_json(element, "TransitionName")
        condition = self.networks.to_json(element, COILS["Transition"])
        data |= {} if condition is None else {"condition": condition}
        return data | _beyond(self.transition(read_object(data, "")), element)


def _time(reader: Reader, key: str, usual: str) -> str | None:
    return reader.text(key) if reader.has(key) else usual


def _texts_to_json(element: etree._Element, name_tag: str) -> dict[str, Any]:
    found = {"displayName": texts_of(element, name_tag), "comment": texts_of(element, "Comment")}
    return {key: short_texts(texts) for key, texts in found.items() if texts}


def _beyond(usual: etree._Element, element: etree._Element) -> dict[str, Any]:
    edits = difference(usual, element, frozenset())
    return {"x": {"extra": edits}} if edits else {}


def read_step(element: etree._Element) -> Step:
    """Read a ``Step`` element as typed data.

    Raises:
        GraphError: it has no number, interlock or supervision.
    """
    return Step(
        number_of(element),
        element.get("Name", ""),
        element.get("Init") == "true",
        element.get("MaximumStepTime"),
        element.get("WarningTime"),
        tuple(action for each in within(element, "Actions", "Action") if (action := read_action(each)) != Action()),
        _logic(element, "Interlock"),
        _logic(element, "Supervision"),
    )


def _logic(step: etree._Element, tag: str) -> Logic:
    holder = next(within(step, f"{tag}s", tag), None)
    if holder is None:
        raise GraphError(
            f"The step {step.get('Name')!r} has no {tag}; add one, with its coil alone where it is unused."
        )
    return read_logic(holder, COILS[tag])


def read_transition(element: etree._Element) -> Transition:
    """Read a ``Transition`` element as typed data.

    Raises:
        GraphError: it has no number.
    """
    return Transition(number_of(element), element.get("Name", ""), read_logic(element, COILS["Transition"]))
