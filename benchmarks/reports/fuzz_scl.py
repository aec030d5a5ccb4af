"""Coverage-guided fuzzing of SCL: `python -m benchmarks.reports.fuzz_scl [seconds] [parse|format|generate|lint|all]`.

Needs `pip install atheris` (Linux and macOS). For any input, parsing raises nothing and loses nothing. A source
without errors has none after layout, generation and lint's fixes, either. The fuzzer writes the first input that breaks
this to the working folder, and ends with an exit code other than 0.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.support import corpus

SECONDS = 60
LONGEST_INPUT = 4_000
CORPUS = corpus.CORPUS / "scl"
SEED = b"""TYPE "typeMotor" STRUCT speed : Real := 1.0; parts : Array[0..3] of String[8]; END_STRUCT; END_TYPE
FUNCTION_BLOCK "Motor" { S7_Optimized_Access := 'TRUE' } VERSION : 0.1
VAR_INPUT start : Bool; // why
END_VAR VAR t : TON_TIME; END_VAR
BEGIN
REGION one
IF #start AND NOT (#a = TRUE) THEN #t(IN := #start, PT := T#5s, Q => #q); ELSIF "X".y[1, #i] <> 16#FF THEN ; END_IF;
CASE #i OF 1, 2..3: #a := 'it$'s'; ELSE #b += 2.0E-3; END_CASE;
FOR #i := 0 TO 9 BY 2 DO CONTINUE; END_FOR; WHILE %M1.0 DO EXIT; END_WHILE; REPEAT #i -= 1; UNTIL #i <= 0 END_REPEAT;
END_REGION
GOTO done; done: ; (* x *) #p^ := #w.%X3;
END_FUNCTION_BLOCK
"""


def fuzz_parse(data: bytes) -> None:
    """Parse any bytes to a tree and findings; the tree has the text of the input."""
    result = scl.parse(data)
    assert scl.unparse(result.tree) == result.tree.tokens.source, "unparse(parse(text)) is not text"
    for node in result.tree.objects:
        result.tree.span(node)
    for finding in result.diagnostics:
        assert finding.line >= 1 and finding.column >= 1, f"no place: {finding}"


def fuzz_format(data: bytes) -> None:
    """A source with errors is refused; any other one is laid out once and for all."""
    try:
        text = scl.format(decode(data))
    except scl.SclError:
        return
    assert scl.format(text) == text, "laying out twice changes something"


def fuzz_generate(data: bytes) -> None:
    """What is generated can be read, and has a source that generates the same again."""
    for document in scl.generate(data).documents:
        loaded = simatic_xml.load(document)
        try:
            source = scl.source(loaded)
        except simatic_xml.SimaticMLError:
            continue
        assert scl.generate(source).documents, f"the source of a generated object generates nothing:\n{source}"


def fuzz_lint(data: bytes) -> None:
    """Lint any source: each finding has a place in it, and a second run of the fixes changes nothing."""
    text = decode(data)
    fixed = lint.fix(text)
    assert lint.fix(fixed) == fixed, "a second fix changes something"


def fuzz_all(data: bytes) -> None:
    for target in (fuzz_parse, fuzz_format, fuzz_generate, fuzz_lint):
        target(data)


TARGETS = {
    "parse": fuzz_parse,
    "format": fuzz_format,
    "generate": fuzz_generate,
    "lint": fuzz_lint,
    "all": fuzz_all,
}


def write_seeds(folder: Path) -> None:
    """Give the fuzzer a source of our own, and real ones where they are."""
    (folder / "own.scl").write_bytes(SEED)
    short = (path for path in sorted(CORPUS.rglob("*.scl")) if path.stat().st_size <= LONGEST_INPUT)
    for index, path in enumerate(short):
        (folder / f"{index}.scl").write_bytes(path.read_bytes())


def main() -> None:
    duration = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    target = TARGETS[sys.argv[2] if len(sys.argv) > 2 else "all"]
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
        scl: Any = import_module("simatic_xml.scl")
        lint: Any = import_module("simatic_xml.lint")
        decode: Any = import_module("simatic_xml.scl.parser").decode
    main()
