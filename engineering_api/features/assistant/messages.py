"""A conversation with a model, in one form for all providers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants to be called.

    Attributes:
        id: The provider's own, to which the result refers.
        arguments: The JSON text as it came; it may be broken.
    """

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered, as the model reads it."""

    id: str
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One contribution.

    Attributes:
        role: user or assistant.
        calls: The tools that an assistant's message asks for.
        results: What a user's message brings back for the calls of the message before.
    """

    role: str
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as the provider counted them; 0 where it did not."""

    input: int = 0
    output: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Return the sum of both."""
        return Usage(self.input + other.input, self.output + other.output)

    @property
    def total(self) -> int:
        """Input and output."""
        return self.input + self.output


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is shown it; `schema` is the JSON Schema of its arguments."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent to a model.

    Attributes:
        forced: The name of the one tool that the model has to call; empty for its own choice.
    """

    system: str
    messages: list[Message]
    tools: list[ToolSpec] = field(default_factory=list)
    forced: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered to one prompt.

    Attributes:
        finish: stop, length (the limit of tokens cut it off), tools, or a word of the provider's own.
    """

    text: str
    calls: tuple[ToolCall, ...]
    usage: Usage
    finish: str
