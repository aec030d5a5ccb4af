"""Finds the process at the other end of a connection by the tables under /proc; without them, it finds nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from engineering_api.peers.model import Address, Peer, listens_at, plain

PROC = Path("/proc")
ESTABLISHED, LISTENING = "01", "0A"
"""States in /proc/net/tcp."""
ACCEPTS = 0x10000
"""The flag of a listening socket in /proc/net/unix."""


def find_peer(client: Address, server: Address) -> Peer | None:
    """Return the process at the other end, or several that share it; None where none is found.

    Args:
        client: The other end.
        server: This end.
    """
    held = _sockets_by_process()  # before the tables: a socket that is made later belongs to another request
    tcp, wanted = list(_tcp_rows()), (plain(client), plain(server))
    ends = [row for row in tcp if (row.local, row.remote) == wanted and row.state == ESTABLISHED]
    holders = [process for process, sockets in held.items() if ends and ends[0].inode in sockets]
    if len(ends) != 1 or not holders:
        return None
    harmless = {row.inode for row in tcp if row.remote == wanted[1]} | set(_list_quiet_inodes())
    users = {ends[0].user}.union(*(_users(process) for process in holders))
    return Peer(users == {os.geteuid()}, all(held[process] <= harmless for process in holders))


def find_listeners(server: Address) -> list[bool]:
    """Return for each socket that listens at an address whether this user made it."""
    rows = (row for row in _tcp_rows() if row.state == LISTENING and listens_at(row.local, server))
    return [row.user == os.geteuid() for row in rows]


@dataclass(frozen=True, slots=True)
class _Row:
    """A socket of /proc/net/tcp or tcp6."""

    local: Address
    remote: Address
    state: str
    user: int
    inode: str


def _tcp_rows() -> Iterator[_Row]:
    for name in ("tcp", "tcp6"):
        for local, remote, state, _, _, _, user, _, inode in _table(name, 1, 10):
            yield _Row(_address(local), _address(remote), state, int(user), inode)


def _list_quiet_inodes() -> Iterator[str]:
    """Sockets that accept no new connection to a process: connected ones within this computer, and those to the kernel."""
    yield from (inode for flags, _, _, inode in _table("unix", 3, 7) if not int(flags, 16) & ACCEPTS)
    yield from (inode for (inode,) in _table("netlink", 9, 10))


def _table(name: str, first: int, end: int) -> Iterator[list[str]]:
    """Yield some columns of a table of /proc/net, without its heading."""
    file = PROC / "net" / name
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()[1:] if file.exists() else []
    yield from (columns[first:end] for line in lines if len(columns := line.split()) >= end)


def _address(text: str) -> Address:
    """Return an address as /proc writes it: words of 32 bits in the machine's order of bytes, in hexadecimal digits."""
    words, _, port = text.partition(":")
    packed = b"".join(int(words[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(words), 8))
    return plain((str(ip_address(packed)), int(port, 16)))


def _sockets_by_process() -> dict[int, set[str]]:
    """Return the inodes of the sockets of all processes that this user may look into."""
    folders = PROC.iterdir() if PROC.exists() else ()
    return {int(folder.name): _inodes(folder / "fd") for folder in folders if folder.name.isdecimal()}


def _inodes(folder: Path) -> set[str]:
    """Return the inodes of the sockets among a process's open files; none where it has ended or is not readable."""
    found = set()
    try:
        for each in folder.iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                found.add(str(each.readlink()))
    except OSError:
        return set()
    return {target[8:-1] for target in found if target.startswith("socket:[")}


def _users(process: int) -> set[int]:
    """Return the real, effective, saved and file system users of a process; nobody's number once it has ended."""
    try:
        status = (PROC / str(process) / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {-1}
    line = next(line for line in status.splitlines() if line.startswith("Uid:"))
    return {int(number) for number in line.split()[1:]}
