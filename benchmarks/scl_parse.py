"""Compare the SCL parser with lark's LALR parser on the same text: `python -m benchmarks.scl_parse`.

The text is a generated source in the subset that both know (`scl_subset.lark`), and the real sources of the collection next to
the repository (../shared/corpus/scl) that the subset covers. Then the cost of a line of larger and larger sources: it stays the
same. lark is used by nothing else, so `pip install lark` for the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, least_seconds, run
from simatic_xml import scl
from tests.support import corpus

CORPUS = corpus.CORPUS / "scl"
GRAMMAR = Path(__file__).with_name("scl_subset.lark")
ROUNDS = 5
SIZES = (1_000, 10_000, 100_000)
"""Lines."""
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


def seconds(actions: Sequence[Callable[[str], object]], texts: Sequence[str]) -> list[float]:
    """Computing time of some actions over all texts."""

    def over_all(action: Callable[[str], object]) -> None:
        for each in texts:
            action(each)

    return least_seconds([partial(over_all, action) for action in actions], ROUNDS)


def lark_parser() -> Any:
    """lark's LALR parser for the subset, None where lark is not installed."""
    if find_spec("lark") is None:
        return None
    return import_module("lark").Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr")


def accepts(parser: Any, text: str) -> bool:
    try:
        parser.parse(text)
    except Exception:  # noqa: BLE001 - any error of another package
        return False
    return True


def measure(short: bool) -> Iterator[Figure]:
    """Compare, then grow."""
    sample = generate_source(2_000 if short else 10_000)
    wrong = scl.parse(sample).diagnostics
    if wrong:
        raise SystemExit(f"The sample has errors, so the figures mean nothing: {wrong[0]}")
    parser = lark_parser()
    if parser is not None:
        if not accepts(parser, sample):
            raise SystemExit("lark does not read the sample, so the figures mean nothing.")
        files = [path for path in sorted(CORPUS.rglob("*")) if path.suffix in (".scl", ".udt", ".db")]
        real = [text for text in map(scl_text, files) if accepts(parser, text)]
        for what, texts in (("a generated source", [sample]), ("real sources", real)):
            if texts:
                ours, theirs = seconds([scl.parse, parser.parse], texts)
                yield Figure(f"rate of {what}", "lark's LALR parser", theirs / ours, at_least=3, is_steady=True)
    costs = []
    for lines in (1_000, 2_000, 4_000) if short else SIZES:
        text = generate_source(lines)
        costs += [each / text.count("\n") for each in seconds([scl.parse], [text])]
    for lines, cost in zip(SIZES[1:], costs[1:], strict=True):
        yield Figure(f"a line of {lines:,}", "one of 1,000", cost / costs[0], at_most=1.3)


def scl_text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace")


if __name__ == "__main__":
    run(measure)
