"""Paths of Ignition and tags of the runtime."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from runtime_data.ignition.tag_paths import last_part, split, to_path, to_tag

NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=".:"), min_size=1, max_size=8)
SOURCE = st.text(min_size=1, max_size=8).filter(lambda name: ":" not in name and name.casefold() != "default")


@pytest.mark.parametrize(
    ("path", "tag"),
    [
        ("[PLC_1]Motor/speed", "PLC_1:Motor.speed"),
        ("[PLC_1]Data/list[3]", "PLC_1:Data.list[3]"),
        ("[PLC_1]Data/grid[1,2]/x", "PLC_1:Data.grid[1,2].x"),
        ("[default]Plant/Temperature", ":Plant.Temperature"),
        ("[memory]a%2Fb/c%25", "memory:a/b.c%"),
        ("[a%5Db]x", "a]b:x"),
    ],
)
def test_both_ways(path: str, tag: str) -> None:
    assert to_tag(path) == tag
    assert to_path(tag) == path


@pytest.mark.parametrize(
    ("path", "tag"),
    [("Plant/Temperature", ":Plant.Temperature"), ("[DEFAULT]x", ":x"), ("[P]a.b", "P:a.b"), ("[P]50%", "P:50%")],
)
def test_other_spellings_of_a_tag(path: str, tag: str) -> None:
    assert to_tag(path) == tag


@pytest.mark.parametrize("path", ["", "[PLC_1]", "[PLC_1Motor", "[default]"])
def test_what_names_no_tag(path: str) -> None:
    with pytest.raises(Problem) as refused:
        to_tag(path)
    assert refused.value.code == "ignition.tag_path"


@given(SOURCE | st.just(""), st.lists(NAME, min_size=1, max_size=4))
def test_every_tag_has_one_path(source: str, names: list[str]) -> None:
    tag = f"{source}:{'.'.join(names)}"
    path = to_path(tag)
    assert to_tag(path) == tag
    assert to_path(to_tag(path)) == path
    assert split(path) == (source, ".".join(names))
    assert path.partition("]")[2].count("/") == len(names) - 1
    assert to_tag(f"[x]{last_part(path)}") == f"x:{names[-1]}"
