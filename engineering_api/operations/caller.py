"""The caller of a request, as all parts of the service see it."""

from __future__ import annotations

from dataclasses import dataclass

from engineering_api.operations.terms import Right
from engineering_api.peers.model import Address


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: For the audit log.
        client: What the client calls itself (X-Client-Id).
        local: The client's and the server's end of the connection, where a program asks by a loopback address and names no
            proxy; None otherwise. Which user it runs as, and whether it relays for others, is not known by that.
        kind: How it was identified: key, user, token and the like; for the audit log.
        address: Where it asks from; empty inside this process.
        projects: Globs of the names and paths of the projects that it is limited to; none for all.
        tags: Patterns of the tags of the runtime that it is limited to; none for all.
        credential: What identified it, such as user:1f3a for a login; a rotated key is another one; empty for the service's own key.
        holders: Whose present right limits it, such as key:1f3a or user:eva: it may never do more than each of them may now.
            None for the service's own key and for tokens of an issuer, whose right is not known here.
    """

    name: str
    right: Right
    client: str = ""
    local: tuple[Address, Address] | None = None
    kind: str = ""
    address: str = ""
    projects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    credential: str = ""
    holders: tuple[str, ...] = ()

    @property
    def is_limited(self) -> bool:
        """Whether it is limited to some projects or tags."""
        return bool(self.projects or self.tags)
