"""Compare the SCL parser with lark's LALR parser on the same text, in one run: `python -m benchmarks.scl_parse`.

Prints, with their goals:
1. lines a second for a generated source in the subset that both know (at least 100,000);
2. how much faster that is than lark's LALR parser with the grammar in `scl_subset.lark` (at least 3 times);
3. the same for the real sources of the collection next to the repository (../shared/corpus/scl), where it is there, and
   the ratio for those that the subset covers;
4. the cost of a line at 1,000, 10,000 and 100,000 lines (linear: it stays the same).

lark is used by nothing else: `pip install lark` for the comparison.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from simatic_xml import scl
from tests.support import corpus

CORPUS = corpus.CORPUS / "scl"
GRAMMAR = Path(__file__).with_name("scl_subset.lark")
ROUNDS = 5
BLOCK = """FUNCTION_BLOCK "Belt {number}"
{{ S7_Optimized_Access := 'TRUE' }}
VERSION : 0.1
VAR_INPUT
    start : Bool;   // from the panel
    speed : Real := 1.5;   // in m/s
    parts : Array[0..31] of "typePart";
END_VAR
VAR
    statState {{ ExternalWritable := 'false' }} : Int;
    statLimits : Struct
        low : Real;
        high : Real := 1.0E3;
    END_STRUCT;
    instDelay : TON_TIME;
END_VAR
VAR_TEMP
    tempIndex : DInt;
    tempSum : Real;
END_VAR
VAR CONSTANT
    IDLE : Int := 0;
    RUN : Int := 1;
END_VAR
BEGIN
    REGION Start and stop
        // the belt starts when the light barrier is free
        CASE #statState OF
            #IDLE, 7:
                IF #start AND NOT #blocked AND (#speed > #statLimits.low OR #forced) THEN
                    #statState := #RUN;
                    #"order number" := 16#00FF_FF00;
                ELSIF "Plant".belts[{number}].waiting XOR #statWaiting.%X3 THEN
                    #statCount += 1;
                END_IF;
            #RUN:
                #instDelay(IN := #start, PT := T#5s_200ms, Q => #done, ET => #elapsed);
            ELSE
                "Report"(text := 'unknown state', state := #statState);
        END_CASE;
    END_REGION
    FOR #tempIndex := 0 TO 31 BY 1 DO
        #tempSum := #tempSum + #parts[#tempIndex].weight * 2.5 - (#offset / 3.0) ** 2;
        IF #parts[#tempIndex].bad = TRUE THEN
            CONTINUE;
        END_IF;
        #mean := LIMIT(MN := #statLimits.low, IN := #tempSum / DINT_TO_REAL(#tempIndex + 1), MX := #statLimits.high);
    END_FOR;
    WHILE #queue[#first, 1] <> 0 AND #first < 100 DO
        #first := (#first + 1) MOD 100;   (* goes round *)
    END_WHILE;
    REPEAT
        #tries -= 1;
    UNTIL #tries <= 0 OR %M10.0
    END_REPEAT;
END_FUNCTION_BLOCK

"""


def generate_source(lines: int) -> str:
    """A source of about this many lines."""
    return "".join(BLOCK.format(number=number) for number in range(max(1, lines // BLOCK.count("\n"))))


def seconds(action: Callable[[str], object], texts: Iterable[str]) -> float:
    """The best of some rounds over all texts."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        begin = time.perf_counter()
        for text in texts:
            action(text)
        best = min(best, time.perf_counter() - begin)
    return best


def count(texts: Iterable[str]) -> int:
    return sum(text.count("\n") for text in texts)


def report(what: str, value: float, goal: str) -> None:
    print(f"{what:80} {value:12,.1f}   goal {goal}", flush=True)


def lark_parser() -> Any:
    """lark's LALR parser for the subset, None where lark is not installed."""
    if find_spec("lark") is None:
        print("lark not installed, so there is no comparison: pip install lark")
        return None
    return import_module("lark").Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr")


def accepts(parser: Any, text: str) -> bool:
    try:
        parser.parse(text)
    except Exception:  # noqa: BLE001 - any error of another package
        return False
    return True


def beside_lark(parser: Any, texts: list[str], what: str) -> None:
    own = seconds(scl.parse, texts)
    report(f"{what}: lines a second", count(texts) / own, ">= 100,000")
    both = [text for text in texts if parser is not None and accepts(parser, text)]
    if both:
        ratio = seconds(parser.parse, both) / seconds(scl.parse, both)
        report(f"{what}: times as fast as lark, {count(both):,} lines that it reads, too", ratio, ">= 3")


def growth(sizes: Iterable[int]) -> None:
    for size in sizes:
        text = generate_source(size)
        report(f"microseconds for a line of {size:,}", seconds(scl.parse, [text]) / count([text]) * 1e6, "the same")


def main() -> None:
    sample = generate_source(10_000)
    wrong = scl.parse(sample).diagnostics
    if wrong:
        raise SystemExit(f"The sample has errors, so the figures mean nothing: {wrong[0]}")
    parser = lark_parser()
    if parser is not None and not accepts(parser, sample):
        raise SystemExit("lark does not read the sample, so the figures mean nothing.")
    beside_lark(parser, [sample], "sample")
    files = [path for path in sorted(CORPUS.rglob("*")) if path.suffix in (".scl", ".udt", ".db")]
    if files:
        beside_lark(parser, [scl_text(path) for path in files], "real sources")
    else:
        print("the collection of real sources is not there")
    growth((1_000, 10_000, 100_000))


def scl_text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace")


if __name__ == "__main__":
    main()
