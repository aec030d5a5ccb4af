"""Proves as which user the other side of a connection within this computer runs.

A loopback address shows only that the last step came from here: another user may have made it, or a relay for another
computer. The system's tables show more: which process holds the other end, as whom it runs, and by which other sockets
another program could reach that process. A relay needs a second connection, so a process that has none is the client itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from engineering_api.peers.model import Address, Peer, is_address
from openness_bridge.errors import Kind, Problem

if sys.platform == "win32":
    from engineering_api.peers.windows import find_listeners, find_peer
else:
    from engineering_api.peers.linux import find_listeners, find_peer

__all__ = ["Address", "Peer", "is_served_by_this_user", "require_same_user"]
Find = Callable[[Address, Address], Peer | None]


def require_same_user(client: Address, server: Address, find: Find = find_peer) -> None:
    """Refuse a client that is not proved to be a process of this user, and one that may be a relay.

    Args:
        client: The other end.
        server: This end.
        find: Finds the process; by default the way of this operating system.

    Raises:
        Problem: 403, with the reason.
    """
    peer = find(client, server)
    if peer is None:
        raise _refuse("the process that asks cannot be identified")
    if not peer.is_own:
        raise _refuse("the process that asks runs as another user")
    if not peer.is_closed:
        raise _refuse("the process that asks has other network connections, so it may be a relay")


def is_served_by_this_user(servers: Iterable[Address]) -> bool:
    """Return whether all that listens at some addresses of this computer runs as this user, and something does."""
    listeners = [is_own for server in servers if is_address(server[0]) for is_own in find_listeners(server)]
    return bool(listeners) and all(listeners)


def _refuse(reason: str) -> Problem:
    msg = f"The key is not given, because {reason}. Read it from the file api.key of the data folder."
    return Problem("auth.not_local", msg, kind=Kind.FORBIDDEN)
