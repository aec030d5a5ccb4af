"""The shapes of the requests that public clients of a real WinCC send. Facts: docs/facts/wincc.md#tag-management.

Each is answered, with the language headers and the spellings of case that those clients use.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.engine import Alarms
from runtime_data.history.history import History
from runtime_data.history.model import Series
from runtime_data.values import now
from runtime_data.wincc.spelling import SECTIONS, spell
from tests.runtime_data.wincc.kit import WORD, Wincc

TAGS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "tagManagement/Connections?itemLimit=100&continuationPoint=0", None),
    ("GET", "tagManagement/Connection/PLC_1", None),
    ("GET", "tagManagement/Groups?itemLimit=100", None),
    ("GET", "tagManagement/StructureTypes", None),
    ("GET", "tagManagement/StructureVariables", None),
    ("POST", "tagManagement/StructureVariables", {"typeNames": ["Motor"]}),
    ("GET", "tagManagement/variables?itemLimit=1000&continuationPoint=0", None),
    ("POST", "tagManagement/variables?variableName=*", None),
    ("GET", "tagManagement/variable/Speed", None),
    ("GET", "tagManagement/Value/Speed", None),
    ("GET", "TagManagement/value/Speed", None),
    ("PUT", "tagManagement/Value/Speed", {"value": 1}),
    ("POST", "tagManagement/Values", {"variableNames": ["Speed", "Data.motor.speed"]}),
    ("POST", "TagManagement/values", {"variableNames": ["Speed"]}),
    ("PUT", "tagManagement/Values", [{"variableName": "Speed", "value": 1}]),
)
ARCHIVES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "tagLogging/Archives?itemLimit=10&continuationPoint=0", None),
    ("GET", "tagLogging/Archive/PLC_1", None),
    ("GET", "tagLogging/Archive/PLC_1/Variables?itemLimit=10", None),
    ("GET", "tagLogging/Archive/PLC_1/Variable/Speed", None),
    ("GET", "tagLogging/Archive/PLC_1/Value/Speed", None),
    (
        "POST",
        "tagLogging/Archive/PLC_1/Values?begin=2026-06-01T10:30:00&end=2026-06-01T11:30:00&maxValues=100",
        {"variableNames": ["Speed"]},
    ),
    ("POST", "tagLogging/Values", {"variableNames": ["PLC_1\\Speed"]}),
    (
        "POST",
        "tagLogging/Values",
        {
            "archives": [
                {
                    "name": "PLC_1",
                    "variables": [
                        {
                            "name": "Speed",
                            "timeFrom": "2026-06-01T10:30:00",
                            "timeTo": "2026-06-01T11:30:00",
                            "range": 0,
                            "maxValues": 10,
                        }
                    ],
                }
            ]
        },
    ),
    ("GET", "tagLogging/Timers", None),
    ("GET", "tagLogging/Variables?itemLimit=10", None),
    ("GET", "tagLogging/Variable/Speed", None),
)
ALARMS: tuple[tuple[str, str, Any], ...] = (
    *(
        ("GET", f"alarmLogging/{name}?itemLimit=10&continuationPoint=0", None)
        for name in (
            "MessageClasses",
            "MessageTypes",
            "MessageBlocks",
            "MessageGroups",
            "Messages",
            "LimitValues",
            "RestFilters",
        )
    ),
    ("GET", "alarmLogging/MessageClass/Errors", None),
    ("GET", "alarmLogging/Message/7", None),
    ("GET", "alarmLogging/LimitValue/Speed", None),
    ("GET", "alarmLogging/RestFilter/All", None),
    ("GET", "alarmLogging/MessageList/All", None),
    ("GET", "alarmLogging/ShortTermArchive/All?maxValues=100", None),
    ("GET", "alarmLogging/LongTermArchive/All?maxValues=100", None),
    ("GET", "alarmLogging/HitList/All?maxValues=100", None),
    ("GET", "alarmLogging/LockList/All", None),
    ("GET", "alarmLogging/Hidelist/All", None),
    ("GET", "alarmLogging/HiddenMessageList/All", None),
)
HEADERS = {"Accept": "application/json", "Accept-Language": "de-DE", "Content-Language": "en-US"}
UNNAMED = ("Group", "StructureType", "StructureVariable", "Timer", "MessageType", "MessageBlock", "MessageGroup")
"""Routes of single things of which there are none: test_rest_tags.py, test_archives.py and test_alarms.py ask for them."""


@pytest.fixture
def olga(plant: Wincc) -> Wincc:
    plant.http.auth = httpx.BasicAuth("olga", WORD)
    hot = AlarmDefinition(name="Hot", tag="PLC_1:Speed", trigger="greater", limit=90.0, number=7)

    async def prepare() -> None:
        await plant.service.part(Alarms).define(hot)
        history = plant.service.part(History)
        await history.define(Series("PLC_1:Speed"))
        await history.insert("PLC_1:Speed", [(now(), 1.0)])

    with plant.http.portal() as loop:
        loop.call(prepare)
    return plant


def test_every_request_is_answered(olga: Wincc) -> None:
    for method, path, body in (*TAGS, *ARCHIVES, *ALARMS):
        found = olga.ask(method, f"/WinCCRestService/{path}", body, headers=HEADERS)
        assert isinstance(found, list | dict), path
        errors = [each["error"] for each in found if "error" in each] if isinstance(found, list) else []
        assert not errors or "typeNames" in str(body), (path, errors)


def test_every_route_is_among_them() -> None:
    sent = {
        (method, spell(f"/WinCCRestService/{path.partition('?')[0]}"))
        for method, path, _ in (*TAGS, *ARCHIVES, *ALARMS)
    }
    routes = [route for section in SECTIONS for each in section.endpoints for route in each.routes]
    missing = [
        str(route)
        for route in routes
        if not any(method == route.method and _fits(route.path, path) for method, path in sent)
        and route.path.split("/")[3] not in UNNAMED
    ]
    assert missing == []


def _fits(template: str, path: str) -> bool:
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    return template.count("/") == path.count("/") and all(a == b or a.startswith("{") for a, b in pairs)
