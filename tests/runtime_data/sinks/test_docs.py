"""The page about sinks tells the truth."""

import re

import msgspec

from runtime_data.sinks import delivery, http_transport
from runtime_data.sinks.bodies import MEDIA_TYPES
from runtime_data.sinks.definition import Definition
from runtime_data.sinks.http_form import HttpSend
from runtime_data.sinks.placeholders import Placeholder, parse
from runtime_data.sinks.spool import DELIVERED, DROPPED, FAILED, PENDING
from tests import ROOT
from tests.support.pages import Page

PAGE = Page("runtime/sinks.md")
FLAT = " ".join(PAGE.text.split())


def test_the_page_names_every_code() -> None:
    files = [
        *(ROOT / "runtime_data" / "sinks").glob("*.py"),
        ROOT / "engineering_api/security/targets.py",
    ]
    used = {code for file in files for code in re.findall(r'"(sink\.\w+)"', file.read_text())}
    assert PAGE.table("code") == used | {"sink.not_found", "push.not_found"}


def test_the_page_names_every_field_and_state() -> None:
    named = {each.encode_name for each in msgspec.structs.fields(Definition)}
    assert PAGE.table("field") == named
    transport = {each.encode_name for each in msgspec.structs.fields(HttpSend)}
    assert transport == set(
        re.findall(r"^\| `(\w+)` \|", PAGE.text[PAGE.text.index("`http` has:") :].split("\n\n")[1], re.M)
    )
    assert PAGE.table("status") == {PENDING, DELIVERED, FAILED, DROPPED}
    assert PAGE.table("format") == set(MEDIA_TYPES)


def test_each_placeholder_of_the_page_is_one() -> None:
    for text in PAGE.table("placeholder"):
        (part,) = parse(text)
        assert isinstance(part, Placeholder)


def test_delays_and_lasting_answers() -> None:
    found = re.search(r"tried after ([\d, ]+) and (\d+) seconds, then every (\d+) seconds", FLAT)
    assert found is not None
    assert [int(each) for each in (*found[1].split(", "), found[2], found[3])] == list(delivery.DELAYS)
    lasting = re.search(r"for good \(3xx, ([\d, ]+) or (\d+)\)", FLAT)
    assert lasting is not None
    assert {int(each) for each in (*lasting[1].split(", "), lasting[2])} == http_transport.LASTING
