"""Judges a design beyond its shape: names, references, addresses, call structure, sequences, types, tests.

Everything is told at once, with its JSON pointer. Data types of expressions are the compiler's matter: each expression is
put into a function of its own beside the generated program, and what the compiler finds there is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from engineering_api.design import blocks, calls
from engineering_api.design.expressions import Expression, ExpressionError, read
from engineering_api.design.generating import Generator
from engineering_api.design.made_blocks import INDENT
from engineering_api.design.model import Alarms, AnyModule, Design, Modes, Pid, Sequence, Tag
from engineering_api.design.names import Names, element_type
from engineering_api.design.parts import Part, device_of, parts
from engineering_api.design.reading import Json, Mistakes
from engineering_api.design.wires import Wire, wires
from engineering_api.plc_tests import reading as test_files
from engineering_api.services.documents import parse
from engineering_api.tag_files.addresses import normalise_address
from engineering_api.tag_files.rows import TagFileError
from openness_bridge.errors import Problem
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace

SECTIONS = ("types", "tags", "data", "modules", "groups")
ELEMENTARY = frozenset(
    [
        "bool",
        "byte",
        "word",
        "dword",
        "lword",
        "sint",
        "usint",
        "int",
        "uint",
        "dint",
        "udint",
        "lint",
        "ulint",
        "real",
        "lreal",
        "time",
        "ltime",
        "date",
        "time_of_day",
        "tod",
        "ltod",
        "dtl",
        "ldt",
        "char",
        "wchar",
        "string",
        "wstring",
        "s5time",
        "date_and_time",
        "dt",
        "timer",
        "counter",
        "ton_time",
        "tof_time",
        "tp_time",
    ]
)
_ADDRESS = re.compile(r"%([IQM])([BWD]?)(\d+)(?:\.(\d))?")
_BITS = {"": 1, "B": 8, "W": 16, "D": 32}
_SIZED = re.compile(r"(w?string)\s*\[.*\]$", re.IGNORECASE)
_S7_1500 = re.compile(r"6(?:ES7|AG1)\s*(?:5|61)", re.IGNORECASE)
_CHECK = "Design_Check_"
CHECK_VERSION = "20"
"""The TIA version that a design is tried with; what is found does not depend on it."""


def check(design: Design, mistakes: Mistakes) -> list[str]:
    """Note what is wrong with a design.

    Returns:
        What is probably not meant, as sentences.
    """
    _check_devices(design, mistakes)
    warnings: list[str] = []
    for part in parts(design):
        checker = _Checker(part, mistakes)
        checker.run()
        warnings += checker.warnings()
    _check_tests(design, mistakes)
    return warnings


def plain_tests(tests: list[Json]) -> list[Json]:
    """Tests as in a test file, without what only a design says."""
    return [{key: value for key, value in each.items() if key != "device"} for each in tests]


def _check_devices(design: Design, mistakes: Mistakes) -> None:
    seen: set[str] = set()
    for index, device in enumerate(design.devices):
        for pointer, name in [(f"/devices/{index}/name", device.name)] + [
            (f"/devices/{index}/ioModules/{number}/name", each.name) for number, each in enumerate(device.io_modules)
        ]:
            if name.casefold() in seen:
                mistakes.add(pointer, f"'{name}' is given twice.", "design.name")
            seen.add(name.casefold())
    for section in (*SECTIONS, "tests"):
        for index, element in enumerate(getattr(design, section)):
            name = str(element.get("device") or "") if isinstance(element, dict) else element.device
            if device_of(design, name) is None:
                known = ", ".join(each.name for each in design.devices)
                mistakes.add(f"/{section}/{index}/device", f"There is no device '{name}': {known}.", "design.unknown")


def _check_tests(design: Design, mistakes: Mistakes) -> None:
    if not design.tests:
        return
    text = msgspec.json.encode({"tests": plain_tests(design.tests)}).decode()
    try:
        cases = test_files.parse(text)
    except Problem as problem:
        for detail in problem.details:
            pointer = (detail.place.pointer if detail.place is not None else "") or ""
            message = detail.message.partition(f"{pointer}: ")[2] if pointer else detail.message
            mistakes.add(pointer or "/tests", message or detail.message, "design.test")
        return
    for case in cases:
        if case.test.block:
            mistakes.add("/tests", f"'{case.name}' tests the single block '{case.test.block}'; here tests are of the whole "
                         "program, and blocks have tests of their own.", "design.test")  # fmt: skip


class _Checker:
    """Judges the part of one device."""

    def __init__(self, part: Part, mistakes: Mistakes) -> None:
        self.part, self.mistakes = part, mistakes
        self.names = Names(part)
        self._typed: list[tuple[str, Wire, Expression]] = []

    def run(self) -> None:
        """Note everything; types only of a part that has no other mistake, which would be said twice."""
        before = len(self.mistakes.details)
        self._check_names()
        self._check_types()
        self._check_tags()
        self._check_groups()
        for module in self.part.modules:
            self._check_module(module)
        self._check_writers()
        if len(self.mistakes.details) == before:
            self._compile()

    def warnings(self) -> list[str]:
        """What is probably not meant."""
        used = {variable.name.casefold() for _, _, each in self._typed for variable in each.variables()}
        used |= {variable.name.casefold() for each in self._sequence_conditions() for variable in each.variables()}
        unused = [tag.name for tag in self.part.tags if tag.name.casefold() not in used]
        return [f"The tag '{name}' is not used." for name in unused]

    def _sequence_conditions(self) -> Iterator[Expression]:
        for module in self.part.modules:
            for step in module.steps if isinstance(module, Sequence) else ():
                for way in step.next:
                    try:
                        yield read(way.when)
                    except ExpressionError:
                        continue

    def _at(self, section: str, element: object, inner: str = "") -> str:
        return self.part.pointer(section, element) + inner

    # Names ------------------------------------------------------------------------------------------------------------

    def _check_names(self) -> None:
        """Objects and tags of a PLC share their names; what is made of modules and groups has names, too."""
        owners: dict[str, str] = {name.casefold(): "an organization block" for name in self._organization_blocks()}
        for kind in {type(each) for each in self.part.modules} & blocks.LIBRARY.keys():
            owners[blocks.LIBRARY[kind].casefold()] = "a block of the library"
        for section in SECTIONS:
            for element in getattr(self.part, section):
                self._claim(owners, element.name, self._at(section, element, "/name"))
        for module in self.part.modules:
            if type(module) not in blocks.LIBRARY:
                self._claim(owners, blocks.block_name(module), self._at("modules", module, "/name"))

    def _organization_blocks(self) -> list[str]:
        cyclic = [f"Cyclic_{period}ms" for period in calls.periods(self.part)]
        return [calls.MAIN, *cyclic, *([calls.STARTUP] if cyclic else [])]

    def _claim(self, owners: dict[str, str], name: str, pointer: str) -> None:
        key = name.casefold()
        if key in owners:
            self.mistakes.add(pointer, f"The name '{name}' has {owners[key]} already; choose another.", "design.name")
        owners.setdefault(key, f"what stands at {pointer}")

    # Data -------------------------------------------------------------------------------------------------------------

    def _check_types(self) -> None:
        for section in ("types", "data"):
            for element in getattr(self.part, section):
                seen: set[str] = set()
                for index, member in enumerate(element.members):
                    pointer = self._at(section, element, f"/members/{index}")
                    if member.name.casefold() in seen:
                        self.mistakes.add(f"{pointer}/name", f"'{member.name}' is given twice.", "design.name")
                    seen.add(member.name.casefold())
                    self._check_type(member.type, f"{pointer}/type")

    def _check_type(self, data_type: str, pointer: str) -> None:
        element = _SIZED.sub(r"\1", element_type(data_type).strip('"'))
        if element.casefold() not in ELEMENTARY and self.names.element(data_type) is None:
            msg = f"There is no data type '{element}': it is neither elementary nor one of the design's types."
            self.mistakes.add(pointer, msg, "design.unknown")

    def _check_tags(self) -> None:
        placed: dict[str, Tag] = {}
        spans: list[tuple[str, int, int, Tag]] = []
        for tag in self.part.tags:
            pointer = self._at("tags", tag, "/address")
            try:
                address = normalise_address(tag.address, tag.type)
            except TagFileError as error:
                self.mistakes.add(pointer, str(error), "design.address")
                continue
            if address in placed:
                msg = f"{address} is the address of '{placed[address].name}' already."
                self.mistakes.add(pointer, msg, "design.address")
                continue
            placed[address] = tag
            found = _ADDRESS.fullmatch(address)
            if found is not None:
                first = int(found[3]) * 8 + int(found[4] or 0)
                spans.append((found[1], first, first + _BITS[found[2]], tag))
        self._check_overlaps(sorted(spans, key=lambda each: each[:3]))

    def _check_overlaps(self, spans: list[tuple[str, int, int, Tag]]) -> None:
        """Inputs and outputs are channels: none is part of another."""
        reach: tuple[str, int, Tag] | None = None
        for area, first, end, tag in spans:
            if reach is not None and reach[0] == area and first < reach[1]:
                msg = f"{tag.address} overlaps {reach[2].address} of '{reach[2].name}'."
                self.mistakes.add(self._at("tags", tag, "/address"), msg, "design.address")
            if reach is None or reach[0] != area or end > reach[1]:
                reach = (area, end, tag)

    # Structure --------------------------------------------------------------------------------------------------------

    def _check_groups(self) -> None:
        called: dict[str, str] = {}
        for group in self.part.groups:
            pointer = self._at("groups", group)
            for index, name in enumerate(group.modules):
                at = f"{pointer}/modules/{index}"
                module = self.part.module(name)
                if module is None:
                    known = ", ".join(each.name for each in self.part.modules) or "there is none"
                    self.mistakes.add(at, f"There is no module '{name}': {known}.", "design.unknown")
                elif name.casefold() in called:
                    self.mistakes.add(at, f"'{name}' is called by '{called[name.casefold()]}' already.", "design.call")
                elif isinstance(module, Pid) and not group.every:
                    msg = f"'{name}' is a controller: its group needs `every`, so that it runs in a cyclic interrupt."
                    self.mistakes.add(at, msg, "design.call")
                called.setdefault(name.casefold(), group.name)
            self._check_period(group.every, f"{pointer}/every")
        for module in self.part.modules:
            if module.name.casefold() not in called:
                msg = f"'{module.name}' is in no group, so nothing calls it: name it in the modules of a group."
                self.mistakes.add(self._at("modules", module), msg, "design.call")
        if len(calls.periods(self.part)) > calls.MOST_CYCLIC:
            self.mistakes.add(
                "/groups", f"A CPU has {calls.MOST_CYCLIC} cyclic interrupts; use fewer periods.", "design.call"
            )

    def _check_period(self, every: str, pointer: str) -> None:
        if every and not 1 <= calls.milliseconds(every) <= 60_000:
            self.mistakes.add(pointer, "A cyclic interrupt has a period from 1 ms to 1 minute.", "design.call")

    # Modules ----------------------------------------------------------------------------------------------------------

    def _check_module(self, module: AnyModule) -> None:
        pointer = self._at("modules", module)
        mode = getattr(module, "mode", "")
        if mode and self.part.mode_of(module) is None:
            modes = ", ".join(each.name for each in self.part.modules if isinstance(each, Modes)) or "there is none"
            self.mistakes.add(
                f"{pointer}/mode", f"There is no module of kind modes '{mode}': {modes}.", "design.unknown"
            )
        if isinstance(module, Sequence):
            self._check_sequence(module, pointer)
        if isinstance(module, Alarms | Sequence):
            self._check_own_names(module, pointer)
        for wire in wires(module, self.part.mode_of(module)):
            for inner, given in ((wire.pointer, wire.given), *wire.joined):
                self._check_expression(wire, given, pointer + inner)
        self._check_ladder(module, pointer)

    def _check_own_names(self, module: Alarms | Sequence, pointer: str) -> None:
        """Parameters and variables of a block that is made for the module have one name each."""
        names = _alarm_names(module) if isinstance(module, Alarms) else _sequence_names(module)
        seen: set[str] = set()
        for at, name in names:
            if name.casefold() in seen:
                msg = f"The name '{name}' is used twice in the block of '{module.name}'; choose another."
                self.mistakes.add(f"{pointer}{at}", msg, "design.name")
            seen.add(name.casefold())

    def _check_sequence(self, module: Sequence, pointer: str) -> None:
        if not _S7_1500.match(self.part.device.order_number):
            msg = (
                f"A sequence is in GRAPH, which the CPU {self.part.device.order_number} does not have; an S7-1500 has."
            )
            self.mistakes.add(pointer, msg, "design.sequence")
        places = {step.name.casefold(): index for index, step in enumerate(module.steps)}
        reached, waiting = {0}, [0]
        while waiting:
            for way in module.steps[waiting.pop()].next:
                target = places.get(way.to.casefold())
                if target is not None and target not in reached:
                    reached.add(target)
                    waiting.append(target)
        for number, step in enumerate(module.steps):
            at = f"{pointer}/steps/{number}"
            if number not in reached:
                msg = f"Nothing leads to '{step.name}' from the first step."
                self.mistakes.add(at, msg, "design.sequence")
            for index, way in enumerate(step.next):
                if way.to.casefold() not in places:
                    msg = f"There is no step '{way.to}': {', '.join(each.name for each in module.steps)}."
                    self.mistakes.add(f"{at}/next/{index}/to", msg, "design.unknown")
                self._check_condition(way.when, f"{at}/next/{index}/when")

    def _check_condition(self, given: bool | str, pointer: str) -> None:
        """A condition that is drawn: that of a transition."""
        wire = Wire("", given, "Bool", "")
        found = self._check_expression(wire, given, pointer)
        if found is not None:
            self._check_drawn(found, pointer)

    def _check_ladder(self, module: AnyModule, pointer: str) -> None:
        name = module.name.casefold()
        group = next((each for each in self.part.groups if name in map(str.casefold, each.modules)), None)
        if group is None or group.language != "LAD":
            return
        for wire in wires(module, self.part.mode_of(module)):
            for inner, given in ((wire.pointer, wire.given), *wire.joined):
                found = _read(given)
                if found is not None and not (found.is_plain and not (wire.joined and found.truth is False)):
                    self._check_drawn(found, pointer + inner, plain=wire.type != "Bool" or wire.output)

    def _check_drawn(self, expression: Expression, pointer: str, *, plain: bool = False) -> None:
        if plain and expression.scl().lstrip("-+").replace(".", "").isdigit():
            return
        try:
            if plain:
                msg = f"'{expression.scl()}' cannot stand at a box of LAD: use one operand, or a group in SCL."
                raise ExpressionError(msg)
            expression.series(self.names.type_of)
        except ExpressionError as error:
            self.mistakes.add(pointer, str(error), "design.expression")

    # Expressions ------------------------------------------------------------------------------------------------------

    def _check_expression(self, wire: Wire, given: bool | float | str, pointer: str) -> Expression | None:
        """Note what is wrong with the names of an expression; its type is judged later."""
        try:
            found = read(given)
        except ExpressionError as error:
            self.mistakes.add(pointer, str(error), "design.expression")
            return None
        if wire.output and (not found.is_plain or found.truth is not None or not list(found.variables())):
            self.mistakes.add(pointer, f"'{given}' cannot be written: name a tag or a variable.", "design.expression")
            return None
        judge = self.names.write_fault if wire.output else self.names.fault
        faults = [fault for variable in found.variables() if (fault := judge(variable))]
        for fault in faults:
            self.mistakes.add(pointer, fault, "design.unknown")
        if not faults:
            self._typed.append((pointer, wire, found))
        return None if faults else found

    def _check_writers(self) -> None:
        """An output has one writer."""
        written: dict[str, str] = {}
        for pointer, wire, found in self._typed:
            if not wire.output:
                continue
            text = found.scl().casefold()
            if text in written:
                msg = f"{found.scl()} is written at {written[text]} already; what is written last would win."
                self.mistakes.add(pointer, msg, "design.output")
            written.setdefault(text, pointer)

    def _compile(self) -> None:
        """Let the compiler judge the expressions, each in a function of its own beside the program."""
        workspace = Workspace(_cpu(self.part))
        try:
            made = Generator(self.part, CHECK_VERSION).artifacts()
        except (Problem, ExpressionError) as error:
            self.mistakes.add("", f"The program cannot be made: {error}", "design.program")
            return
        for artifact in made:
            workspace.put_document(parse(artifact.xml))
        for number, (_, wire, found) in enumerate(self._typed):
            workspace.put_source(_function(number, wire, found), f"{number}")
        before = len(self.mistakes.details)
        for number, (pointer, _, _) in enumerate(self._typed):
            for finding in workspace.findings(f"{_CHECK}{number}"):
                if finding.severity == "error":
                    self.mistakes.add(pointer, finding.message, "design.type")
        if len(self.mistakes.details) > before:
            return
        for artifact in made:
            if workspace.find(artifact.name) is None:
                continue
            for finding in workspace.findings(artifact.name):
                if finding.severity == "error":
                    msg = f"'{artifact.name}' would not compile: {finding.message}"
                    self.mistakes.add(artifact.pointer, msg, "design.program")


def _function(number: int, wire: Wire, found: Expression) -> str:
    """A function that does with an expression what its parameter does."""
    statement = f"{found.scl()} := #x;" if wire.output else f"#x := {found.scl()};"
    lines = [f'FUNCTION "{_CHECK}{number}" : Void', "VAR_TEMP", f"{INDENT}x : {wire.type};", "END_VAR", "BEGIN",
             f"{INDENT}{statement}", "END_FUNCTION", ""]  # fmt: skip
    return "\n".join(lines)


def _read(given: bool | float | str) -> Expression | None:
    try:
        return read(given)
    except ExpressionError:
        return None


def _alarm_names(module: Alarms) -> Iterator[tuple[str, str]]:
    yield from (("", name) for name in ("acknowledge", "group", "horn", "count"))
    for index, alarm in enumerate(module.alarms):
        at = f"/alarms/{index}/name"
        yield at, alarm.name
        yield at, f"{alarm.name}Condition"


def _sequence_names(module: Sequence) -> Iterator[tuple[str, str]]:
    yield from (("", each.name) for each in blocks.parameters(module) if each.name not in blocks.outputs(module))
    for index, step in enumerate(module.steps):
        yield f"/steps/{index}/name", step.name
    names: dict[str, Any] = {}
    for index, step in enumerate(module.steps):
        names |= {name: f"/steps/{index}/outputs" for name in step.outputs if name not in names}
    yield from ((at, name) for name, at in names.items())


def _cpu(part: Part) -> Cpu:
    family = "S7-1200" if not _S7_1500.match(part.device.order_number) else "S7-1500"
    return Cpu(family, part.device.firmware or Cpu().firmware)
