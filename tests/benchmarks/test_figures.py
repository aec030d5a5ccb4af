"""Each benchmark runs, docs/performance.md has its figures, and no figure has become worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import FOLDER, figures_of, names
from benchmarks.figures import Figure
from benchmarks.page import HEAD, NOT_MEASURED, Page

TOLERANCE, TRIES = 0.5, 3
"""Other load changes the parts of a ratio by different factors: less than half as much again proves nothing in a short run."""
SHARED = {"__init__", "__main__", "figures", "page", "bare"}
"""Modules that benchmarks use."""
REPORTS = {
    "audit",
    "cross_references",
    "fidelity",
    "fuzz_scl",
    "fuzz_simatic_xml",
    "gateway",
    "identification",
    "load",
    "memory_writes",
    "opcua",
    "openness_calls",
    "plc_scan",
    "plc_time",
    "program_start",
    "runtime_values",
    "soak",
    "tool_choice",
}
"""Programs that print a report of their own."""


def test_each_module_gives_figures_or_is_known() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")}
    assert modules - set(names()) == SHARED
    assert not set(names()) & SHARED
    assert {path.stem for path in (FOLDER / "reports").glob("*.py")} == REPORTS | {"__init__", "plc_scan_awlsim"}


def test_the_page_has_rows_of_each_benchmark() -> None:
    assert {row.benchmark for row in Page.read().rows} == set(names())


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_benchmark_runs_and_no_figure_is_worse(name: str) -> None:
    rows = {row.what: row for row in Page.read().rows if row.benchmark == name}
    for tried in range(TRIES):
        found = figures_of(name, short=True)
        assert found and len({each.what for each in found}) == len(found)
        assert all(each.ratio > 0 for each in found)
        assert {each.what for each in found} <= set(rows)
        steady = [each for each in found if each.is_steady and rows[each.what].today != NOT_MEASURED]
        worse = [each for each in steady if each.is_worse_than(float(rows[each.what].today), TOLERANCE)]
        if not worse:
            return
        assert tried < TRIES - 1, [(each.what, each.ratio, rows[each.what].today) for each in worse]


def test_a_ratio_of_times_is_worse_when_it_is_larger() -> None:
    figure = Figure("a", "b", 1.51, at_most=2)
    assert figure.is_worse_than(1.0, TOLERANCE) and not figure.is_worse_than(1.1, TOLERANCE)
    assert figure.is_reached and not Figure("a", "b", 2.1, at_most=2).is_reached


def test_a_ratio_of_rates_is_worse_when_it_is_smaller() -> None:
    figure = Figure("a", "b", 0.6, at_least=0.6)
    assert figure.is_worse_than(1.0, TOLERANCE) and not figure.is_worse_than(0.8, TOLERANCE)
    assert figure.is_reached and not Figure("a", "b", 0.5, at_least=0.6).is_reached


def test_the_page_keeps_the_figures_of_the_last_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "performance.md"
    monkeypatch.setattr("benchmarks.page.FILE", file)
    page = Page(f"above\n{HEAD}below\n")
    page.put("b", [Figure("x", "y", 1.5, at_most=2)])
    page.begin_release()
    page.put("b", [Figure("x", "y", 1.25, at_most=2), Figure("new", "y", 3.0, at_least=1)])
    page.put("a", [Figure("z", "y", 0.123456)])
    page.write()
    assert file.read_text(encoding="utf-8") == (
        f"above\n{HEAD}| a | z | y |  | 0.123 | - |\n| b | x | y | ≤ 2 | 1.25 | 1.5 |\n| b | new | y | ≥ 1 | 3 | - |\nbelow\n"
    )
    assert Page.read().rows == sorted(page.rows, key=lambda row: row.benchmark)
