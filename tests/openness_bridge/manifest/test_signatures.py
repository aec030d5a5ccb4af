"""Lines of the manifest are read and written back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.manifest.signatures import Basis, Kind, Member, Parameter, parse

names = st.from_regex(r"[A-Z][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name != "new")
simple_types = st.sampled_from(["string", "int", "bool", "byte[]", "System.IO.FileInfo", "SW.Blocks.FB", "?", "T"])
types = st.recursive(
    simple_types,
    lambda inner: st.lists(inner, min_size=1, max_size=2).map(
        lambda arguments: f"System.Collections.Generic.IList<{', '.join(arguments)}>"
    ),
    max_leaves=4,
)
parameters = st.lists(
    st.builds(
        Parameter, st.from_regex(r"[a-z_][A-Za-z_]{0,6}", fullmatch=True), types, st.sampled_from(["", "out", "ref"])
    ),
    max_size=3,
).map(tuple)
flags = {"static": st.booleans(), "explicit": st.booleans()}
members = st.one_of(
    st.builds(Member, st.just(Kind.PROPERTY), names, types, writable=st.booleans(), **flags),
    st.builds(Member, st.sampled_from([Kind.ATTRIBUTE, Kind.FIELD]), names, types, writable=st.booleans()),
    st.builds(Member, st.just(Kind.EVENT), names, types, static=st.booleans()),
    st.builds(
        Member,
        st.just(Kind.METHOD),
        names,
        types | st.just(""),
        parameters,
        st.lists(st.sampled_from("TUV"), max_size=2, unique=True).map(tuple),
        **flags,
    ),
    st.builds(Member, st.just(Kind.CONSTRUCTOR), st.just("new"), parameters=parameters),
    st.builds(Member, st.just(Kind.VALUE), names, number=st.none() | st.integers(-(2**31), 2**31)),
    st.builds(Member, st.just(Kind.SERVICE), st.sampled_from(["Compiler.ICompilable", "SW.Blocks.X"])),
)


@given(members)
def test_a_member_is_written_and_read_back(member: Member) -> None:
    assert parse(str(member)) == member


@given(members, st.sampled_from(Basis))
def test_the_basis_comes_from_outside(member: Member, basis: Basis) -> None:
    assert parse(str(member), basis).basis is basis


def test_overloads_have_keys_of_their_own() -> None:
    lines = [
        "Create(name: string): X",
        "Create(name: string, number: int): X",
        "Create<T>(name: string): T",
        "Create: X",
    ]
    assert len({parse(line).key for line in lines}) == 4
    assert parse("attribute Name: string").key != parse("Name: string").key


@pytest.mark.parametrize("line", ["", "Name", "Create(name)", "event", "Name = x", "Create(a: string", "A B: string"])
def test_what_is_no_member_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"This is not a (member|parameter)"):
        parse(line)
