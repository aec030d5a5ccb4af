"""What a VARIANT points to: its type, its value, the number of its elements, the limits of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.types import ELEMENTARY, Array, DataType, Text, type_name
from virtual_plc.instructions.registry import KEEP, Reference, Site, plain, register_maker
from virtual_plc.memory.shapes import copy_into, is_plain


class TypeName(str):
    """Name of a type as TypeOf gives it: equal to the name in a program, in any case, with or without quotes."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Return whether it is the same type; a name is the same whether it is written short or long."""
        return isinstance(other, str) and _canonical(self) == _canonical(other)

    def __ne__(self, other: object) -> bool:
        """Return whether it is another type."""
        return not self == other

    def __hash__(self) -> int:
        """Return what is the same for equal names."""
        return hash(_canonical(self))


def _canonical(text: str) -> str:
    found = ELEMENTARY.get(text.upper())
    return (found.name if found else text).replace('"', "").casefold()


def named_type(data_type: DataType) -> TypeName:
    """Return the name of a type, of a string without its length."""
    return TypeName(data_type.name if isinstance(data_type, Text) else type_name(data_type))


@plain("TypeOf", "&IN")
def type_of(IN: Reference | None) -> TypeName:
    """Return the name of a type; of NULL nothing."""
    return TypeName() if IN is None else named_type(IN.type)


@plain("TypeOfElements", "&IN")
def type_of_elements(IN: Reference | None) -> TypeName:
    """Return the name of the type of an array's elements; of what is no array its own."""
    if IN is None:
        return TypeName()
    return named_type(IN.type.element if isinstance(IN.type, Array) else IN.type)


@plain("IS_ARRAY", "&IN")
def is_array(IN: Reference | None) -> bool:
    """Return whether a VARIANT points to an array."""
    return IN is not None and isinstance(IN.type, Array)


@plain("CountOfElements", "&IN")
def count_of_elements(IN: Reference | None) -> int:
    """Return the number of elements of an array, 0 for what is none."""
    return len(IN.get()) if IN is not None and isinstance(IN.type, Array) else 0


def _types_agree(of: Callable[[Reference | None], TypeName], *, equal: bool) -> Callable[..., bool]:
    return lambda IN1, IN2: (IN1 is not None and of(IN1) == of(IN2)) is equal


for _name, _of, _equal in (
    ("EQ_Type", type_of, True),
    ("NE_Type", type_of, False),
    ("EQ_ElemType", type_of_elements, True),
    ("NE_ElemType", type_of_elements, False),
):
    plain(_name, "&IN1 &IN2")(_types_agree(_of, equal=_equal))


def _make_bound(side: int) -> Callable[[Reference, int], tuple[int, bool]]:
    def read_bound(ARR: Reference, DIM: int) -> tuple[int, bool]:
        bounds = ARR.type.bounds if isinstance(ARR.type, Array) else ()
        found = bounds[DIM - 1] if 1 <= DIM <= len(bounds) else None
        return (0, False) if found is None else (found[side], True)

    return read_bound


plain("LOWER_BOUND", "&ARR DIM", "RET ENO")(_make_bound(0))
plain("UPPER_BOUND", "&ARR DIM", "RET ENO")(_make_bound(1))


@register_maker("VariantGet", "&SRC", "DST ENO")
def _variant_get(site: Site) -> Callable[[Reference | None], tuple[Any, bool]]:
    wanted = site.type_of("DST", "DST")

    def get(SRC: Reference | None) -> tuple[Any, bool]:
        if SRC is None or not same(SRC.type, wanted):
            return KEEP, False
        return SRC.get(), True

    return get


@register_maker("VariantPut", "SRC &DST", "ENO")
def _variant_put(site: Site) -> Callable[[Any, Reference | None], bool]:
    given = site.type_of("SRC", "SRC")

    def put(SRC: Any, DST: Reference | None) -> bool:
        if DST is None or not same(given, DST.type):
            return False
        if is_plain(DST.type):
            DST.set(SRC)
        else:
            copy_into(DST.get(), SRC)
        return True

    return put


@plain("REF", "&IN")
def reference_to(IN: Reference) -> Reference:
    """Return a reference to a variable."""
    return IN
