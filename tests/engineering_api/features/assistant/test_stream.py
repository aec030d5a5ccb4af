"""A server of its own and a provider of its own, both on sockets: the answer is read while it is being said."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.engineering_api.features.assistant.provider import Answer, FakeProvider, Slow, serving
from tests.engineering_api.web.kit import serving as serving_api


@pytest.mark.slow
def test_the_answer_is_heard_while_it_is_said_until_it_is_stopped(tmp_path: Path) -> None:
    slow = Slow("word ")
    with (
        serving(FakeProvider(slow, Answer(["Fine."]))) as provider,
        serving_api(tmp_path, "--port", "0", TIA_API_KEY="k") as (url, _),
        httpx.Client(base_url=url, headers={"X-API-Key": "k"}, timeout=20) as http,
    ):
        http.post("/api/assistant/settings", json={"endpoint": provider.url, "model": "small"}).raise_for_status()
        turn = http.post("/api/assistant/chat", json={"message": "Tell me a long story"}).json()["data"]
        assert turn["status"] == "busy"
        kinds: list[str] = []
        with http.stream("GET", turn["events"]) as events:
            for line in events.iter_lines():
                kind, _, value = line.partition(": ")
                if kind == "event":
                    kinds.append(value)
                elif kind == "data" and kinds[-1] == "response":
                    ended = json.loads(value)["content"]
                if kinds.count("delta") == 3 and "stopped" not in kinds:
                    kinds.append("stopped")
                    assert not slow.gone.is_set()
                    assert http.post("/api/assistant/stop").json()["data"] == {"stopped": [turn["turnId"]]}
        assert (kinds[0], kinds[-1]) == ("user", "response")
        assert (ended["code"], ended["content"][:10]) == ("assistant.stopped", "word word ")
        assert slow.gone.wait(60)
        again = http.post("/api/assistant/chat", json={"message": "Well?"}).json()["data"]
        text = http.get(again["events"]).text
        assert '"content":"Fine."' in text
