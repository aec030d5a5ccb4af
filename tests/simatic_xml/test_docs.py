"""The examples of the documentation run as they stand there."""

import re
from pathlib import Path

from tests.simatic_xml.corpus import fixture

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simatic_xml.md"


def test_examples_run() -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 5
    names: dict[str, object] = {"exported": fixture("motor_v18.xml")}
    for example in examples:
        exec(compile(example, PAGE.name, "exec"), names)  # noqa: S102 - our own documentation
