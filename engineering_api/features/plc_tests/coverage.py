"""Statement, branch and network coverage: counts by place to totals by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engineering_api.features.plc_tests.benches.harness import is_harness
from engineering_api.features.plc_tests.benches.insight import CoverageCounts
from engineering_api.features.plc_tests.results import BlockCoverage, Count, CoverageTotals


def totals(reached: CoverageCounts) -> CoverageTotals:
    """Return the coverage of the whole program and block by block; blocks of the harness do not count."""
    names = dict.fromkeys(place.block for place in [*reached.statements, *(place for place, _ in reached.branches)])
    blocks = [_block(reached, name) for name in sorted(names, key=str.casefold) if not is_harness(name)]
    return CoverageTotals(
        statements=_sum(each.statements for each in blocks),
        branches=_sum(each.branches for each in blocks),
        networks=_sum(each.networks for each in blocks),
        blocks=blocks,
    )


def _block(reached: CoverageCounts, name: str) -> BlockCoverage:
    statements = {place: count for place, count in reached.statements.items() if place.block == name}
    branches = [count for (place, _), count in reached.branches.items() if place.block == name]
    networks: dict[int | str, bool] = {}
    for place, count in statements.items():
        key = place.step or place.network or 1
        networks[key] = networks.get(key, False) or count > 0
    return BlockCoverage(
        block=name,
        statements=_count(statements.values()),
        branches=_count(branches),
        networks=_count(networks.values()),
    )


def _count(hits: Iterable[int]) -> Count:
    found = list(hits)
    return _to_count(len(found), sum(1 for each in found if each))


def _sum(counts: Iterable[Count]) -> Count:
    found = list(counts)
    return _to_count(sum(each.total for each in found), sum(each.reached for each in found))


def _to_count(total: int, reached: int) -> Count:
    return Count(total=total, reached=reached, percent=round(100 * reached / total, 1) if total else 100.0)


def lines(counts: CoverageTotals) -> Iterator[str]:
    """Yield a table for people."""
    width = max([len("all blocks"), *(len(each.block) for each in counts.blocks)])
    yield f"{'':{width}}  {'statements':>16}  {'branches':>16}  {'networks':>16}"
    for each in counts.blocks:
        yield f"{each.block:{width}}  {_cells(each.statements, each.branches, each.networks)}"
    yield f"{'all blocks':{width}}  {_cells(counts.statements, counts.branches, counts.networks)}"


def _cells(*counts: Count) -> str:
    texts = (f"{each.reached}/{each.total} {each.percent:5.1f}%" for each in counts)
    return "  ".join(f"{text:>16}" for text in texts)
