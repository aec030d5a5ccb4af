"""Uploads to and downloads from paths that lead to something else than a file: a refusal, never an error of the service."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.service import Client

PATHS = {
    "folder": 409,
    "file/below": 400,
    "file/a/b/below": 400,
    "x" * 250: 201,
    "x" * 300: 400,
    "/".join(["y" * 200] * 25): 400,
    "missing/new": 201,
    ".": 409,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=lambda each: str(each)[:20])
def test_a_path_to_something_else_is_refused(client: Client, tmp_path: Path, path: str, status: int) -> None:
    workspace = tmp_path / "workspace"
    (workspace / "folder").mkdir()
    (workspace / "file").write_text("something else")
    sent = client.http.post("/api/files", params={"path": path, "overwrite": "true"}, content=b"abc")
    assert sent.status_code == status, sent.text
    assert status == 201 or sent.json()["error"]["code"] in {"file.exists", "file.wrong_kind", "path.invalid"}
    for answer in (
        client.http.get(f"/api/files/{quote(path)}"),
        client.http.put(f"/api/files/{quote(path)}", content=b"x"),
    ):
        assert answer.status_code < 500, answer.text
