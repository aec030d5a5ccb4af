"""The whole catalogue, in a meaningful order, on one project: each operation's effect is shown by another's answer."""

from __future__ import annotations

from pathlib import Path

from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.settings import Settings
from tests.walk import (
    chapter_access,
    chapter_design,
    chapter_files,
    chapter_generation,
    chapter_history,
    chapter_hmi,
    chapter_libraries,
    chapter_program,
    chapter_project,
    chapter_security,
    chapter_service,
    chapter_simulation,
    chapter_tags,
    chapter_team,
    chapter_watch,
)
from tests.walk.walk import KEY, Walk

PARTS = (
    chapter_project,
    chapter_tags,
    chapter_program,
    chapter_watch,
    chapter_hmi,
    chapter_simulation,
    chapter_history,
    chapter_generation,
    chapter_libraries,
    chapter_team,
    chapter_design,
    chapter_security,
    chapter_access,
    chapter_files,
    chapter_service,
)
CHAPTERS = tuple(chapter for part in PARTS for chapter in part.CHAPTERS)


def test_every_operation_has_the_effect_that_others_show(tmp_path: Path) -> None:
    settings = Settings(backend="fake", data_dir=tmp_path, api_key=KEY, headless=True, webhook_hosts=("127.0.0.1",))
    with TestClient(create_app(settings)) as http:
        walk = Walk(http, settings.workspace)
        for chapter in CHAPTERS:
            chapter(walk)
        missed = sorted(op.name for op in walk.catalogue if op.name not in walk.walked)
    assert missed == []
