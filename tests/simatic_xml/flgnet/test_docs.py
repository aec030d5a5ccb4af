"""The examples of the manual page do what it says."""

import json
import re
from typing import Any

import pytest

from simatic_xml import flgnet
from tests import ROOT

PAGE = ROOT / "docs" / "lad-json.md"
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)]


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("data", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_is_built_checked_and_read_back(data: dict[str, Any]) -> None:
    element = flgnet.from_json(data)
    assert flgnet.check(element) == []
    again = flgnet.to_json(element)
    if "parts" in data:
        assert again == {"rungs": [[{"contact": "#a"}, {"coil": "#b"}]]}
    else:
        assert again == data


def test_every_operand_of_the_table_is_one() -> None:
    rows = PAGE.read_text(encoding="utf-8").partition("| text | meaning |")[2].partition("##")[0].splitlines()[2:]
    texts = [text for row in rows if row for text in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(texts) > 15
    for text in texts:
        element = flgnet.from_json({"rungs": [[{"box": "Any_Box", "in": {"IN": text}}]]})
        assert flgnet.to_json(element)["rungs"][0][0]["in"]["IN"] == text
