"""What TIA Portal would refuse in a network, and what is probably not meant.

Facts: import and compile messages of TIA Portal, exports of V15 to V21.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Literal

from lxml import etree

from simatic_xml.flgnet.catalogue import Entry, all_pins, entry, flow_pins
from simatic_xml.flgnet.errors import FlgNetError, Problem
from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Part, Pin, Rail, Wire
from simatic_xml.flgnet.ordering import uids
from simatic_xml.flgnet.reading import graph
from simatic_xml.xml.numbers import whole_number

MOST_PARALLEL_COILS = 16
_OPTIONAL_GROUPS = ("communication", "distributed-io", "motion", "safety", "technology", "data-log", "system", "time")
_OPERAND_PINS = ("operand", "bit", "timer", "label")


def check(network: etree._Element | NetworkGraph, *, symbols: Collection[str] | None = None) -> list[Problem]:
    """Check a network.

    Args:
        network: a ``FlgNet`` element or its graph.
        symbols: names that exist, written ``#start`` and ``"Motor_DB"``; None leaves names unchecked.

    Returns:
        The findings, in the order of wires, parts and operands; empty for a network that is as TIA Portal writes it.
    """
    try:
        checked = network if isinstance(network, NetworkGraph) else graph(network)
    except FlgNetError as error:
        return [_problem(error.code, error.message, "")]
    return list(_Check(checked).problems(symbols))


class _Check:
    def __init__(self, network: NetworkGraph) -> None:
        self.network = network
        self.parts = {part.uid: part for part in network.parts}
        self.accesses = {access.uid: access for access in network.accesses}
        self.wired: dict[int, list[str]] = {part.uid: [] for part in network.parts}
        self.drivers: dict[Pin, End] = {}
        for wire, index, pin in network.pins():
            self.wired.setdefault(pin.part, []).append(pin.name)
            if index:
                self.drivers.setdefault(pin, wire.ends[0])

    def problems(self, symbols: Collection[str] | None) -> Iterator[Problem]:
        yield from self.numbers()
        yield from self.rails()
        for wire in self.network.wires:
            yield from self.wire(wire)
        yield from self.pins_used_twice()
        for part in self.network.parts:
            yield from self.part(part)
        yield from self.power()
        yield from self.operands(symbols)

    def numbers(self) -> Iterator[Problem]:
        counted = Counter(uids(self.network))
        for uid in sorted(number for number, times in counted.items() if times > 1):
            yield _problem(
                "duplicate-uid", f"More than one node has the number {uid}; give each node its own number.", ""
            )

    def rails(self) -> Iterator[Problem]:
        wires = [wire for wire in self.network.wires if any(isinstance(end, Rail) for end in wire.ends)]
        for wire in wires[1:]:
            message = "The network has several wires at the power rail; connect all its elements to one."
            yield _problem("second-rail", message, f"/Wires/{wire.uid}")

    def wire(self, wire: Wire) -> Iterator[Problem]:
        pointer = f"/Wires/{wire.uid}"
        if len(wire.ends) < 2:
            yield _problem("dangling-wire", "A wire needs two ends; connect or remove it.", pointer)
        elif not any(isinstance(end, Pin) for end in wire.ends):
            yield _problem("wire-without-pin", "No end of the wire is a pin; connect it to one.", pointer)
        for end in wire.ends:
            if isinstance(end, Pin) and end.part not in self.parts:
                message = f"The part {end.part} does not exist; the wire at its pin {end.name!r} has no end."
                yield _problem("unknown-part", message, pointer)
            elif isinstance(end, Ident) and end.access not in self.accesses:
                yield _problem("unknown-operand", f"The operand {end.access} does not exist.", pointer)
        yield from self.direction(wire, pointer)
        coils = [end for end in wire.ends[1:] if isinstance(end, Pin) and self.group(end) == "coil"]
        if len(coils) > MOST_PARALLEL_COILS:
            message = f"{len(coils)} coils are on one wire; at most {MOST_PARALLEL_COILS} can be in parallel."
            yield _problem("too-many-coils", message, pointer)

    def group(self, pin: Pin) -> str | None:
        known = entry(self.parts[pin.part]) if pin.part in self.parts else None
        return known.group if known else None

    def direction(self, wire: Wire, pointer: str) -> Iterator[Problem]:
        """Find wires that start at an input or end at an output."""
        for index, end in enumerate(wire.ends):
            pins = all_pins(self.parts[end.part], []) if isinstance(end, Pin) and end.part in self.parts else None
            if isinstance(end, Pin) and pins and end.name in pins[0 if index == 0 else 1]:
                role = "an input, so no wire starts there" if index == 0 else "an output, so no wire ends there"
                name = self.parts[end.part].name
                yield _problem("wrong-direction", f"{end.name!r} of {name} is {role}; reverse the wire.", pointer)

    def pins_used_twice(self) -> Iterator[Problem]:
        used = Counter(pin for _wire, _index, pin in self.network.pins())
        for pin, times in used.items():
            if times > 1:
                name = self.parts[pin.part].name if pin.part in self.parts else "the part"
                message = f"The pin {pin.name!r} of {name} is on {times} wires; a pin takes one wire."
                yield _problem("pin-used-twice", message, f"/Parts/{pin.part}")

    def part(self, part: Part) -> Iterator[Problem]:
        known = entry(part)
        if part.is_call:
            yield from self.call(part)
        elif known is None:
            message = f"{part.name!r} is not in the catalogue, so its pins are not checked; check its name."
            yield _problem("unknown-instruction", message, f"/Parts/{part.uid}", "warning")
        else:
            yield from self.instruction(part, known)

    def call(self, part: Part) -> Iterator[Problem]:
        names = {parameter.name for parameter in part.parameters} | set(flow_pins(part))
        for pin in dict.fromkeys(self.wired[part.uid]):
            if part.parameters and pin not in names:
                message = f"The block {part.name!r} has no parameter {pin!r}."
                yield _problem("unknown-pin", message, f"/Parts/{part.uid}")
        if part.block_type == "FB" and part.instance is None:
            message = f"The call of {part.name!r} has no instance; add an instance DB or a multi-instance."
            yield _problem("missing-instance", message, f"/Parts/{part.uid}")

    def instruction(self, part: Part, known: Entry) -> Iterator[Problem]:
        pointer = f"/Parts/{part.uid}"
        if known.instance and part.instance is None:
            yield _problem(
                "missing-instance", f"{part.name} needs an instance; add an instance DB or a static tag.", pointer
            )
        if known.version is not None and part.version is None:
            message = f"{part.name} needs a version, usually {known.version}."
            yield _problem("missing-version", message, pointer)
        elif part.version is not None and part.version not in known.versions:
            message = f"The version {part.version} of {part.name} is not known; usual is {known.version or 'none'}."
            yield _problem("unknown-version", message, pointer, "warning")
        yield from self.templates(part, known, pointer)
        yield from self.pins(part, known, pointer)

    def templates(self, part: Part, known: Entry, pointer: str) -> Iterator[Problem]:
        given = {template.name: template.value for template in part.templates}
        for name in known.templates:
            if name not in given and known.verified:
                yield _problem("missing-template", f"{part.name} needs the template value {name}.", pointer)
        card = given.get(known.card[0]) if known.card else None
        number = whole_number(card)
        if card is not None and known.card and number is None:
            yield _problem("cardinality", f"{known.card[0]} is {card!r}; write the number of pins.", pointer)
        elif number is not None and known.card and known.count(self.wired[part.uid]) > number:
            message = (
                f"More pins {known.card[1]}1 and so on of {part.name} are wired than {known.card[0]} allows ({card})."
            )
            yield _problem("cardinality", message, pointer)

    def pins(self, part: Part, known: Entry, pointer: str) -> Iterator[Problem]:
        wired = self.wired[part.uid]
        pins = all_pins(part, wired)
        if pins is None:
            return
        severity: Literal["error", "warning"] = "error" if known.verified else "warning"
        for pin in dict.fromkeys([*wired, *part.negated]):
            counted = known.card is not None and known.data_type(pin) is not None
            if pin not in pins[0] and pin not in pins[1] and not counted:
                yield _problem("unknown-pin", f"{part.name} has no pin {pin!r}.", pointer, severity)
        for pin in pins[0]:
            if self.is_missing(part, known, pin):
                yield _problem("missing-operand", f"{part.name} needs an operand at {pin!r}.", pointer, severity)

    def is_missing(self, part: Part, known: Entry, pin: str) -> bool:
        """Return whether an input has nothing although the instruction cannot do without."""
        if pin == known.flow_in or known.group in _OPTIONAL_GROUPS:
            return False
        driver = self.drivers.get(Pin(part.uid, pin))
        if driver is None:
            return True
        needed = pin in _OPERAND_PINS or known.data_type(pin) != "Bool"
        return isinstance(driver, Open) and needed

    def power(self) -> Iterator[Problem]:
        """Find parts that no power reaches in LAD, where it comes from the rail, and contacts in FBD."""
        if not self.network.has_rail:
            for part in self.network.parts:
                if part.name == "Contact" and not part.is_call:
                    message = "A contact needs a power rail; FBD has gates and negated pins instead."
                    yield _problem("contact-without-rail", message, f"/Parts/{part.uid}")
            return
        for part in self.network.parts:
            flow_in = flow_pins(part)[0] if part.is_call or entry(part) else None
            driver = self.drivers.get(Pin(part.uid, flow_in)) if flow_in else None
            if flow_in and (driver is None or isinstance(driver, Open)):
                message = f"No power reaches {flow_in!r} of {part.name}; connect it to the power rail or to the preceding element."
                yield _problem("no-power", message, f"/Parts/{part.uid}", "warning")

    def operands(self, symbols: Collection[str] | None) -> Iterator[Problem]:
        used = {end.access for wire in self.network.wires for end in wire.ends if isinstance(end, Ident)}
        for access in self.network.accesses:
            pointer = f"/Parts/{access.uid}"
            if access.uid not in used:
                message = f"The operand {access.text} is not wired; connect or remove it."
                yield _problem("unused-operand", message, pointer, "warning")
            yield from self.symbol(access.text, symbols, pointer)
        for part in self.network.parts:
            yield from self.symbol(part.instance or "", symbols, f"/Parts/{part.uid}")

    def symbol(self, text: str, symbols: Collection[str] | None, pointer: str) -> Iterator[Problem]:
        name = root_name(text)
        if symbols is not None and name is not None and name not in symbols:
            yield _problem("undefined-symbol", f"{name} is not defined; declare it or correct the name.", pointer)


def root_name(text: str) -> str | None:
    """Return the variable that operand text starts with, as ``#start`` or ``"Motor_DB"``; None for a constant."""
    if text.startswith("#"):
        name = text[1:].partition('"')[2].partition('"')[0] if text.startswith('#"') else text[1:]
        return f"#{name}" if text.startswith('#"') else "#" + _until(name)
    return f'"{text[1:].partition(chr(34))[0]}"' if text.startswith('"') else None


def _until(name: str) -> str:
    return next((name[:index] for index, char in enumerate(name) if char in ".[^:"), name)


def _problem(code: str, message: str, pointer: str, severity: Literal["error", "warning"] = "error") -> Problem:
    return Problem(code, message, pointer, severity)
