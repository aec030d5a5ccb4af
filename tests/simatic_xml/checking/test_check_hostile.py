"""Damaged and oversized files end in a clear error or a finding, in bounded time, in every function that reads them."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest

from simatic_xml import SimaticMLError, check, diff, dump, from_json, load, to_text
from tests.simatic_xml.corpus import OWN, fixture

HEAD = b'<Document><Engineering version="V20" />'


def use(data: bytes) -> None:
    """Do all that can be done with a file."""
    document = load(data)
    assert dump(document) == data
    check(document)
    assert not diff(document, load(data))
    to_text(document)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_truncated_at_every_percent(path: Any) -> None:
    data = path.read_bytes()
    start = time.process_time()
    for percent in range(100):
        with pytest.raises(SimaticMLError) as error:
            load(data[: len(data) * percent // 100])
        assert error.value.code in ("not-xml", "encoding")
        assert len(str(error.value)) < 400
    assert time.process_time() - start < 20


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_a_damaged_byte_at_every_percent(path: Any) -> None:
    data = path.read_bytes()
    for percent in range(100):
        place = len(data) * percent // 100
        with contextlib.suppress(SimaticMLError):
            use(data[:place] + b"7" + data[place + 1 :])


def test_lines_missing_from_a_network() -> None:
    lines = fixture("motor_v18.xml").splitlines(keepends=True)
    for index in range(len(lines)):
        with contextlib.suppress(SimaticMLError):
            use(b"".join(lines[:index] + lines[index + 1 :]))


@pytest.mark.parametrize(
    ("encoding", "code"),
    [("utf-16-le", "encoding"), ("utf-32", "not-xml"), ("cp037", "encoding"), ("cp1252", "encoding")],
)
def test_other_encodings_than_declared(encoding: str, code: str) -> None:
    text = '<?xml version="1.0" encoding="utf-8"?><Document><Engineering version="V20" />ü+é</Document>'
    with pytest.raises(SimaticMLError) as error:
        load(text.encode(encoding))
    assert error.value.code == code


@pytest.mark.slow
def test_an_attribute_of_500_megabytes() -> None:
    data = HEAD.replace(b"V20", b"V" * 500_000_000) + b"</Document>"
    start = time.process_time()
    with pytest.raises(SimaticMLError) as error:
        load(data)
    assert error.value.code == "limit.xml_bytes"
    assert time.process_time() - start < 30


def networks(count: int, what: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "FC", "name": "F", "networks": [what(number) for number in range(count)]}


@pytest.mark.parametrize(
    "what",
    [
        lambda _: {},
        lambda number: {"title": str(number)},
        lambda number: {"source": {"rungs": [[{"contact": f"#a{number}"}, {"coil": "#b"}]]}},
        lambda _: {"source": {"rungs": [[{"contact": "#a"}, {"coil": "#b"}]]}},
    ],
)
def test_many_networks_are_compared_in_proportion(what: Callable[[int], dict[str, Any]]) -> None:
    def seconds(count: int) -> float:
        before = from_json(networks(count, what))
        after = from_json(networks(count, lambda number: what(abs(count - 7 * number)) | {"comment": str(number % 10)}))
        best = float("inf")
        for _ in range(3):
            start = time.thread_time()
            diff(before, after)
            best = min(best, time.thread_time() - start)
        return best

    seconds(20)
    assert seconds(400) < 40 * max(seconds(40), 0.01)


def test_a_network_of_a_thousand_contacts() -> None:
    def ladder(name: str) -> dict[str, Any]:
        rungs = [[{"contact": f"#{name}{number}"}, {"coil": "#b"}] for number in range(500)]
        return networks(1, lambda _: {"source": {"rungs": rungs}})

    start = time.process_time()
    assert len(diff(from_json(ladder("x")), from_json(ladder("y")))) >= 500
    assert time.process_time() - start < 20


def test_long_scl_is_compared_soon() -> None:
    def program(value: str) -> dict[str, Any]:
        lines = [f"#a := {value if number % 3 else number};" for number in range(3000)]
        return networks(1, lambda _: {"source": {"scl": lines}}) | {"language": "SCL"}

    start = time.process_time()
    assert len(diff(from_json(program("1")), from_json(program("2")))) == 2000
    assert time.process_time() - start < 20
