"""The assistant's model and limits; kept in a file of the data folder, the key encrypted.

A key belongs to the address that it was entered for: another address never gets it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.durable import write_file
from engineering_api.features.assistant.provider import PRESETS, Endpoint, Sampling
from engineering_api.operations.fields import Model
from engineering_api.storage.vault import Vault
from openness_bridge.errors import Kind, Place, Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_later("httpx")

FILE = "assistant.json"
LAST_PORT = 65535


class Limits(Model):
    """What one turn may take.

    Attributes:
        max_tokens: Tokens of one answer of the model.
        max_total_tokens: Tokens of all answers and prompts of a turn.
        max_context: Tokens of the conversation that the model can hold, besides its instructions and tools.
        max_rounds: How often the model is asked in a turn.
        max_tool_calls: How many tools are called in a turn.
        max_seconds: How long a turn takes.
        max_silence: Seconds that the model may take to its next word; large ones on small computers take long to their first.
    """

    max_tokens: int = 4096
    max_total_tokens: int = 400_000
    max_context: int = 100_000
    max_rounds: int = 16
    max_tool_calls: int = 60
    max_seconds: float = 600.0
    max_silence: float = 90.0


class StoredSettings(Limits):
    """The settings as they are stored.

    Attributes:
        provider: A name of PRESETS; empty while none is set up.
        endpoint: Base address; empty for the provider's usual one.
        temperature: None for the provider's own.
        sealed_key: The key, encrypted.
    """

    provider: str = ""
    endpoint: str = ""
    model: str = ""
    temperature: float | None = None
    sealed_key: str = ""

    @property
    def url(self) -> str:
        """The address that is asked; empty while none is set up."""
        return self.endpoint or (PRESETS[self.provider].endpoint if self.provider else "")


class Configuration:
    """Reads and changes the settings. Files are small, so every thread may."""

    def __init__(self, data_dir: Path) -> None:
        """Use this data folder."""
        self._file = data_dir / FILE
        self._vault = Vault(data_dir)

    def read(self) -> StoredSettings:
        """Return the settings as they are.

        Raises:
            Problem: The file was changed or damaged.
        """
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=StoredSettings)
        except FileNotFoundError:
            return StoredSettings()
        except msgspec.MsgspecError as error:
            raise Problem(
                "settings.invalid", f"{self._file} is not usable ({error}): delete it.", kind=Kind.FAILED
            ) from None

    def change(self, given: dict[str, Any], key: str = "", *, forget_key: bool = False) -> StoredSettings:
        """Change some settings and keep them.

        Args:
            given: Values by the names of StoredSettings.
            key: A new key; empty to keep the one that is there, unless the address changes.
            forget_key: Whether the key goes.

        Raises:
            Problem: The provider or the address cannot be used.
        """
        kept = self.read()
        after = self.propose(given, key, kept=kept)
        if forget_key:
            after = msgspec.structs.replace(after, sealed_key="")
        write_file(self._file, msgspec.json.format(msgspec.json.encode(after), indent=2))
        return after

    def propose(self, given: dict[str, Any], key: str = "", *, kept: StoredSettings | None = None) -> StoredSettings:
        """Return the settings with some changed, without keeping them.

        Raises:
            Problem: As change.
        """
        kept = kept or self.read()
        if "endpoint" in given:
            given = given | {"endpoint": _address(given["endpoint"])}
        if given.get("endpoint") and not given.get("provider", kept.provider):
            given = given | {"provider": "custom"}
        if given.get("provider", kept.provider) != kept.provider and "endpoint" not in given:
            given = given | {"endpoint": ""}
        after = msgspec.structs.replace(kept, **given)
        if key and not after.provider:
            _refuse_missing("provider", f"Name the provider that the key belongs to: {', '.join(PRESETS)}.")
        if key:
            return msgspec.structs.replace(after, sealed_key=self._vault.seal(_usable(key)))
        return after if _origin(after.url) == _origin(kept.url) else msgspec.structs.replace(after, sealed_key="")

    def endpoint(self, kept: StoredSettings | None = None, *, model: bool = True) -> Endpoint:
        """Return the model that is asked.

        Args:
            kept: Settings that are not those that are stored.
            model: Whether one has to be chosen already.

        Raises:
            Problem: No provider, address, key or model is set up; or the key cannot be read.
        """
        kept = kept or self.read()
        if not kept.provider:
            msg = "No language model is set up: name provider, model and key with POST /api/assistant/settings."
            raise Problem("assistant.no_provider", msg, kind=Kind.REFUSED)
        if not kept.url:
            _refuse_missing(
                "endpoint", f"The provider '{kept.provider}' has no default address: name it as 'endpoint'."
            )
        if PRESETS[kept.provider].needs_key and not kept.sealed_key:
            _refuse_missing(
                "apiKey", f"The provider '{kept.provider}' needs a key for {kept.url}: enter it as 'apiKey'."
            )
        if model and not kept.model:
            _refuse_missing("model", "No model is chosen: POST /api/assistant/models lists those of the provider.")
        sampling = Sampling(kept.temperature, kept.max_tokens, PRESETS[kept.provider].limit_field)
        key = self._vault.open(kept.sealed_key) if kept.sealed_key else ""
        return Endpoint(kept.provider, kept.url.rstrip("/"), kept.model, key, sampling, kept.max_silence)


def _refuse_missing(field: str, message: str) -> None:
    raise Problem("assistant.incomplete", message, kind=Kind.REFUSED, place=Place(pointer=f"/{field}"))


def _address(text: str) -> str:
    """Return a base address as it is kept.

    Raises:
        Problem: It is no address, or has a key in it, which would be shown.
    """
    if not text:
        return ""
    try:
        url = httpx.URL(text.strip())
        usable = url.scheme in {"http", "https"} and bool(url.host) and (url.port is None or 0 < url.port <= LAST_PORT)
    except (httpx.InvalidURL, ValueError):
        usable, url = False, httpx.URL()
    if not usable or url.userinfo or url.query or url.fragment:
        msg = "Write the address of a provider like http://127.0.0.1:11434/v1, without name, password or query."
        raise Problem("assistant.endpoint", msg, kind=Kind.REFUSED, place=Place(pointer="/endpoint"))
    return text.strip().rstrip("/").removesuffix("/chat/completions").removesuffix("/messages")


def _usable(key: str) -> str:
    """Return a key that fits into a header.

    Raises:
        Problem: It cannot. The key is not repeated.
    """
    stripped = key.strip()
    if not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        msg = "The key has characters that no key has: copy it again."
        raise Problem("assistant.key", msg, kind=Kind.REFUSED, place=Place(pointer="/apiKey"))
    return stripped


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = httpx.URL(url)
    return parts.scheme, parts.host, parts.port
