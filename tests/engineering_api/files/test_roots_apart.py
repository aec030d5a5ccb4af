"""A folder for clients is apart from the service's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from engineering_api.app import create_app
from openness_bridge.errors import Problem
from tests.support.service import settings


@pytest.mark.parametrize(
    "root", ["", "data", "link", "data/source-control", "data/workspace/..", "data/rescued/../git"]
)
def test_a_root_by_which_clients_reach_the_database_is_refused(tmp_path: Path, root: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(Problem) as caught:
        create_app(settings(tmp_path / "data", roots=[tmp_path / "apart", tmp_path / root]))
    assert caught.value.code == "settings.roots"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("root", ["database", "data/workspace", "data/workspace/projects", "data/rescued"])
def test_other_folders_are_allowed(tmp_path: Path, root: str) -> None:
    app = create_app(settings(tmp_path / "data", roots=[tmp_path / root]))
    app.state.service.portals.close(0)
