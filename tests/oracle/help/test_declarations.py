"""The compiler lets declare what the help's tables of the block interface have, and nothing else."""

from __future__ import annotations

import pytest

from tests.oracle.help.tables import CPUS, DECLARED_AGAINST, GROUPS, declarations, refused_declarations


@pytest.mark.parametrize("family", CPUS)
def test_types_in_the_sections_of_blocks(family: str) -> None:
    table = {key[1:]: groups for key, groups in declarations().items() if key[0] == family}
    expected = {
        (kind, section, data_type): group in groups
        for (kind, section), groups in table.items()
        for group, types in GROUPS.items()
        for data_type in types
        if _is_decided(family, kind, section, data_type)
    }
    wrong = refused_declarations(family, list(expected))
    assert {(family, *each) for each, possible in expected.items() if possible == (each in wrong)} == {
        each for each in DECLARED_AGAINST if each[0] == family
    }


def _is_decided(family: str, kind: str, section: str, data_type: str) -> bool:
    """Return whether the table alone decides; its footnotes are rows of rules/block-interface.csv."""
    structured = data_type.startswith(("Array", "Struct"))
    return not (
        (section == "Constant" and structured)
        or (section == "Return" and data_type == "Any")
        or (family == "S7-1200" and data_type == "DB_ANY")
    )
