"""Programs with known mathematics (tests/fakes/virtual_plc/programs) give what Python computes, on every tier."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simatic_xml.program.types.ranges import real32
from tests.fakes.virtual_plc.agreement import TIERS, Run, program
from tests.support.examples import examples
from virtual_plc.memory.program import Program

SOURCES = Path(__file__).parent / "programs"
quick = settings(examples(8), suppress_health_check=list(HealthCheck))
floats = st.floats(-1e3, 1e3)
matrices = st.lists(st.lists(floats, min_size=4, max_size=4), min_size=4, max_size=4)


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Each way to execute a program."""
    return str(request.param)


@cache
def _program(name: str) -> Program:
    return program((SOURCES / f"{name}.scl").read_text(encoding="utf-8"))


@pytest.fixture
def start(tier: str) -> Callable[[str], Run]:
    """Return how a program of the folder is prepared."""

    def prepare(name: str) -> Run:
        return Run(_program(name), TIERS[tier])

    return prepare


@quick
@given(st.binary(max_size=64))
def test_checksums(start: Callable[[str], Run], content: bytes) -> None:
    run = start("checksums")
    padded = list(content) + [0] * (64 - len(content))
    assert run.scan({"Bytes.data": padded, "Bytes.length": len(content)}) == ""
    found = run.memory.read("Bytes")
    assert (found["crc"], found["by_table"]) == (zlib.crc32(content), zlib.crc32(content))
    assert found["adler"] == zlib.adler32(content)


@quick
@given(st.lists(st.integers(-32768, 32767) | st.integers(-3, 3), min_size=16, max_size=16))
def test_sorting(start: Callable[[str], Run], numbers: list[int]) -> None:
    run = start("sorting")
    assert run.scan({"Lists.given": numbers}) == ""
    found = run.memory.read("Lists")
    for way in ("exchanged", "inserted", "heaped", "ranked"):
        assert found[way] == sorted(numbers), way
    assert found["given"] == numbers


@quick
@given(matrices, matrices)
def test_matrices(start: Callable[[str], Run], a: list[list[float]], b: list[list[float]]) -> None:
    run = start("numbers")
    assert run.scan({"Data.a.value": _flat(a), "Data.b.value": _flat(b)}) == ""
    product = [_sum([a[row][i] * b[i][column] for i in range(4)]) for row in range(4) for column in range(4)]
    assert run.memory.read("Data.product.value") == product


def _flat(matrix: list[list[float]]) -> list[float]:
    return [value for row in matrix for value in row]


def _sum(terms: Sequence[float]) -> float:
    """Add up one after the other, as the program does."""
    total = 0.0
    for term in terms:
        total += term
    return total


@quick
@given(
    matrices.map(lambda rows: [[x + (5e3 if r == c else 0) for c, x in enumerate(row)] for r, row in enumerate(rows)])
)
def test_an_inverse_is_one(start: Callable[[str], Run], matrix: list[list[float]]) -> None:
    run = start("numbers")
    assert run.scan({"Data.a.value": _flat(matrix)}) == ""
    assert run.memory.read("Data.regular") is True
    inverse = run.memory.read("Data.inverse.value")
    for row in range(4):
        for column in range(4):
            found = sum(matrix[row][i] * inverse[4 * i + column] for i in range(4))
            assert math.isclose(found, float(row == column), abs_tol=1e-9)


def test_an_inverse_is_that_of_numpy(start: Callable[[str], Run]) -> None:
    numpy: Any = pytest.importorskip("numpy")
    matrix = numpy.array([[4.0, 7, 2, 1], [3, 6, 1, 0], [2, 5, 3, 9], [1, 1, 8, 2]])
    run = start("numbers")
    run.scan({"Data.a.value": matrix.ravel().tolist()})
    assert numpy.allclose(run.memory.read("Data.inverse.value"), numpy.linalg.inv(matrix).ravel())


def test_a_singular_matrix_has_no_inverse(start: Callable[[str], Run]) -> None:
    run = start("numbers")
    assert run.scan({"Data.a.value": [1.0] * 16}) == ""
    assert run.memory.read("Data.regular") is False


@quick
@given(st.floats(-6, 6))
def test_a_series_is_the_sine(start: Callable[[str], Run], x: float) -> None:
    run = start("numbers")
    assert run.scan({"Data.x": x}) == ""
    assert math.isclose(run.memory.read("Data.sine"), math.sin(x), abs_tol=1e-13)


@quick
@given(
    st.integers(0, (1 << 32) - 1),
    st.integers(-(1 << 31) + 1, (1 << 31) - 1),
    st.integers(-1000, 1000),
    st.integers(0, 0xFFFF),
)
def test_whole_numbers(start: Callable[[str], Run], number: int, m: int, n: int, word: int) -> None:
    run = start("numbers")
    assert run.scan({"Data.number": number, "Data.m": m, "Data.n": n, "Data.word": word}) == ""
    found = run.memory.read("Data")
    assert found["root"] == math.isqrt(number)
    assert found["divisor"] == math.gcd(m, n)
    assert (found["gray"], found["back"]) == (word ^ word >> 1, word)


@quick
@given(st.lists(st.floats(-1000, 1000, width=32), min_size=1, max_size=12))
def test_filters(start: Callable[[str], Run], samples: list[float]) -> None:
    run = start("numbers")
    low_pass = 0.0
    for count, sample in enumerate(samples, 1):
        assert run.scan({"Data.sample": sample}) == ""
        last = samples[max(0, count - 4) : count]
        assert math.isclose(run.memory.read("Mean_DB.y"), sum(last) / len(last), rel_tol=1e-5, abs_tol=1e-3)
        low_pass = real32(low_pass + real32(0.25 * real32(sample - low_pass)))
        assert run.memory.read("Low_Pass_DB.y") == low_pass
