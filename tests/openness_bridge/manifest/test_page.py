"""docs/object-model.md says what manifest, fake and bridge are now."""

from __future__ import annotations

from tests.openness_bridge.manifest.coverage import PAGE, page


def test_the_page_is_what_it_is_made_of() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert written == page(), "Write it again: python -m tests.openness_bridge.manifest.coverage"
