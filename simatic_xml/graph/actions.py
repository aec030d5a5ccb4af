"""Actions of a step between the XML, typed data and JSON.

A row of the XML is a stream of tokens with a line end as the last; the JSON has the row's text.
Facts: docs/facts/graph.md#simaticml, exports.
"""

import re
from typing import Any

from lxml import etree

from simatic_xml.flgnet.raw import children
from simatic_xml.graph.elements import Maker
from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.model import Action
from simatic_xml.json_form.reader import Reader

_LINE_END = "\n"
_OPERAND = r'(?:#?"[^"\n]*"|#\w+|[%\w][\w#]*)(?:\.%?(?:"[^"\n]*"|\w+)|\[[^\]\n]{0,200}\])*'
_TOKEN = re.compile(rf"\n|[ \t]+|:=|=>|<>|<=|>=|{_OPERAND}|.", re.DOTALL)
_EVENTS = ("A1", "L0", "L1", "R1", "S0", "S1", "V0", "V1")
_QUALIFIERS = ("CD", "CR", "CS", "CU", "D", "L", "N", "ON", "OFF", "R", "S", "TD", "TF", "TL", "TR")


def tokens_of(text: str) -> tuple[str, ...]:
    """Cut the text of a row as TIA Portal does: operands with their path, signs, blanks; the line end is added."""
    return (*_TOKEN.findall(text), _LINE_END)


def read_action(element: etree._Element) -> Action:
    """Read an ``Action`` element."""
    return Action(
        tuple(token.get("Text", "") for token in children(element, "Token")),
        element.get("Qualifier", ""),
        element.get("Event", ""),
        element.get("Interlock") == "true",
    )


def build_action(action: Action, parent: etree._Element, maker: Maker) -> None:
    """Add an ``Action`` element."""
    interlock = "true" if action.interlock else None
    element = maker.make(
        "Action", parent, Event=action.event or None, Interlock=interlock, Qualifier=action.qualifier or None
    )
    for token in action.tokens:
        maker.make("Token", element, Text=token)


def action_to_json(action: Action) -> dict[str, Any]:
    """Return the JSON of an action."""
    data: dict[str, Any] = {"event": action.event} if action.event else {}
    if action.qualifier:
        data["qualifier"] = action.qualifier
    if action.interlock:
        data["interlock"] = True
    if tokens_of(action.text) != action.tokens:
        return data | {"tokens": list(action.tokens)}
    operand = len(action.tokens) == 2 and action.text[0] in '#"%'
    return data | {"operand" if operand else "text": action.text}


def action_from_json(reader: Reader) -> Action:
    """Read the JSON of an action: its qualifier, event and interlock, and one of operand, text and tokens.

    Raises:
        SimaticMLError: an event or qualifier is not known, or the row has more than one text.
    """
    given = [key for key in ("operand", "text", "tokens") if reader.has(key)]
    if len(given) > 1:
        raise reader.error("An action has one of 'operand', 'text' and 'tokens'.")
    text = reader.text("operand") or reader.text("text") or ""
    tokens = tuple(reader.list("tokens")) if given == ["tokens"] else tokens_of(text)
    if not all(isinstance(token, str) for token in tokens):
        raise reader.error("Tokens are strings.", "tokens")
    action = Action(
        tokens,
        _read_choice(reader, "qualifier", _QUALIFIERS),
        _read_choice(reader, "event", _EVENTS),
        bool(reader.flag("interlock")),
    )
    reader.refuse_unread()
    return action


def _read_choice(reader: Reader, key: str, values: tuple[str, ...]) -> str:
    value = reader.text(key) or ""
    if value and value not in values:
        raise GraphError(
            f"The {key} {value[:20]!r} is not known; use one of {', '.join(values)}.", f"{reader.pointer}/{key}"
        )
    return value
