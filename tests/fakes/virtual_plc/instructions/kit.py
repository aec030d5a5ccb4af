"""Calls an instruction as a tier would, by the names of its parameters."""

from collections.abc import Mapping
from typing import Any

from simatic_xml.program.types.instances import find_predefined
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import VOID, DataType
from virtual_plc.cpu.services import PlainServices
from virtual_plc.instructions import RESULT, Site, implementation
from virtual_plc.instructions.registry import bind_at
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.storage import attribute, class_of, new

MILLISECOND = 1_000_000
SECOND = 1_000_000_000


def of(text: str) -> DataType:
    """Return a type by its text."""
    return parse_type(text)


def slot(value: Any, text: str) -> Slot:
    """Return a reference to a single value of a type."""
    return Slot([value], 0, of(text))


def array(values: list[Any], text: str) -> Slot:
    """Return a reference to an array with these elements."""
    return Slot([list(values)], 0, of(text))


def element(values: Any, index: int, text: str) -> Slot:
    """Return a reference to one element of a list."""
    return Slot(values, index, of(text))


def instance(text: str) -> Any:
    """Return a new instance of an instruction or system type."""
    found = find_predefined(text)
    assert found is not None, text
    return class_of(found)()


def call(
    name: str,
    given: Mapping[str, Any] | None = None,
    *,
    types: Mapping[str, str] | None = None,
    result: str = "",
    actual: Mapping[str, str] | None = None,
    on: Any = None,
    services: PlainServices | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Execute an instruction once and return what it gives: `""` the function value, outputs, ENO.

    Args:
        name: name in the catalogue.
        given: values and references by parameter.
        types: type texts of the type variables.
        result: type of the function value.
        actual: type texts of parameters; outputs that a call writes are named here, too.
        on: the instance of an instruction with memory.
        services: the CPU.
        **more: further attributes of `Site`.
    """
    given = given or {}
    kinds = {each: value.type if isinstance(value, Slot) else VOID for each, value in given.items()}
    kinds |= {each: of(text) for each, text in (actual or {}).items()}
    site = Site(
        services or PlainServices(),
        {each: of(text) for each, text in (types or {}).items()},
        kinds,
        of(result) if result else VOID,
        **more,
    )
    found = implementation(name)
    assert found is not None, name
    ready = bind_at(found, site)
    arguments = [given.get(each.name, getattr(on, attribute(each.name), None)) for each in ready.takes]
    returned = ready.function(*([on] if ready.memory else []), *arguments)
    if len(ready.gives) == 1:
        return {ready.gives[0]: returned}
    return dict(zip(ready.gives, returned or (), strict=True))


def value(name: str, *arguments: Any, **more: Any) -> Any:
    """Return the function value of an instruction whose parameters are given in the order in which it takes them."""
    return call(name, _named(name, arguments), **more)[RESULT]


def checked(name: str, *arguments: Any, **more: Any) -> tuple[Any, bool]:
    """Return the function value and ENO."""
    found = call(name, _named(name, arguments), **more)
    return found[RESULT], found["ENO"]


def _named(name: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
    found = implementation(name)
    assert found is not None, name
    names = [each.name for each in found.takes]
    if any(each.repeated for each in found.takes):
        fixed = [each.name for each in found.takes if not each.repeated]
        stem = next(each.name for each in found.takes if each.repeated)
        names = [*fixed, *(f"{stem}{number}" for number in range(1, len(arguments) - len(fixed) + 1))]
    return dict(zip(names, arguments, strict=True))


def dtl(nanoseconds: int) -> Any:
    """Return a DTL for nanoseconds since 1970."""
    from virtual_plc.instructions.texts.dates import new_dtl

    return new_dtl(nanoseconds)


__all__ = [
    "MILLISECOND",
    "SECOND",
    "array",
    "call",
    "checked",
    "dtl",
    "element",
    "instance",
    "new",
    "of",
    "slot",
    "value",
]
