"""Every change of the walk, called as a tool: it is taken back as it was, leaves all as it was, or is refused without a preview."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.tools.answers import ToolAnswer
from engineering_api.features.tools.names import unfit
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import marked
from engineering_api.operations.terms import Lock, Right, Undo
from engineering_api.settings import Settings
from tests.journeys.walk.chapters import CHAPTERS
from tests.journeys.walk.walk import KEY, Arguments, Change, Walk
from tests.support.whole_project import UNCOMPILED, plain, read_project

ME = Caller("engineer", Right.ADMINISTER)
STATE = frozenset({"isConsistent"})
"""What a restored object does not have as before, where the walk left others that do not compile."""
ANOTHER = {"projects", "portals"}
"""Operations that begin with another project, or with none."""


class WayBack(Walk):
    """A walk that calls each change as a tool before it does it.

    Attributes:
        undone: The operations that were taken back.
        refused: Those that were refused without a preview.
        inside: Whether the project has something to look at.
    """

    undone: set[str]
    refused: set[str]
    inside: bool

    def __post_init__(self) -> None:
        """Begin."""
        super().__post_init__()
        self.undone, self.refused, self.inside = set(), set(), False

    def call(self, tool: str, /, **arguments: Any) -> ToolAnswer:
        """Call a tool as MCP and the assistant do."""
        toolbox = self.http.app.state["service"].part(Toolbox)
        return self.http.blocking_portal.call(partial(toolbox.call, tool, arguments, ME, writing=True))

    def between(self, name: str, arguments: Arguments | None, look: Callable[[], Any]) -> Change:
        """Call it as a tool first, which leaves all as it was."""
        op = self._operation(name)
        if op.changes and not unfit(op) and not self._needless(op, arguments or {}):
            known = self._snapshots()
            self._try_tool(op, arguments or {})
            for snapshot in self._snapshots() - known:
                self._look("history.delete", {"snapshotId": snapshot})
        return super().between(name, arguments, look)

    def refuses(self, name: str, arguments: Arguments, status: int, code: str) -> Any:
        """What the real system cannot do is no tool without a preview, either."""
        op = self._operation(name)
        if op.changes and not unfit(op) and (op.destroys or op.undo is Undo.NEVER):
            assert self.call(name, **arguments).code == "change.needs_preview", name
            self.refused.add(name)
        return super().refuses(name, arguments, status, code)

    def _data(self, op: Operation, arguments: Arguments) -> Any:
        self.inside |= op.name == "devices.add"
        if op.changes and self._needless(op, arguments) and op.name.partition(".")[0] not in ANOTHER:
            return self._left(op, arguments)
        return super()._data(op, arguments)

    def _snapshots(self) -> set[str]:
        return {each["snapshotId"] for each in (self.inside and self._look("history.list_", {"limit": 1000})) or []}

    def _needless(self, op: Operation, arguments: Arguments) -> bool:
        flags = [field.encode_name for field in marked(op.request, "destroys")]
        return op.undo is Undo.NEEDLESS and not any(arguments.get(flag) for flag in flags)

    def _try_tool(self, op: Operation, arguments: Arguments) -> None:
        before = self.project(op)
        answer = self.call(op.name, **arguments)
        if not answer.is_error:
            self._taken_back(op, arguments, answer, before)
            return
        self.refused.add(op.name)
        if answer.code == "tool.secret":
            return
        assert answer.code == "change.needs_preview", f"{op.name}: {answer.text}"
        previewed = self.call("preview_change", tool=op.name, arguments=arguments)
        assert not previewed.is_error, f"{op.name}: {previewed.text}"
        loss = previewed.structured["loss"]
        assert loss["reasons"] and loss["canBeUndone"] <= (op.undo is not Undo.NEVER), f"{op.name}: {loss}"
        assert differences(before, self.project(op)) == {}, f"{op.name} changes something without a token"
        if loss["canBeUndone"]:
            same = {"tool": op.name, "arguments": arguments, "token": previewed.structured["token"]}
            applied = self.call("apply_change", **same, compile=False)
            assert not applied.is_error, f"{op.name}: {applied.text}"
            self._taken_back(op, arguments, applied, before)

    def _left(self, op: Operation, arguments: Arguments) -> Any:
        """What needs no way back leaves the project as it was."""
        before = self.project(op)
        answer = super()._data(op, arguments)
        changed = differences(before, self.project(op))
        assert changed == {}, f"{op.name} says that it leaves all as it was"
        return answer

    def _taken_back(self, op: Operation, arguments: Arguments, answer: ToolAnswer, before: dict[str, Any]) -> None:
        assert op.undo is Undo.KEPT, f"{op.name} runs without a preview and is not taken back"
        outcomes: set[str] = set()
        change = answer.structured.get("change")
        if change is not None:
            assert change["notKept"] == [], f"{op.name} {arguments}"
            undone = self.call("undo_change", changeId=change["changeId"])
            assert not undone.is_error, undone.text
            outcomes = {part["outcome"] for part in undone.structured["result"]["parts"]}
            assert outcomes <= {"deleted", "restored"}, f"{op.name}: {undone.text}"
        for device in before.get("devices", {}) if "restored" in outcomes else ():
            self._look("devices.compile_", {"deviceName": device})
        assert differences(before, self.project(op)) == {}, f"{op.name} {arguments} is not taken back"
        self.undone.add(op.name)

    def project(self, op: Operation) -> dict[str, Any]:
        """All of the open project that reads and exports show; empty where none is open, or an operation takes no portal."""
        if not self.inside or op.lock is Lock.NONE:
            return {"devices": {}}
        shown: dict[str, Any] = plain(read_project(self._look), STATE)
        return shown

    def _look(self, name: str, arguments: Arguments | None = None) -> Any:
        """What an operation answers; None where it is refused."""
        op = self.catalogue.named(name)
        assert op is not None, name
        answer = self._send(op, arguments or {})
        return answer.json()["data"] if answer.status_code == 200 else None


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What is not as it was. Contents of objects that could not be exported before are nobody's to compare."""
    pairs = {name: (before.get(name), after.get(name)) for name in before.keys() | after.keys()}
    for name, (old, new) in pairs.items():
        if old and new and UNCOMPILED in old:
            pairs[name] = (old[0], new[0])
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_change_is_taken_back_or_needs_a_preview(tmp_path: Path) -> None:
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
        walk = WayBack(http, settings.workspace)
        for chapter in CHAPTERS:
            chapter(walk)
        changes = {op.name: op for op in walk.catalogue if op.changes and not unfit(op)}
    kept = {name for name, op in changes.items() if op.undo is Undo.KEPT}
    never = {name for name, op in changes.items() if op.destroys or op.undo is Undo.NEVER}
    assert ", ".join(sorted(kept - walk.undone - walk.refused)) == ""
    assert len(walk.undone) > len(kept) / 2
    assert ", ".join(sorted(never - walk.refused)) == ""
