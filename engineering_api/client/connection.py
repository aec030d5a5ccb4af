"""What both clients have: a server, a key, and how calls are made."""

from __future__ import annotations

import copy
from typing import Any, Self

import msgspec

from engineering_api.client.access import Access
from engineering_api.client.options import Options


class Connection:
    """A server and the way to speak to it.

    Attributes:
        server: Where the server is, and the key.
        options: How calls are made.
    """

    def __init__(self, url: str | None, key: str | None, options: Options | None) -> None:
        """Find the server.

        Raises:
            Problem: The environment is not usable.
        """
        self.server = Access(url, key)
        self.options = options or Options()

    def using(self, **changes: Any) -> Self:
        """Return this client, over the same connection, with other options: `client.using(page=2).tags.list_all(...)`.

        Args:
            changes: Fields of Options.
        """
        other = copy.copy(self)
        other.options = msgspec.structs.replace(self.options, **changes)
        return other
