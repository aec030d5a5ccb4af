"""The providers that can be named: where each is, which protocol it speaks, whether it wants a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from engineering_api.features.assistant.messages import Prompt, Reply


class MalformedAnswer(Exception):  # noqa: N818 - the wire makes a Problem of it, with what it knows of the place
    """What came is not what the protocol says."""


class ProviderFault(Exception):  # noqa: N818
    """The provider reported an error in the middle of a stream.

    Attributes:
        busy: Whether it says that it has too much to do.
    """

    def __init__(self, message: str, *, busy: bool = False) -> None:
        """State what the provider said."""
        super().__init__(message)
        self.busy = busy


class Reader(Protocol):
    """Reads the events of one streamed answer."""

    def take(self, data: dict[str, Any]) -> str:
        """Take one event; returns the text that it adds.

        Raises:
            ProviderFault: The event is the provider's report of an error.
            MalformedAnswer: It is not an event of this protocol.
        """

    @property
    def complete(self) -> bool:
        """Whether the answer came to its end; a connection that closes before has cut it."""

    def reply(self) -> Reply:
        """Return the whole answer."""


class Dialect(Protocol):
    """A protocol: what is sent where, and how the answer is read."""

    path: str

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers that say who asks; `key` may be empty."""

    def body(self, model: str, prompt: Prompt, settings: Sampling) -> dict[str, Any]:
        """Return the request for a streamed answer."""

    def reader(self) -> Reader:
        """Return what reads the answer."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How an answer is made.

    Attributes:
        temperature: None for the provider's own.
        max_tokens: Tokens of one answer at most.
        limit_field: How the endpoint calls that limit.
    """

    temperature: float | None
    max_tokens: int
    limit_field: str = "max_tokens"


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider by name.

    Attributes:
        endpoint: Base address; empty where the user has to say it.
        needs_key: Whether nothing goes without a key.
        limit_field: As in Sampling.
    """

    dialect: str
    endpoint: str
    needs_key: bool = True
    limit_field: str = "max_tokens"


PRESETS = {
    "openai": Preset("openai", "https://api.openai.com/v1", limit_field="max_completion_tokens"),
    "anthropic": Preset("anthropic", "https://api.anthropic.com/v1"),
    "gemini": Preset("openai", "https://generativelanguage.googleapis.com/v1beta/openai"),
    "groq": Preset("openai", "https://api.groq.com/openai/v1"),
    "mistral": Preset("openai", "https://api.mistral.ai/v1"),
    "ollama": Preset("openai", "http://127.0.0.1:11434/v1", needs_key=False),
    "vllm": Preset("openai", "http://127.0.0.1:8000/v1", needs_key=False),
    "custom": Preset("openai", "", needs_key=False),
    "custom-anthropic": Preset("anthropic", "", needs_key=False),
}
"""Provider name to what is known of it. Addresses: the providers' own documentation of their APIs."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model that can be asked.

    Attributes:
        url: Base address without a slash at its end.
        key: Never shown, not even by repr.
        silence: Seconds without a byte after which it is given up.
    """

    provider: str
    url: str
    model: str
    key: str = field(repr=False)
    sampling: Sampling
    silence: float
