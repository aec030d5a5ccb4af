"""The examples of the documentation run as they stand there."""

import re

from tests import ROOT
from tests.simatic_xml.corpus import fixture

PAGE = ROOT / "docs" / "simatic_xml.md"


def test_examples_run() -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 5
    names: dict[str, object] = {"exported": fixture("motor_v18.xml")}
    for example in examples:
        exec(compile(example, PAGE.name, "exec"), names)  # noqa: S102 - our own documentation
