"""A SignalR client that polls."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.support.service import Client

HUBS = json.dumps([{"name": "jobhub"}, {"name": "assistanthub"}])


class Listener:
    """What the vendor's client does."""

    def __init__(self, client: Client, hubs: str = HUBS) -> None:
        self.http, self.message_id, self.groups, self.hubs = client.http, "", "", hubs
        answer = self.http.post("/signalr/negotiate", params={"connectionData": hubs})
        assert answer.status_code == 200
        self.token = answer.json()["ConnectionToken"]
        self.message_id = answer.json().get("MessageId", "")
        assert self._get("/signalr/start").status_code == 200

    def poll(self) -> list[dict[str, Any]]:
        more = {"messageId": self.message_id} if self.message_id else {}
        more |= {"groupsToken": self.groups} if self.groups else {}
        answer = self._get("/signalr/poll", **more)
        assert answer.status_code == 200, answer.text
        document = answer.json()
        self.message_id, self.groups = document.get("C", ""), document.get("G", "")
        assert all(each["H"] and each["M"] and each["A"] for each in document["M"])
        messages: list[dict[str, Any]] = document["M"]
        return messages

    def until(self, method: str, *wanted: Any) -> list[dict[str, Any]]:
        """All messages up to one with these last arguments."""
        seen: list[dict[str, Any]] = []
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            seen += self.poll()
            if any(each["M"] == method and set(wanted) <= set(map(str, each["A"])) for each in seen):
                return seen
        raise AssertionError(f"{method} {wanted} did not come: {seen}")

    def _get(self, path: str, **more: str) -> Any:
        query = {"connectionData": self.hubs, "transport": "longPolling", **more, "connectionToken": self.token}
        return self.http.get(path, params=query)
