"""A block from a description: written by the model, generated and judged by TIA Portal."""

from __future__ import annotations

from collections.abc import Callable

from tests.engineering_api.features.assistant.provider import Answer
from tests.engineering_api.features.assistant.talk import Talk
from tests.support.service import Client

SOURCE = 'FUNCTION_BLOCK "Lamp"\nVAR_INPUT\n  on : Bool;\nEND_VAR\nVAR_OUTPUT\n  q : Bool;\nEND_VAR\nBEGIN\n  #q := #on;\nEND_FUNCTION_BLOCK\n'
WANTED = {"DeviceName": "PLC_1", "BlockType": "FB", "BlockName": "Lamp", "Description": "A lamp.", "Language": "SCL"}


def test_a_description_becomes_a_block(talk: Callable[..., Talk], plc: Client) -> None:
    talk(Answer([], [("submit_document", {"source": SOURCE})]), provider="custom")
    made = plc.ok("POST", "/api/blocks/generate", WANTED)
    assert (made["blockName"], [block["name"] for block in made["blocks"]]) == ("Lamp", ["Lamp"])
    assert "Lamp" in [block["name"] for block in plc.ok("GET", "/api/devices/PLC_1/blocks")]


def test_what_tia_portal_refuses_is_told_with_its_line(talk: Callable[..., Talk], plc: Client) -> None:
    wrong = SOURCE.replace("#q := #on", "#q := := #on")
    talk(Answer([], [("submit_document", {"source": wrong})]), provider="custom")
    answer = plc.http.post("/api/blocks/generate", json=WANTED)
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]
    assert "Lamp" not in [block["name"] for block in plc.ok("GET", "/api/devices/PLC_1/blocks")]


def test_another_block_than_the_wanted_one_is_refused(talk: Callable[..., Talk], plc: Client) -> None:
    other = SOURCE.replace("Lamp", "Horn")
    talk(Answer([], [("submit_document", {"source": other})]), provider="custom")
    plc.refused(422, "assistant.no_document", "POST", "/api/blocks/generate", WANTED)


def test_without_a_model_or_a_text_form_it_says_so(plc: Client) -> None:
    plc.refused(422, "assistant.no_provider", "POST", "/api/blocks/generate", WANTED)
    plc.refused(422, "block.not_written", "POST", "/api/blocks/generate", WANTED | {"Language": "LAD"})
