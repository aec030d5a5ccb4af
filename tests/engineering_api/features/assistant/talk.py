"""What a user of the assistant does in the tests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tests.engineering_api.features.assistant.provider import FakeProvider
from tests.support.service import Client

PROVIDER_KEY = "sk-test-0123456789-never-shown"
DIALECTS = ("custom", "custom-anthropic")


class Talk:
    """What a user of the assistant does."""

    def __init__(self, client: Client, provider: FakeProvider) -> None:
        self.client, self.provider = client, provider

    def begin(self, message: str = "Hello", **given: Any) -> str:
        return str(self.client.ok("POST", "/api/assistant/chat", {"message": message, **given})["turnId"])

    def turn(self, turn_id: str) -> Any:
        return self.client.ok("GET", f"/api/assistant/turns/{turn_id}")

    def ended(self, turn_id: str, seconds: float = 90) -> Any:
        return self.until(turn_id, lambda turn: turn["status"] == "done", seconds)

    def until(self, turn_id: str, condition: Callable[[Any], bool], seconds: float = 90) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition(turn := self.turn(turn_id)):
                return turn
            time.sleep(0.01)
        raise AssertionError(f"this did not come: {turn}")

    def ask(self, message: str = "Hello", **given: Any) -> Any:
        """A turn that is done."""
        return self.ended(self.begin(message, **given))

    def failed(self, code: str, message: str = "Hello", **given: Any) -> Any:
        turn = self.ask(message, **given)
        assert turn["response"]["success"] is False
        assert turn["response"]["code"] == code, turn
        assert turn["response"]["errorMessage"]
        return turn

    def events(self, turn_id: str, after: int = 0) -> list[tuple[str, Any]]:
        """All events of a turn, from its own stream."""
        headers = {"Last-Event-ID": str(after)} if after else {}
        text = self.client.http.get(f"/api/assistant/turns/{turn_id}/events", headers=headers).text
        blocks = [
            dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            for block in text.replace("\r\n", "\n").split("\n\n")
            if block.strip()
        ]
        return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]
