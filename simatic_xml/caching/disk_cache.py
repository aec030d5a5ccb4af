"""A folder of results that are expensive to find: each is kept under a key of everything that it depends on.

Some results are code, so nothing is taken from the folder that this user of this computer did not put there: the folder
and its files belong to the user alone, and each entry is signed with a secret that is kept elsewhere. An entry that is
damaged, renamed or copied from another computer does not fit its signature; it is deleted and never used.

There is no folder until a program opens one with `configure`; until then nothing is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import MAGIC_NUMBER, find_spec
from pathlib import Path

_HEAD = b"simatic-cache 1\n"
_SECRET_BYTES, _DIGEST_BYTES = 32, 32
_FOLLOW_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_LARGEST_SHARE = 4
"""An entry takes at most this part of the folder."""


class DiskCache:
    """Signed entries in a folder. Every method may be called from any thread and any process; none raises."""

    def __init__(self, folder: Path, secret: bytes, most: int) -> None:
        """Use a folder.

        Args:
            folder: A folder that belongs to this user alone; `open_cache` checks that.
            secret: Signs the entries.
            most: Bytes of all entries; the entries that were not used for longest are deleted above it.
        """
        self._folder, self._secret, self._most = folder, secret, most

    def get(self, key: str) -> bytes | None:
        """Return the entry of a key, None when there is none that can be trusted."""
        file = self._folder / key
        try:
            content = _read_own(file, len(_HEAD) + _DIGEST_BYTES + self._most)
        except OSError:
            return None
        head, kept = content[: len(_HEAD)], content[len(_HEAD) + _DIGEST_BYTES :]
        signature = content[len(_HEAD) : len(_HEAD) + _DIGEST_BYTES]
        if head != _HEAD or not hmac.compare_digest(signature, self._sign(key, kept)):
            with suppress(OSError):
                file.unlink(missing_ok=True)
            return None
        with suppress(OSError):
            os.utime(file)
        return kept

    def put(self, key: str, content: bytes) -> None:
        """Keep an entry, instead of an earlier one of the same key; one that is too large, or a full disk, is ignored."""
        if len(content) > self._most // _LARGEST_SHARE:
            return
        with suppress(OSError):
            descriptor, draft = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.writelines((_HEAD, self._sign(key, content), content))
                Path(draft).replace(self._folder / key)
            except BaseException:
                with suppress(OSError):
                    Path(draft).unlink(missing_ok=True)
                raise
            self._tidy()

    def _sign(self, key: str, content: bytes) -> bytes:
        signer = hashlib.blake2b(key.encode() + b"\0", key=self._secret, digest_size=_DIGEST_BYTES)
        signer.update(content)
        return signer.digest()

    def _tidy(self) -> None:
        """Delete the entries that were not used for longest, above the limit."""
        found = []
        for each in os.scandir(self._folder):
            with suppress(OSError):
                about = each.stat(follow_symlinks=False)
                found.append((about.st_mtime_ns, about.st_size, each.path))
        room = self._most
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                with suppress(OSError):
                    Path(path).unlink(missing_ok=True)


def open_cache(folder: Path, secret_file: Path, most: int) -> DiskCache | None:
    """Return the cache in a folder, which is made when it is missing; None where this user may not trust the folder.

    Args:
        folder: The folder.
        secret_file: File of the secret, in another folder; made when it is missing.
        most: Bytes of all entries; 0 for no cache.
    """
    if most <= 0:
        return None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        if not _is_private(folder):
            return None
        return DiskCache(folder, _secret_of(secret_file), most)
    except OSError:
        return None


def _is_private(folder: Path) -> bool:
    """Return whether a folder is no link, belongs to this user, and nobody else may enter it; on Windows the profile sees to it."""
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode):
        return False
    return sys.platform == "win32" or (about.st_uid == os.geteuid() and not about.st_mode & 0o077)


def _secret_of(file: Path) -> bytes:
    """Return the secret of a file, made once; a file of another length is replaced.

    Raises:
        OSError: It cannot be read or written, or others may read it.
    """
    with suppress(FileNotFoundError):
        found = _read_own(file, _SECRET_BYTES)
        if len(found) == _SECRET_BYTES:
            return found
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = secrets.token_bytes(_SECRET_BYTES)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(made)
    Path(draft).replace(file)
    return _read_own(file, _SECRET_BYTES)


def _read_own(file: Path, most: int) -> bytes:
    """Return the first bytes of a file that is no link, belongs to this user, and that nobody else may read or write.

    Raises:
        OSError: It is another one.
    """
    descriptor = os.open(file, os.O_RDONLY | _FOLLOW_NO_LINK)
    with os.fdopen(descriptor, "rb") as stream:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise PermissionError(file)
        if sys.platform != "win32" and (about.st_uid != os.geteuid() or about.st_mode & 0o077):
            raise PermissionError(file)
        return stream.read(most)


# The cache of this process -------------------------------------------------------------------------------------------

_open: list[DiskCache] = []


def configure(folder: Path, secret_file: Path, most: int) -> None:
    """Use the cache in a folder in this process from now on; arguments as of `open_cache`."""
    use(open_cache(folder, secret_file, most))


def use(opened: DiskCache | None) -> None:
    """Use a cache in this process from now on; with None nothing is kept."""
    _open[:] = [] if opened is None else [opened]


def current() -> DiskCache | None:
    """Return the cache of this process, None where nothing is kept."""
    return _open[0] if _open else None


def key_of(kind: str, parts: Iterable[bytes | str], packages: Iterable[str]) -> str:
    """Return the key of a result, which is its name in the folder.

    Args:
        kind: What it is, one word.
        parts: Everything that it depends on; their order and borders count.
        packages: The packages whose code found it; with another version of one the key is another.
    """
    digest = hashlib.blake2b(digest_size=24)
    for part in (sys.version, MAGIC_NUMBER, *map(_stamp, packages), *parts):
        content = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return f"{kind}-{digest.hexdigest()}"


@cache
def _stamp(package: str) -> bytes:
    """Return what differs between two versions of a package: name, size and time of each of its files."""
    found = find_spec(package)
    digest = hashlib.blake2b(package.encode())
    for root in sorted(found.submodule_search_locations or ()) if found is not None else ():
        for folder, below, names in os.walk(root):
            below[:] = sorted(each for each in below if each != "__pycache__")
            for name in sorted(names):
                about = Path(folder, name).stat()
                digest.update(f"{folder}/{name}\0{about.st_size}\0{about.st_mtime_ns}\n".encode(errors="surrogatepass"))
    return digest.digest()
