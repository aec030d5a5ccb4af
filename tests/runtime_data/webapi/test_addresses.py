"""Names of tags, with points and quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime_data.webapi.addresses import AddressError, elements, fold, parse, to_address, to_path

NAMES = st.text(st.characters(exclude_characters='"', exclude_categories=("C", "Z")), min_size=1, max_size=12)
STEPS = st.lists(NAMES, min_size=1, max_size=4).flatmap(
    lambda names: st.lists(st.lists(st.integers(-99, 99), max_size=3), min_size=len(names), max_size=len(names)).map(
        lambda indexes: tuple(
            step
            for name, index in zip(names, indexes, strict=True)
            for step in ([name, tuple(index)] if index else [name])
        )
    )
)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("Motor", '"Motor"'),
        ("Motor.speed", '"Motor".speed'),
        ("Data.list[-1]", '"Data".list[-1]'),
        ("Data.grid[0, 1].x", '"Data".grid[0,1].x'),
        ('"Clock_2.5Hz"', '"Clock_2.5Hz"'),
        ('"My DB"."a value"', '"My DB"."a value"'),
        ("Größe.Wert", '"Größe".Wert'),
    ],
)
def test_the_address_of_a_path(path: str, address: str) -> None:
    assert to_address(parse(path)) == address
    assert parse(address) == parse(path)


@given(STEPS)
def test_steps_are_read_as_they_were_written(steps: tuple[str | tuple[int, ...], ...]) -> None:
    assert parse(to_path(steps)) == parse(to_address(steps)) == steps


def test_case_quotes_and_blanks_do_not_matter() -> None:
    assert fold('"Data".List[ 1 ]'.replace(" ", "")) == fold("data.list[1]")


@pytest.mark.parametrize("text", [".x", "a.", "a..b", "a[", "a[x]", 'a"b"', "[1]", '""', "a.[1]", "a]b", "x" * 1001])
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(AddressError):
        parse(text)


def test_elements_of_arrays() -> None:
    assert elements([(-1, 3)]) == [(-1,), (0,), (1,)]
    assert elements([(0, 2), (1, 2)]) == [(0, 1), (0, 2), (1, 1), (1, 2)]
