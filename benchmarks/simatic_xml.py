"""Compare reading and writing of SimaticML with the bare XML library: `python -m benchmarks.simatic_xml`.

Real files are loaded and dumped, compared with lxml's parse and serialise of the same bytes, and with simaticml-decoder on the
files that it can read, where it is installed. Then the memory that loading takes, and the cost of a megabyte at several sizes:
it stays the same. The files are those of the collection next to the repository (../shared/corpus/xml), or generated ones.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.figures import Figure, least_seconds, run
from simatic_xml import Block, SimaticMLError, dump, from_json, limits, load, to_text
from tests.support import corpus

CORPUS = corpus.CORPUS / "xml"
ROUNDS = 3
LXML = "lxml parse and serialise"
SIZES = (1, 10, 50)
"""Megabytes."""
MEGABYTE = 1_000_000
MEMORY = """
import re, sys
from pathlib import Path
from simatic_xml import load
def peak():
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
data = Path(sys.argv[1]).read_bytes()
load(b"<Document><SW.Blocks.FB/></Document>")
before = peak()
document = load(data)
print(peak() - before)
"""
NETWORK = {
    "title": "Conveyor",
    "source": {
        "rungs": [
            [
                {"any": [[{"contact": "#start"}], [{"contact": "#run"}]]},
                {"contact": '"Emergency stop"', "negated": True},
                {"coil": "#run"},
                {"box": "TON", "instance": '"Delay"', "in": {"PT": "T#5s"}, "out": {"ET": "#elapsed"}},
                {"coil": "#fan"},
            ]
        ]
    },
}


def generate_block(size: int) -> bytes:
    """A function block of about `size` bytes: ladder networks, and a tenth as many members."""
    members = [{"name": name, "type": "Bool"} for name in ("start", "run", "fan")]
    document = from_json({"kind": "FB", "name": "Big", "interface": {"Input": members}, "networks": [NETWORK]})
    one, block = len(dump(document)), document.objects[0]
    assert isinstance(block, Block)
    block.networks = block.networks * 2
    block.networks *= size // (2 * (len(dump(document)) - one))
    return dump(document)


def real_files() -> list[bytes]:
    """All files that can be read, or generated ones."""
    files = [path.read_bytes() for path in sorted(CORPUS.rglob("*.xml"))]
    return [data for data in files if readable(data)] or [generate_block(size) for size in (20_000, 60_000, 200_000)]


def readable(data: bytes) -> bool:
    try:
        load(data)
    except SimaticMLError:
        return False
    return True


def seconds(actions: Sequence[Callable[[bytes], object]], files: Sequence[bytes]) -> list[float]:
    """Computing time of some actions over all files."""

    def over_all(action: Callable[[bytes], object]) -> None:
        for each in files:
            action(each)

    return least_seconds([partial(over_all, action) for action in actions], ROUNDS)


def round_trips(files: list[bytes]) -> Iterator[Figure]:
    """Load and dump."""
    lost = [data for data in files if dump(load(data)) != data]
    if lost:
        sys.exit(f"{len(lost)} files did not come back as they were: the figures mean nothing.")
    bare, read, whole = seconds([_by_lxml, load, lambda data: dump(load(data))], files)
    yield Figure("load of exports", LXML, read / bare, is_steady=True)
    yield Figure("load and dump of exports", LXML, whole / bare, at_most=4, is_steady=True)


def _by_lxml(data: bytes) -> bytes:
    return etree.tostring(etree.fromstring(data), encoding="utf-8")


def decoder(files: list[bytes]) -> Iterator[Figure]:
    """The same as another program, where it is installed."""
    if find_spec("simaticml_decoder") is None:
        return
    parse, fold, emit = (import_module(f"simaticml_decoder.{name}") for name in ("parse", "fold", "emit"))

    def decode(data: bytes) -> Any:
        return emit.emit_scl(fold.fold_block(parse.parse_bytes(data)))

    both = [data for data in files if accepts(decode, data)]
    if both:
        theirs, ours = seconds([parse.parse_bytes, load], both)
        yield Figure("load of what both read", "simaticml-decoder parse", ours / theirs, at_most=1)
        theirs, ours = seconds([decode, lambda data: to_text(load(data))], both)
        yield Figure("load and program as text", "simaticml-decoder to SCL", ours / theirs, at_most=1)


def accepts(action: Callable[[bytes], object], data: bytes) -> bool:
    try:
        action(data)
    except Exception:  # noqa: BLE001 - any error of another package
        return False
    return True


def memory(largest: bytes) -> Iterator[Figure]:
    """Memory of a process that loads a file; on Linux and macOS."""
    if find_spec("resource") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "largest.xml"
        path.write_bytes(largest)
        command = [sys.executable, "-c", MEMORY, str(path)]
        peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    yield Figure("peak memory of loading the largest export", "bytes of its file", peak / len(largest))


def growth(*, short: bool) -> Iterator[Figure]:
    """The cost of a megabyte."""
    costs = []
    for size in (1, 2, 4) if short else SIZES:
        data = generate_block(size * MEGABYTE)
        with limits.override(xml_elements=len(data), xml_attributes=len(data)):
            costs += [each / len(data) for each in seconds([lambda each: dump(load(each))], [data])]
    for size, cost in zip(SIZES[1:], costs[1:], strict=True):
        yield Figure(f"a megabyte of {size}, load and dump", "one of 1", cost / costs[0], at_most=1.3)


def measure(short: bool) -> Iterator[Figure]:
    """Measure one after the other."""
    files = real_files()
    yield from round_trips(files)
    yield from decoder(files)
    yield from memory(max(files, key=len))
    yield from growth(short=short)


if __name__ == "__main__":
    run(measure)
