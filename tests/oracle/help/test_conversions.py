"""The compiler converts what the help's tables of conversions have, and nothing else."""

from __future__ import annotations

import pytest

from tests.oracle.help.extraction import PAGES
from tests.oracle.help.tables import CONVERTED_AGAINST, conversions, refused, types_of

FAMILIES = tuple(PAGES)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("iec_check", [True, False])
def test_implicit_conversions(family: str, iec_check: bool) -> None:
    known = conversions(family)
    pairs = [(target, source) for source in known for target in known if source != target]
    wrong = refused(family, [(*pair, "{}") for pair in pairs], iec_check=iec_check)
    found = {pair: at not in wrong for at, pair in enumerate(pairs)}
    expected = {
        (target, source): target in known[source].always | (frozenset() if iec_check else known[source].unchecked)
        for target, source in pairs
    }
    assert {(family, *pair) for pair in pairs if found[pair] != expected[pair]} == {
        each for each in CONVERTED_AGAINST if each[0] == family and not iec_check
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_conversions_by_name(family: str) -> None:
    names = sorted(name for each in conversions(family).values() for name in each.names)
    wrong = refused(family, [(*types_of(name), f"{name}({{}})") for name in names])
    assert [names[at] for at in wrong if 0 <= at < len(names)] == []
    assert wrong == set()
