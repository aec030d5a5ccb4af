"""A module that is imported later is the same module, whichever thread uses it first."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from simatic_xml.lazy import import_later

THREADS = 8
MODULE = "for_later"
SOURCE = """count = globals().get("count", 0) + 1
for _ in range(100_000):
    pass
last = object()
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{MODULE}.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)


@pytest.mark.usefixtures("written")
def test_the_first_use_imports_the_module_once_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    later, ready = import_later(MODULE), Barrier(THREADS)
    assert MODULE not in sys.modules

    def use() -> tuple[object, int]:
        ready.wait(60)
        return later.last, later.count

    with ThreadPoolExecutor(THREADS) as pool:
        found = [each.result(60) for each in [pool.submit(use) for _ in range(THREADS)]]
    module = sys.modules.pop(MODULE)
    assert set(found) == {(module.last, 1)}


@pytest.mark.usefixtures("written")
def test_what_a_module_lacks_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        getattr(import_later(MODULE), "nothing")  # noqa: B009
    del sys.modules[MODULE]


def test_a_module_that_is_not_there_is_an_import_error_at_its_use() -> None:
    later = import_later("there_is_no_such_module")
    with pytest.raises(ModuleNotFoundError):
        str(later.name)
