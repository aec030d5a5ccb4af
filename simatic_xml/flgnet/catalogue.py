"""What is known of each LAD/FBD instruction: pins, template values, version, and the pins that power flows through.

The data is ``parts.json``. Pins are in the order in which TIA Portal writes their wires; a pin type ``$SrcType`` is
the value of that template, ``?`` is any type; ``flow`` names the pins that a series of contacts runs through; ``seen``
says that the pins agree with real exports (the others follow the instruction's documentation and are unverified);
``open`` marks an instruction of which not all pins are known. Facts: docs/facts/simaticml.md#lad-and-fbd, exports of
TIA Portal V15 to V21, online help.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from simatic_xml.flgnet.model import Part
from simatic_xml.xml.numbers import whole_number

ENABLE = "en"
ENABLE_OUT = "eno"
ABSENT_IN_FBD = "pre"
"""Input that power flows into in LAD; the same instruction does not have it in FBD."""

_MOST_COUNTED = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """One instruction of the catalogue.

    Attributes:
        group: kind of instruction: contact, coil, gate, compare, timer, counter, math and so on.
        flow_in: input pin that a series of the network runs into, None for a gate.
        flow_out: output pin by which the series continues, None when it ends here.
        inputs: data type by name of input pin, in the order of the wires.
        outputs: data type by name of output pin, in the order of the wires.
        templates: kind (``Type``, ``Cardinality``) and default by name of template value; empty where there is none.
        card: template value that counts pins, and the letters before their numbers; None when the pins are fixed.
        versions: versions that are known, the usual one first; empty for an instruction without version.
        instance: whether it needs an instance.
        verified: whether the pins were checked against real exports.
        complete: whether all pins are known.
    """

    group: str
    flow_in: str | None
    flow_out: str | None
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    templates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    card: tuple[str, str] | None = None
    versions: tuple[str, ...] = ()
    instance: bool = False
    verified: bool = False
    complete: bool = True

    @property
    def version(self) -> str | None:
        """The usual version, None for an instruction without version."""
        return self.versions[0] if self.versions else None

    @property
    def type_templates(self) -> list[str]:
        """Names of the template values that are data types."""
        return [name for name, (kind, _default) in self.templates.items() if kind == "Type"]

    def count(self, pins: list[str]) -> int:
        """Return how many counted pins (``in1``, ``in2`` ...) are among the names."""
        prefix = self.card[1] if self.card else ""
        return max((int(pin[len(prefix) :]) for pin in pins if _is_counted(pin, prefix)), default=0)

    def pins(self, card: int) -> tuple[list[str], list[str]]:
        """Return input and output pins, the counted ones up to ``card``."""
        return self._expand(list(self.inputs), card), self._expand(list(self.outputs), card)

    def _expand(self, pins: list[str], card: int) -> list[str]:
        counted = [pin for pin in pins if self.card and _is_counted(pin, self.card[1])]
        if not counted or not self.card:
            return pins
        first = pins.index(counted[0])
        numbered = [f"{self.card[1]}{number}" for number in range(1, card + 1)]
        return pins[:first] + numbered + pins[first + len(counted) :]

    def data_type(self, pin: str) -> str | None:
        """Return the type of a pin as the data has it; a counted pin has the type of the first one."""
        found = self.inputs.get(pin) or self.outputs.get(pin)
        if found is None and self.card and _is_counted(pin, self.card[1]):
            found = self.inputs.get(f"{self.card[1]}1") or self.outputs.get(f"{self.card[1]}1")
        return found


def _is_counted(pin: str, prefix: str) -> bool:
    return bool(prefix) and re.fullmatch(rf"{re.escape(prefix)}[1-9]\d{{0,3}}", pin) is not None


def _entry(data: Mapping[str, Any]) -> Entry:
    flow_in, flow_out = data["flow"]
    templates = {name: tuple(text.split(":")) for name, text in data.get("templates", {}).items()}
    return Entry(
        group=data["group"],
        flow_in=flow_in,
        flow_out=flow_out,
        inputs=data["in"],
        outputs=data["out"],
        templates={name: (kind, default) for name, (kind, default) in templates.items()},
        card=tuple(data["card"]) if "card" in data else None,
        versions=tuple(data.get("versions", ())),
        instance=data.get("instance", False),
        verified=data["seen"],
        complete=not data.get("open", False),
    )


@cache
def parts() -> Mapping[str, Entry]:
    """Return the whole catalogue by name of instruction."""
    text = Path(__file__).with_name("parts.json").read_text(encoding="utf-8")
    return {name: _entry(data) for name, data in json.loads(text).items()}


def entry(part: Part) -> Entry | None:
    """Return the catalogue entry of a part; None for a call and for an instruction that is not listed."""
    return None if part.is_call else parts().get(part.name)


def all_pins(part: Part, wired: list[str]) -> tuple[list[str], list[str]] | None:
    """Return the input and output pins that this part has, None when they are not all known.

    Args:
        part: the part; its template value says how many counted pins it has.
        wired: names of its wired pins, which decide when the template value does not.
    """
    known = entry(part)
    if known is None or not known.complete:
        return None
    card = whole_number(part.template(known.card[0])) if known.card else None
    return known.pins(card if card is not None and card <= _MOST_COUNTED else known.count(wired))


def flow_pins(part: Part) -> tuple[str | None, str | None]:
    """Return the pins by which a series runs into and out of the part."""
    known = entry(part)
    return (known.flow_in, known.flow_out) if known else (ENABLE, ENABLE_OUT)


def pin_type(part: Part, pin: str) -> str | None:
    """Return the data type that a pin of this part requires, None when it is not known."""
    if part.is_call:
        return next((p.data_type for p in part.parameters if p.name == pin), None)
    known = entry(part)
    found = known.data_type(pin) if known else None
    if found is None or found == "?":
        return None
    return part.template(found[1:]) or None if found.startswith("$") else found


def pin_order(part: Part, pins: list[str]) -> list[str]:
    """Return the pins in the order in which TIA Portal writes their wires.

    Args:
        part: the part.
        pins: names of its pins, inputs before outputs, in the order given by the author.
    """
    known = all_pins(part, pins)
    if known is None:
        return pins
    inputs, outputs = known
    rank = {pin: index for index, pin in enumerate(inputs + outputs)}
    return sorted(pins, key=lambda pin: rank.get(pin, len(inputs)))
