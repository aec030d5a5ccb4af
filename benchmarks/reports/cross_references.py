"""Cross references of 1,000 blocks on the simulated portal: `python -m benchmarks.reports.cross_references`.

Prints the first query, which types the whole program, then a query for each block, then one after an edit of one block
(at most 5 ms a query; an edit costs what depends on it, not the program).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simatic_xml.model import Tag, TagTable
from tests.fakes.fake_openness.plc import Plant

BLOCKS, TAGS, BATCH = 1000, 5000, 100


def source(first: int, last: int) -> str:
    """Blocks that each read and write tags and call the one before."""
    return "\n".join(
        f'FUNCTION_BLOCK "B{number}"\nVAR_INPUT\n    run : Bool;\nEND_VAR\nVAR\n    delay : TON_TIME;\n    n : Int;\nEND_VAR\n'
        f'BEGIN\n    #delay(IN := #run AND "T{number}", PT := T#1s);\n    #n := #n + 1;\n    "T{number + 1}" := #delay.Q;\n'
        + (f'    "B{number - 1}_DB"(run := "T{number + 2}");\n' if number else "")
        + f'END_FUNCTION_BLOCK\nDATA_BLOCK "B{number}_DB"\n"B{number}"\nBEGIN\nEND_DATA_BLOCK'
        for number in range(first, last)
    )


@contextmanager
def measure(what: str, count: int = 1) -> Iterator[None]:
    """Print what something took."""
    begin = time.perf_counter()
    yield
    passed = time.perf_counter() - begin
    print(f"{what:<42}{passed:9.3f} s" + (f"{1000 * passed / count:10.2f} ms each" if count > 1 else ""))


def ask(plant: Plant, thing: Any) -> int:
    """How many places there are."""
    service = thing.GetService[plant.types["CrossReferenceService"]]()
    found = service.GetCrossReferences(plant.types["CrossReferenceFilter"].AllObjects)
    return sum(each.Locations.Count for source in found.Sources for each in source.References)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plant = Plant(Path(folder))
        plant.put(TagTable("Signals", [Tag(f"T{n}", "Bool", f"%M{n // 8}.{n % 8}") for n in range(TAGS)]))
        with measure(f"{BLOCKS} blocks and their instances generated"):
            for first in range(0, BLOCKS, BATCH):
                plant.generate(source(first, first + BATCH))
        blocks = [plant.blocks.Find(f"B{number}") for number in range(BLOCKS)]
        with measure("first query: the program is typed"):
            ask(plant, blocks[0])
        with measure("a query for each block", BLOCKS):
            places = sum(ask(plant, block) for block in blocks)
        plant.generate(source(500, 501))
        with measure("a query after an edit of one block"):
            ask(plant, plant.blocks.Find("B500"))
        print(f"{places} places")


if __name__ == "__main__":
    main()
