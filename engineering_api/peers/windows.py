"""Finds the process at the other end of a connection by Windows' table of connections with their processes."""

from __future__ import annotations

import psutil

from engineering_api.peers.model import Address, Peer, listens_at, plain


def find_peer(client: Address, server: Address) -> Peer | None:
    """Return the process at the other end; None where none is found.

    Args:
        client: The other end.
        server: This end.
    """
    table = psutil.net_connections("inet")
    wanted = plain(client), plain(server)
    ends = {
        row.pid for row in table if row.status == psutil.CONN_ESTABLISHED and (_at(row.laddr), _at(row.raddr)) == wanted
    }
    process = ends.pop() if len(ends) == 1 else None
    if not process:
        return None
    others = [row for row in table if row.pid == process and _at(row.raddr) != wanted[1]]
    return Peer(_is_own(process), not others)


def find_listeners(server: Address) -> list[bool]:
    """Return for each process that listens at an address whether it runs as this user."""
    table = psutil.net_connections("tcp")
    return [
        _is_own(row.pid)
        for row in table
        if row.status == psutil.CONN_LISTEN and row.laddr and listens_at((row.laddr[0], row.laddr[1]), server)
    ]


def _is_own(process: int | None) -> bool:
    try:
        return process is not None and psutil.Process(process).username() == psutil.Process().username()
    except psutil.Error:  # another user's, whose name Windows does not give, or it has ended
        return False


def _at(address: Address | tuple[()]) -> Address | None:
    return plain((address[0], address[1])) if address else None
