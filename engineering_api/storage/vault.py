"""Keys and passwords that the service must keep: encrypted, with a key file that its owner alone can read.

Anyone who can read the data folder as the service's user can read what is in it; a copy of the database or of the
settings without the key file is of no use.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engineering_api.durable import write_file
from openness_bridge.errors import Kind, Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from cryptography import fernet
else:
    fernet = import_later("cryptography.fernet")

FILE = "vault.key"


class Vault:
    """Seals texts and opens them again; its key is made when something is sealed first."""

    def __init__(self, data_dir: Path) -> None:
        """Use the key of this data folder."""
        self._file = data_dir / FILE

    def seal(self, text: str) -> str:
        """Return the text in a form that may be stored: printable, of no use without the key file.

        Raises:
            Problem: The key file is damaged.
        """
        try:
            return self._key(make=True).encrypt(text.encode()).decode("ascii")
        except ValueError:
            msg = f"Nothing can be encrypted: {self._file} is damaged. Restore it from a backup, or delete it."
            raise Problem("secret.unreadable", msg, kind=Kind.CONFLICT) from None

    def open(self, sealed: str) -> str:
        """Return the text that was sealed.

        Raises:
            Problem: The key file is gone or another one.
        """
        try:
            return self._key(make=False).decrypt(sealed.encode()).decode()
        except (fernet.InvalidToken, ValueError, FileNotFoundError):
            msg = f"The encrypted keys cannot be read: {self._file} is missing or another one. Enter the key again."
            raise Problem("secret.unreadable", msg, kind=Kind.CONFLICT) from None

    def _key(self, *, make: bool) -> fernet.Fernet:
        if make and not self._file.exists():
            write_file(self._file, fernet.Fernet.generate_key())
        return fernet.Fernet(self._file.read_bytes())
