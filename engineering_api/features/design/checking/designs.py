"""Checks a design beyond its shape: names, references, addresses, call structure, sequences, types, tests.

All errors are reported at once, each with its JSON pointer.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engineering_api.features.design.checking.data import NAMED, DataCheck
from engineering_api.features.design.checking.modules import ModuleCheck
from engineering_api.features.design.checking.types import check_types
from engineering_api.features.design.model import Design
from engineering_api.features.design.names import Names
from engineering_api.features.design.parts import Part, device_of, parts, plain_tests
from engineering_api.features.design.reading import Mistakes
from engineering_api.features.plc_tests.files import reading as test_files
from openness_bridge.errors import Problem


def check(design: Design, mistakes: Mistakes) -> list[str]:
    """Note what is wrong with a design.

    Returns:
        What is probably not meant, as sentences.
    """
    _check_devices(design, mistakes)
    warnings: list[str] = []
    for part in parts(design):
        warnings += _check_part(part, mistakes)
    _check_tests(design, mistakes)
    return warnings


def _check_part(part: Part, mistakes: Mistakes) -> list[str]:
    """Note what is wrong with the part of a device; types only where nothing else is, as it would be said twice."""
    names, before = Names(part), len(mistakes.details)
    modules = ModuleCheck(part, names, mistakes)
    data = DataCheck(part, names, mistakes)
    data.run()
    modules.run()
    if len(mistakes.details) > before:
        return []
    check_types(part, data.uses + modules.uses, mistakes)
    return list(_find_unused(part, modules))


def _find_unused(part: Part, modules: ModuleCheck) -> Iterator[str]:
    """Yield the tags that nothing reads or writes."""
    used = {variable.name.casefold() for use in modules.uses for variable in use.expression.variables()}
    for tag in part.tags:
        if tag.name.casefold() not in used:
            yield f"The tag '{tag.name}' is not used."


def _check_devices(design: Design, mistakes: Mistakes) -> None:
    seen: set[str] = set()
    for index, device in enumerate(design.devices):
        for pointer, name in [(f"/devices/{index}/name", device.name)] + [
            (f"/devices/{index}/ioModules/{number}/name", each.name) for number, each in enumerate(device.io_modules)
        ]:
            if name.casefold() in seen:
                mistakes.add(pointer, f"'{name}' is given twice.", "design.name")
            seen.add(name.casefold())
    for section in (*NAMED, "tests"):
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
            mistakes.add(
                "/tests",
                f"'{case.name}' tests the single block '{case.test.block}'; here tests are of the whole "
                "program, and blocks have separate tests.",
                "design.test",
            )
