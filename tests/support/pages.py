"""Pages of the documentation with requests: sent in their order, their answers held against what is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests import ROOT

DOCS = ROOT / "docs"
_BLOCK = re.compile(r"```(http|json)\n(.*?)```", re.DOTALL)


class Page:
    """A page."""

    def __init__(self, name: str) -> None:
        self.text = (DOCS / name).read_text(encoding="utf-8")

    def requests(self) -> Iterator[tuple[str, str, Any, Any]]:
        """Method, path, body, and the answer that is shown behind it; None for none."""
        blocks = _BLOCK.findall(self.text)
        for (kind, content), (after, shown) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
            if kind == "http":
                head, _, body = content.partition("\n")
                method, path = head.split()
                yield method, path, json.loads(body) if body else None, json.loads(shown) if after == "json" else None

    def table(self, heading: str) -> set[str]:
        """The words in code in the first column of the table with a heading."""
        rows = self.text[self.text.index(f"| {heading} |") :].split("\n\n", 1)[0].splitlines()[2:]
        return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}

    def play(self, send: Callable[[str, str, Any], Any]) -> int:
        """Send all requests; `send` gives the data or the error. Returns how many there were."""
        count = 0
        for method, path, body, shown in self.requests():
            answer = send(method, path, body)
            if shown is not None:
                assert_shown(shown, answer, f"{method} {path}")
            count += 1
        return count


def assert_shown(shown: Any, answer: Any, where: str) -> None:
    """What is shown is a part of the answer, in the same order."""
    if isinstance(shown, dict):
        assert isinstance(answer, dict), where
        for key, value in shown.items():
            assert_shown(value, answer[key], f"{where} {key}")
    elif isinstance(shown, list):
        assert len(shown) == len(answer), (where, answer)
        for index, (value, other) in enumerate(zip(shown, answer, strict=True)):
            assert_shown(value, other, f"{where} {index}")
    else:
        assert shown == answer, where
