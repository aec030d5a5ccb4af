"""Compare reading and writing of SimaticML with the bare XML library, in one run: `python -m benchmarks.simatic_xml`.

Prints, with their goals:
1. load and dump of real files, compared with lxml's parse and serialise of the same bytes (at most 5x);
2. load, and load with the program as text, compared with simaticml-decoder on files that it can read (faster), where it is installed;
3. peak memory of loading the largest file, compared with its size;
4. the cost of a megabyte at 1, 10 and 50 MB (linear: it stays the same).

The files are those of the collection next to the repository (../shared/corpus/xml), or generated ones where it is absent.
`--short` leaves out the 50 MB.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from simatic_xml import Block, SimaticMLError, dump, from_json, load, to_text
from tests.support import corpus

CORPUS = corpus.CORPUS / "xml"
ROUNDS = 3
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


def seconds(action: Callable[[bytes], object], files: Iterable[bytes]) -> float:
    """The best of some rounds over all files."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        begin = time.perf_counter()
        for data in files:
            action(data)
        best = min(best, time.perf_counter() - begin)
    return best


def report(what: str, value: float, goal: str) -> None:
    print(f"{what:92} {value:8.2f}   goal {goal}", flush=True)


def beside_lxml(files: list[bytes]) -> None:
    size = sum(map(len, files)) / MEGABYTE
    bare = seconds(lambda data: etree.tostring(etree.fromstring(data), encoding="utf-8"), files)
    read = seconds(load, files)
    whole = seconds(lambda data: dump(load(data)), files)
    lost = [data for data in files if dump(load(data)) != data]
    if lost:
        sys.exit(f"{len(lost)} files did not come back as they were: the figures mean nothing.")
    print(f"{len(files)} files, {size:.1f} MB: lxml {bare:.3f} s, load {read:.3f} s, load and dump {whole:.3f} s")
    report("load / lxml parse and serialise", read / bare, "-")
    report("load and dump / lxml parse and serialise", whole / bare, "<= 5")


def beside_decoder(files: list[bytes]) -> None:
    if find_spec("simaticml_decoder") is None:
        print("simaticml-decoder is not installed, so there is no comparison: pip install simaticml-decoder")
        return
    parse, fold, emit = (import_module(f"simaticml_decoder.{name}") for name in ("parse", "fold", "emit"))

    def decode(data: bytes) -> Any:
        return emit.emit_scl(fold.fold_block(parse.parse_bytes(data)))

    both = [data for data in files if accepts(decode, data)]
    print(f"simaticml-decoder reads {len(both)} of {len(files)} files")
    if both:
        ratio = seconds(load, both) / seconds(parse.parse_bytes, both)
        report("load / simaticml-decoder parse", ratio, "< 1")
        ratio = seconds(lambda data: to_text(load(data)), both) / seconds(decode, both)
        report("load and program as text / simaticml-decoder to SCL", ratio, "< 1")


def accepts(action: Callable[[bytes], object], data: bytes) -> bool:
    try:
        action(data)
    except Exception:  # noqa: BLE001 - any error of another package
        return False
    return True


def memory(largest: bytes) -> None:
    if find_spec("resource") is None:
        print("peak memory is measured on Linux and macOS only")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "largest.xml"
        path.write_bytes(largest)
        command = [sys.executable, "-c", MEMORY, str(path)]
        peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    what = f"peak memory of loading {len(largest) / MEGABYTE:.2f} MB, bytes for each byte of the file"
    report(what, peak / len(largest), "-")


def growth(sizes: Iterable[int]) -> None:
    first = None
    for size in sizes:
        data = generate_block(size * MEGABYTE)
        read = seconds(load, [data]) / len(data) * MEGABYTE
        whole = seconds(lambda each: dump(load(each)), [data]) / len(data) * MEGABYTE
        first = first or whole
        what = f"load and dump of {len(data) / MEGABYTE:.1f} MB: {whole * 1e3:.0f} ms a MB (load {read * 1e3:.0f}) / at 1 MB"
        report(what, whole / first, "~ 1")
        memory(data)


def main() -> None:
    files = real_files()
    beside_lxml(files)
    beside_decoder(files)
    memory(max(files, key=len))
    growth((1, 10) if "--short" in sys.argv else (1, 10, 50))


if __name__ == "__main__":
    main()
