"""The messages of a stream of server-sent events, without comments: the beats are some."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any


def messages(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield the kind and the data of each message."""
    kind = ""
    for line in lines:
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))
        elif not line:
            kind = ""
