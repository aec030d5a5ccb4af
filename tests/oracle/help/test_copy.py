"""What we keep of the help's tables is what a copy of the help has, where there is one."""

from __future__ import annotations

import pytest

from tests.oracle.help import pages
from tests.oracle.help.extraction import PAGES, extract_conversions, extract_declarations
from tests.oracle.help.tables import conversions, declarations

pytestmark = pytest.mark.skipif(not pages.is_there(), reason=pages.REASON)


@pytest.mark.parametrize("family", PAGES)
def test_conversions_are_those_of_the_copy(family: str) -> None:
    assert extract_conversions(family) == conversions(family)


def test_declarations_are_those_of_the_copy() -> None:
    assert extract_declarations() == declarations()
