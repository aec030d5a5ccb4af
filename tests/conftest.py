"""What holds for all tests."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Leave modules and collected tests out of the search for garbage, which looks through all objects again and again."""
    gc.collect()
    gc.freeze()
