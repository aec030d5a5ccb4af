"""Every change of the walk, cancelled first: it leaves the project as it was, or is completed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Lock
from engineering_api.settings import Settings
from tests.journeys.walk.chapters import CHAPTERS
from tests.journeys.walk.walk import KEY, Arguments, Change, Walk
from tests.support.stopping import numbers, stopping_at
from tests.support.whole_project import differences, read_project

CODES = {"request.cancelled", "job.cancelled"}


class Cancelling(Walk):
    """A walk that cancels each change of the project at its checkpoints, until there are no more of them.

    Attributes:
        inside: Whether the project has something to read.
        stopped: How often an operation was cancelled.
        left: What cancelled operations left, with the checkpoint.
    """

    inside: bool
    stopped: dict[str, int]
    left: list[tuple[str, int, list[str]]]

    def __post_init__(self) -> None:
        """Begin."""
        super().__post_init__()
        self.inside, self.stopped, self.left = False, {}, []

    def between(self, name: str, arguments: Arguments | None, look: Callable[[], Any]) -> Change:
        """Cancel the change first; what is too late for that is the change itself."""
        op = self._operation(name)
        if op.lock is not Lock.PROJECT or not op.changes or not self.inside:
            self.inside |= op.name == "devices.add"
            return super().between(name, arguments, look)
        self.walked.add(name)
        before, project = look(), self._project()
        for number in numbers():
            with stopping_at(number):
                answer = self._send(op, arguments or {})
            document = answer.json()
            if answer.status_code != 409 or document["error"]["code"] not in CODES:
                break
            self.stopped[name] = number
            if changed := differences(project, self._project()):
                self.left.append((name, number, sorted(changed)))
        assert answer.status_code == 200, f"{name}: {document}"
        return Change(before, look(), document["data"])

    def _project(self) -> dict[str, Any]:
        return read_project(self._look)

    def _look(self, name: str, arguments: Arguments) -> Any:
        op: Operation = self._operation(name)
        answer = self._send(op, arguments)
        return answer.json()["data"] if answer.status_code == 200 else None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_cancelled_change_leaves_the_project_as_it_was(tmp_path: Path) -> None:
    settings = Settings(
        backend="fake",
        data_dir=tmp_path / "data",
        api_key=KEY,
        headless=True,
        webhook_hosts=["127.0.0.1"],
        sink_hosts=["127.0.0.1"],
        git_folders=[tmp_path / "remotes"],
    )
    with TestClient(create_app(settings)) as http:
        walk = Cancelling(http, settings.workspace)
        for chapter in CHAPTERS:
            chapter(walk)
    assert walk.left == []
    assert len(walk.stopped) > 20
