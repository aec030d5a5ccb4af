"""The examples of docs/client.md, run in their order against a server of their own."""

import re
from pathlib import Path

import pytest

from engineering_api.client import Client
from tests.api.conftest import KEY

PAGE = Path(__file__).parents[2] / "docs" / "client.md"


def test_the_examples_of_the_page_run(url: str, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIA_URL", url)
    monkeypatch.setenv("TIA_API_KEY", KEY)
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 7
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), {"__name__": "page"})  # noqa: S102 - the page's own examples
    with Client() as client:
        client.projects.close(discard=True)
