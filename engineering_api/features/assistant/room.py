"""Fits a conversation into the model's limit: answers of tools that the model has read make room for later ones."""

from __future__ import annotations

from dataclasses import replace

from engineering_api.features.assistant.messages import Message, ToolResult

CHARACTERS = 4
"""Of a token, on average of English, German and JSON."""
LEFT_OUT = "[Left out to make room. Call the tool again if you need its answer.]"


def fit_conversation(conversation: list[Message], tokens: int) -> list[Message]:
    """Return the conversation with the oldest answers of tools left out, as many as have to be; the latest stay.

    Args:
        conversation: The messages.
        tokens: What the model can hold, without its instructions.
    """
    excess = sum(map(_size, conversation)) - tokens * CHARACTERS
    fitted: list[Message] = []
    for number, message in enumerate(conversation):
        latest = number == len(conversation) - 1
        kept = message if latest or excess <= 0 or not message.results else _drop_results(message)
        excess -= _size(message) - _size(kept)
        fitted.append(kept)
    return fitted


def _drop_results(message: Message) -> Message:
    return replace(message, results=tuple(map(_shorter, message.results)))


def _shorter(result: ToolResult) -> ToolResult:
    return result if len(result.text) <= len(LEFT_OUT) else replace(result, text=LEFT_OUT)


def _size(message: Message) -> int:
    return (
        len(message.text)
        + sum(len(call.name) + len(call.arguments) for call in message.calls)
        + sum(len(result.text) for result in message.results)
    )
