"""Coverage-guided fuzzing of SimaticML: `python -m benchmarks.reports.fuzz_simatic_xml [seconds] [load|json|both]`.

Needs `pip install atheris` (Linux and macOS). For any input, the only error is SimaticMLError. A file that is loaded is
the same after dump, a document the same after JSON. The fuzzer writes the first input that breaks this to the working
folder, and ends with an exit code other than 0.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SECONDS = 60
LONGEST_INPUT = 20_000
SEEDS = Path(__file__).resolve().parents[2] / "tests" / "simatic_xml" / "fixtures"


def fuzz_load(data: bytes) -> None:
    """A file is refused, or it comes back byte for byte and can be shown, checked and compared."""
    try:
        document = simatic_xml.load(data)
    except simatic_xml.SimaticMLError:
        return
    assert simatic_xml.dump(document) == data, "dump(load(data)) is not data"
    form = json.loads(json.dumps(simatic_xml.to_json(document)))
    assert simatic_xml.dump(simatic_xml.from_json(form)) == data, "the JSON form lost something"
    assert not simatic_xml.diff(document, document), "a document differs from itself"
    simatic_xml.to_text(document)
    simatic_xml.check(document)


def fuzz_json(data: bytes) -> None:
    """JSON is refused, or gives a file that can be read again."""
    try:
        form = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        written = simatic_xml.dump(simatic_xml.from_json(form))
    except simatic_xml.SimaticMLError:
        return
    assert simatic_xml.dump(simatic_xml.load(written)) == written, "the document differs after writing and reading"


def fuzz_both(data: bytes) -> None:
    (fuzz_json if data[:1] in (b"{", b"[") else fuzz_load)(data)


TARGETS = {"load": fuzz_load, "json": fuzz_json, "both": fuzz_both}


def write_seeds(folder: Path) -> None:
    """Give the fuzzer the project's own files, and their JSON."""
    for path in SEEDS.glob("*.xml"):
        (folder / path.name).write_bytes(path.read_bytes())
        form = simatic_xml.to_json(simatic_xml.load(path))
        (folder / f"{path.stem}.json").write_text(json.dumps(form), encoding="utf-8")


def main() -> None:
    duration = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    target = TARGETS[sys.argv[2] if len(sys.argv) > 2 else "both"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_seeds(folder)
        limits = [f"-max_total_time={duration}", f"-max_len={LONGEST_INPUT}", "-timeout=10", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], *limits, str(folder)], target)
        atheris.Fuzz()


if __name__ == "__main__":
    if find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install atheris")
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["simatic_xml"]):
        simatic_xml: Any = import_module("simatic_xml")
        for language in ("flgnet", "scl", "stl"):
            import_module(f"simatic_xml.{language}")
    main()
