"""Carries a conversation with the server over a connection that waits: that of the client, or of the command line."""

from __future__ import annotations

import time
from typing import Any, TypeVar

import httpx

from engineering_api.client.talk import Reply, Step, Talk

T = TypeVar("T")


def lead(conversation: Talk[T], http: httpx.Client) -> T:
    """Carry a conversation: send what it yields, pause where it asks to, return its result."""
    reply: Reply = conversation.send, None
    while True:
        advance, given = reply
        try:
            step = advance(given)
        except StopIteration as end:
            result: T = end.value
            return result
        reply = _answer(conversation, step, http)


def _answer(conversation: Talk[Any], step: Step, http: httpx.Client) -> Reply:
    if isinstance(step, float):
        time.sleep(step)
        return conversation.send, None
    try:
        return conversation.send, http.send(step)
    except httpx.TransportError as error:
        return conversation.throw, error
