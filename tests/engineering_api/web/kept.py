"""A read whose answers differ each time that TIA Portal makes one."""

from __future__ import annotations

import re

from tests.support.service import Client

BLOCK = "/api/devices/PLC_1/blocks/Main/content"


def exported_at(client: Client, path: str = BLOCK, **headers: str) -> str:
    """When TIA Portal exported the block of an answer: each export has its own time."""
    found = re.search(r"<Created>(.*?)</Created>", client.http.get(path, headers=headers).text)
    assert found
    return found[1]
