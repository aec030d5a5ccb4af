"""What an authority says is never more than each of those who had a part in it may do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.authority import NOBODY, Authority
from engineering_api.security.roles import RIGHTS
from engineering_api.security.scopes import covers
from openness_bridge.errors import Problem

NAMES = ["Line1", "Line2", "Line12", "Other"]
FILES = [f"/plants/{folder}/{name}.ap20" for folder in ("north", "south") for name in NAMES]
GLOBS = st.lists(
    st.sampled_from(["Line*", "Line1*", "line1", "*", "*1", "L?ne1", "*/north/*", "*/plants/*", "Other", "[LO]*"]),
    max_size=3,
).map(tuple)
TAGS = st.lists(st.sampled_from(["memory:*", "memory:Order.*", "PLC_1:A"]), max_size=2).map(tuple)
AUTHORITIES = st.builds(Authority, st.sampled_from(list(RIGHTS.values())), GLOBS, TAGS, st.just(()))


def reaches(authority: Authority, file: str) -> bool:
    return covers(authority.projects, file) if authority.projects or authority.tags else True


PROJECTS = {
    ("", ""): "",
    ("", "Line*"): "Line*",
    ("Line*", ""): "Line*",
    ("Line*", "Line1*"): "Line1*",
    ("Line1*", "Line*"): "Line1*",
    ("Line* Other", "Line1 Oth*"): "Other Line1",
    ("line1", "LINE1"): "line1 LINE1",
    ("Line*", "Other"): None,
    ("*", "*/north/*"): None,
    ("*/north/*", "*"): None,
    ("*/plants/*", "*/plants/north/*"): "*/plants/north/*",
    ("C:\\plants\\a*", "c:/plants/*"): "C:\\plants\\a*",
    ("L?ne1", "L*"): "L?ne1",
    ("[LO]*", "*"): "[LO]*",
    ("Line1", "L?ne1"): None,
    ("Line1", "[L]*"): None,
}
"""What two lists of globs leave; None for nothing."""


def test_what_two_share_is_all_that_is_certain() -> None:
    def share(one: Authority, other: Authority) -> tuple[tuple[str, ...], tuple[str, ...]]:
        both = one.meet(other)
        return both.projects, both.tags

    limits = [
        Authority(Right.VIEW, *(tuple(each.split()) for each in pair)) for pair in (("", "a b"), ("", "B c"), ("x", ""))
    ]
    assert share(limits[0], limits[1]) == ((), ("b", "B"))
    assert share(limits[0], limits[2]) == share(limits[2], limits[0]) == (NOBODY, ())
    for (one, other), left in PROJECTS.items():
        found = share(*(Authority(Right.VIEW, tuple(each.split())) for each in (one, other)))
        assert found == (NOBODY if left is None else tuple(left.split()), ()), (one, other)


@given(AUTHORITIES, AUTHORITIES)
def test_what_two_share_is_never_more_than_each_has(one: Authority, other: Authority) -> None:
    both = one.meet(other)
    assert both.right is min(one.right, other.right)
    for file in FILES:
        assert reaches(both, file) <= (reaches(one, file) and reaches(other, file)), file
    limits = [set(each.tags) if each.projects or each.tags else None for each in (one, other)]
    if (one.projects or one.tags) or (other.projects or other.tags):
        assert both.projects or both.tags
        assert all(limit is None or set(both.tags) <= limit for limit in limits)
    twice = one.meet(one)
    assert (set(twice.projects), set(twice.tags)) == (set(one.projects), set(one.tags))


@given(AUTHORITIES, st.sampled_from(list(RIGHTS.values())))
def test_an_authority_is_read_as_it_was_written_and_never_more(authority: Authority, right: Right) -> None:
    read = Authority.decode(authority.encode(), "key:build", right)
    assert read == Authority(min(right, authority.right), authority.projects, authority.tags, authority.holders)


@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("key:build", ("key-name:build",)),
        ("user:Eva", ("user:eva",)),
        ("user:Eva via pipeline Nightly", ("user:eva",)),
        ("key:build (assistant)", ("key-name:build",)),
        ("api-key", ()),
        ("oidc:eva", ()),
        ("", ()),
    ],
)
def test_a_row_of_an_earlier_version_is_limited_by_the_owner_of_its_name(name: str, holders: tuple[str, ...]) -> None:
    limited = '{"projects": ["Line*"], "tags": []}'
    for text, projects in (("", ()), (limited, ("Line*",))):
        assert Authority.decode(text, name, Right.OPERATE) == Authority(Right.OPERATE, projects, (), holders)


def test_it_is_lowered_to_what_its_holders_may_now() -> None:
    present = {
        "user:eva": Caller("user:eva", Right.ENGINEER),
        "key:1": Caller("key:x", Right.ADMINISTER, projects=("Line*",)),
    }
    stored = Authority(Right.OPERATE, holders=("user:eva", "key:1"))
    assert stored.now(present.get) == Authority(Right.ENGINEER, ("Line*",), (), stored.holders)
    for holder, what in (("user:gone", "user"), ("key:gone", "key")):
        with pytest.raises(Problem, match=f"The {what} in whose right") as refused:
            Authority(Right.VIEW, holders=(holder,)).now(present.get)
        assert refused.value.code == "auth.owner"
