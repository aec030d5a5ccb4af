"""A commit whose making is cut off at any point is made or is not, and the next one goes through."""

from __future__ import annotations

from typing import Any

import pytest

from engineering_api.source_control.git import Git
from tests.api.conftest import CPU, FIRMWARE, Client

API = "/api/source-control"


def test_a_commit_that_is_cut_off_is_no_reason_to_refuse_the_next(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    client.ok("POST", "/api/projects/devices/actions/add-sync", body)
    client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    client.ok("POST", f"{API}/init")
    client.ok("POST", f"{API}/commit-sync", {"message": "As delivered"})
    original, states = Git.run, set()
    for step in range(1, 60):
        table = f"Table_{step}"
        client.ok("POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", {"name": table})
        count = 0

        def run(self: Git, *arguments: str, limit: int = step, **given: Any) -> Any:
            nonlocal count
            count += 1
            if count == limit:
                raise RuntimeError("the process ends here")
            return original(self, *arguments, **given)

        with monkeypatch.context() as patch:
            patch.setattr(Git, "run", run)
            cut_off = client.http.post(f"{API}/commit-sync", json={"message": table}).status_code != 200
        messages = [each["message"] for each in client.ok("GET", f"{API}/log", count=100)]
        states.add((cut_off, table in messages))
        if table not in messages:
            client.ok("POST", f"{API}/commit-sync", {"message": table})
        if not cut_off:
            break
    else:
        pytest.fail("the commit never went through")
    assert states == {(True, False), (True, True), (False, True)}
    assert client.ok("POST", f"{API}/export-preview-sync")["changedFilesCount"] == 0
