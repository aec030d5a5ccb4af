"""The page about panels tells the truth: its requests run, and answer what it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests import ROOT
from tests.engineering_api.features.hmi.hmi_kit import add_panels, write
from tests.fakes.fake_openness import hmi_kit
from tests.support.service import Client

PAGE = (ROOT / "docs" / "hmi.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```http\n(\w+) (\S+)\n(.*?)```\n(?:```json\n(.*?)```)?", PAGE, re.DOTALL)


def holds(answer: Any, shown: Any) -> bool:
    """Whether an answer has all that is shown of it."""
    if isinstance(shown, dict):
        return all(name in answer and holds(answer[name], value) for name, value in shown.items())
    if isinstance(shown, list):
        return len(answer) == len(shown) and all(map(holds, answer, shown))
    return bool(answer == shown)


def test_the_requests_answer_what_is_shown(plc: Client, workspace: Path) -> None:
    add_panels(plc)
    write(workspace, "Start.xml", hmi_kit.document(hmi_kit.screen(inside=hmi_kit.field())))
    tag = hmi_kit.tag("Level", "Real", "Connection_1", "Tank.Level")
    write(workspace, "Tags.xml", hmi_kit.document(hmi_kit.table("Tank", tag)))
    write(workspace, "Pump.png", hmi_kit.picture())
    assert len(EXAMPLES) == 9
    for method, path, body, shown in EXAMPLES:
        answer = plc.ok(method, path, json.loads(body) if body.strip() else None)
        assert not shown or holds(answer, json.loads(shown)), (path, answer)


def test_the_page_names_the_families_and_their_codes(plc: Client) -> None:
    for word in ("HmiTarget", "HmiSoftware", "hmi.screen_number", ".hmi.yml", "HMI_RT_1"):
        assert word in PAGE
