"""Files made to cost far more than their size: each reader answers or refuses in computing time and memory of their size.

`tests/reliability/limits/formats.py` has the readers. A reader may use a fixed multiple of the bytes that it is given, never
a power of them: the same input of four times the size takes no more than about four times as long. Aliases of YAML count as
the values that they stand for, up to their limit.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest

from simatic_xml import limits
from tests.reliability.limits.formats import READERS, refused
from tests.support.pace import slowness

BYTES = 1 << 19
ROOM = 500
"""Bytes of memory for each byte of a file: PyYAML, the hungriest parser, needs half a KB for each value of two bytes or more."""
RATE = 60.0
"""Microseconds of computing for each byte: PyYAML needs about 25."""
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "semicolons": lambda size: b";" * size,
    "commas": lambda size: b"," * size,
    "tabs": lambda size: b"\t" * size,
    "lines": lambda size: b"\n" * size,
    "empty rows": lambda size: b";;\n" * (size // 3),
    "quotation marks": lambda size: b'"' * size,
    "an open text": lambda size: b'"' + b"x\n" * (size // 2),
    "texts": lambda size: b'"";' * (size // 3),
    "many lines in a text": lambda size: b'a;"' + b"\n" * size + b'";c\n',
    "brackets": lambda size: b"[" * size,
    "braces": lambda size: b"{" * size,
    "empty lists": lambda size: b"[" + b"[]," * (size // 3) + b"[]]",
    "zeros": lambda size: b"[" + b"0," * (size // 2) + b"0]",
    "list items": lambda size: b"- 1\n" * (size // 4),
    "anchors": lambda size: b"- &a 1\n" * (size // 7),
    "aliases": lambda size: (
        b"a: &a [1,1,1,1,1,1,1,1]\n"
        + b"".join(b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % (b, b, *[b - 1] * 8) for b in range(98, 118))
    ),
    "elements": lambda size: b"<Document>" + b"<a/>" * (size // 4) + b"</Document>",
    "open elements": lambda size: b"<a>" * (size // 3),
    "attributes": lambda size: b"<a " + b" ".join(b"a%d=''" % i for i in range(size // 12)) + b"/>",
    "entities": lambda size: b'<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx">]><a>' + b"&a;" * (size // 3) + b"</a>",
    "a title of everything": lambda size: b"Name;Data Type;Logical Address\n" + b"a;" * (size // 2),
    "slashes": lambda size: b"/" * size,
    "apostrophes": lambda size: b"'" * size,
    "hashes": lambda size: b"#" * size,
    "zero bytes": bytes,
}


def _cost(read: Callable[[bytes], object], content: bytes, least: float) -> float:
    """How much of what it may compute for a file a reader computes; a reader that seems to need more has a second try."""
    for _ in range(2):
        slow, begin = slowness(), time.process_time()
        with refused():
            read(content)
        took = time.process_time() - begin
        part = took / (max(least, RATE * 1e-6 * len(content)) * max(slow, slowness()))
        if part < 1:
            break
    return part


@pytest.mark.parametrize("form", READERS)
def test_a_reader_costs_what_a_file_is_worth(form: str) -> None:
    found = {}
    for hostile, make in HOSTILE.items():
        content = make(BYTES // 8)
        found[hostile] = _cost(READERS[form], content, 0.5)
    assert {hostile: cost for hostile, cost in found.items() if cost >= 1} == {}


@pytest.mark.slow
@pytest.mark.parametrize("form", READERS)
def test_a_reader_takes_the_memory_that_a_file_is_worth(form: str) -> None:
    found = {}
    for hostile, make in HOSTILE.items():
        content = make(BYTES // 16)
        tracemalloc.start()
        try:
            with refused():
                READERS[form](content)
            worth = 2 * limits.most("yaml_values") if hostile == "aliases" else len(content)
            found[hostile] = tracemalloc.get_traced_memory()[1] / (ROOM * worth + (8 << 20))
        finally:
            tracemalloc.stop()
    assert {hostile: peak for hostile, peak in found.items() if peak >= 1} == {}


@pytest.mark.exploration
@pytest.mark.parametrize("form", READERS)
def test_a_reader_costs_what_a_large_file_is_worth(form: str) -> None:
    found = {}
    for hostile, make in HOSTILE.items():
        content = make(BYTES)
        found[hostile] = _cost(READERS[form], content, 1.0)
    assert {hostile: cost for hostile, cost in found.items() if cost >= 1} == {}
