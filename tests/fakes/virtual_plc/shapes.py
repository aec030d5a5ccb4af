"""Random types and values of them."""

from typing import Any

from hypothesis import strategies as st

from simatic_xml.program.types.ranges import number_limits, real32
from simatic_xml.program.types.types import ELEMENTARY, Array, DataType, Elementary, Kind, Structure, Text, Variable
from virtual_plc.memory.starting_values import FIRST_DATE_AND_TIME, LAST_DATE_AND_TIME

TYPES = sorted({each for each in ELEMENTARY.values() if not each.base}, key=lambda each: each.name)
_LATIN = st.characters(max_codepoint=0xFF)
_WIDE = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])


def values(data_type: DataType) -> st.SearchStrategy[Any]:
    """Return values of a type without parts."""
    if isinstance(data_type, Text):
        return st.text(_WIDE if data_type.name == "WString" else _LATIN, max_size=data_type.length)
    assert isinstance(data_type, Elementary)
    match data_type.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.REAL:
            floats = st.floats(allow_nan=False)
            return floats.map(real32) if data_type.bits == 32 else floats
        case Kind.CHARACTER:
            return _LATIN if data_type.bits == 8 else _WIDE
        case Kind.DATE_AND_TIME if not data_type.unit:
            milliseconds = st.integers(FIRST_DATE_AND_TIME // 1_000_000, LAST_DATE_AND_TIME // 1_000_000)
            return milliseconds.map(lambda count: count * 1_000_000)
    return st.integers(*number_limits(data_type))


def _structures(inner: st.SearchStrategy[DataType]) -> st.SearchStrategy[DataType]:
    members = st.lists(inner, min_size=1, max_size=5)
    return members.map(
        lambda types: Structure("", "struct", tuple(Variable(f"m{at}", each) for at, each in enumerate(types)))
    )


def _arrays(inner: st.SearchStrategy[DataType]) -> st.SearchStrategy[DataType]:
    bound = st.tuples(st.integers(-3, 3), st.integers(0, 3)).map(lambda each: (each[0], each[0] + each[1]))
    return st.builds(Array, inner, st.lists(bound, min_size=1, max_size=3).map(tuple))


PLAIN: st.SearchStrategy[DataType] = st.one_of(
    st.sampled_from(TYPES),
    st.builds(Text, st.sampled_from(["String", "WString"]), st.integers(1, 9)),
)
STRUCTURES = _structures(st.recursive(PLAIN, lambda inner: st.one_of(_structures(inner), _arrays(inner)), max_leaves=8))
