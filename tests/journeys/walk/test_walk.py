"""The whole catalogue, in a meaningful order, on one project: each operation's effect is shown by another's answer."""

from __future__ import annotations

from pathlib import Path

from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.settings import Settings
from tests.journeys.walk.chapters import CHAPTERS
from tests.journeys.walk.walk import KEY, Walk


def test_every_operation_has_the_effect_that_others_show(tmp_path: Path) -> None:
    settings = Settings(
        backend="fake",
        data_dir=tmp_path / "data",
        api_key=KEY,
        headless=True,
        webhook_hosts=("127.0.0.1",),
        sink_hosts=("127.0.0.1",),
        git_folders=(tmp_path / "remotes",),
    )
    with TestClient(create_app(settings)) as http:
        walk = Walk(http, settings.workspace)
        for chapter in CHAPTERS:
            chapter(walk)
        missed = sorted(op.name for op in walk.catalogue if op.name not in walk.walked)
    assert missed == []
