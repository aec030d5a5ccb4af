"""Template values of an instruction between their JSON members and the graph.

``type`` is the data type where there is one, ``types`` names several, ``card`` counts pins where the pins do not;
``templates`` lists ``[name, kind, value]`` where none of these says it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from simatic_xml.flgnet.catalogue import Entry, parts
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.literals import literal_value
from simatic_xml.flgnet.model import Template
from simatic_xml.flgnet.shorthand import AUTOMATIC
from simatic_xml.xml.numbers import whole_number

KEYS = ("type", "types", "card", "templates")
_SELF_TYPED = ("math", "word")


def read_templates(
    name: str, data: Mapping[str, Any], pins: Sequence[str], constants: Sequence[str], pointer: str
) -> tuple[Template, ...]:
    """Return the template values that the JSON members mean.

    Args:
        name: name of the instruction.
        data: the JSON members of the step.
        pins: names of the pins that the step gives.
        constants: operand texts at its inputs, from which a missing data type is taken.
        pointer: JSON pointer of the step.

    Raises:
        FlgNetError: a data type is missing, or a member has another shape.
    """
    if "templates" in data:
        return tuple(
            _read_template(item, f"{pointer}/templates/{index}") for index, item in enumerate(data["templates"])
        )
    known = parts().get(name)
    if known is None:
        if any(key in data for key in KEYS):
            raise FlgNetError(
                "templates", f"{name} is not in the catalogue: write 'templates' instead of 'type'.", pointer
            )
        return ()
    found = []
    for template, (kind, default) in known.templates.items():
        if kind == "Cardinality":
            found.append(Template(template, kind, _card(known, template, data, pins, default)))
        else:
            found.append(Template(template, kind, _type(known, template, data, constants, pointer) or None))
    return tuple(found)


def _read_template(item: Any, pointer: str) -> Template:
    match item:
        case [str(name), str(kind), str() | None as value]:
            return Template(name, kind, value)
    raise FlgNetError("templates", "Write a template value as [name, kind, value].", pointer)


def _card(known: Entry, template: str, data: Mapping[str, Any], pins: Sequence[str], default: str) -> str:
    if "card" in data:
        return str(data["card"])
    counted = known.count(list(pins)) if known.card and known.card[0] == template else 0
    return str(max(counted, int(default))) if template != "Card" or known.group == "move" else str(counted or default)


def _type(known: Entry, template: str, data: Mapping[str, Any], constants: Sequence[str], pointer: str) -> str:
    """Return the data type, empty for an automatic one."""
    given = data.get("types", {}).get(template)
    if given is None and "type" in data and known.type_templates[0] == template:
        given = data["type"]
    if given is None:
        given = (
            known.templates[template][1] or _infer_type(constants) or (AUTOMATIC if known.group in _SELF_TYPED else "")
        )
    if not given:
        raise FlgNetError(
            "type", f"Add the data type {template} of this step with 'type', such as {{'type': 'Int'}}.", pointer
        )
    return "" if given == AUTOMATIC else str(given)


def _infer_type(constants: Sequence[str]) -> str | None:
    for text in constants:
        if found := literal_value(text, None):
            return found[0]
        if text.upper().startswith(("T#", "TIME#")):
            return "Time"
    return None


def write_templates(name: str, templates: tuple[Template, ...], pins: Sequence[str]) -> dict[str, Any]:
    """Return the shortest JSON members that :func:`read_templates` reads as these template values."""
    for data in _candidates(name, templates):
        try:
            if read_templates(name, data, pins, (), "") == templates:
                return data
        except FlgNetError:
            continue
    return {"templates": [[template.name, template.kind, template.value] for template in templates]}


def _candidates(name: str, templates: tuple[Template, ...]) -> list[dict[str, Any]]:
    known = parts().get(name)
    types = {t.name: t.value or AUTOMATIC for t in templates if t.kind == "Type"}
    cards = [t.value for t in templates if t.kind == "Cardinality"]
    needed = {n: v for n, v in types.items() if not known or known.templates.get(n, ("", ""))[1] != v}
    typed: dict[str, Any] = {"types": needed} if needed else {}
    if known and len(known.type_templates) == 1 and needed:
        typed = {"type": next(iter(needed.values()))}
    card = whole_number(cards[0]) if cards else None
    counted = {"card": card} if card is not None else {}
    return [typed, typed | counted]
