"""An engineer on another machine: files go there and back over HTTP, whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.files.roots import DRAFT
from engineering_api.settings import from_environment
from tests.engineering_api.features.mcp.mcp_kit import served
from tests.engineering_api.features.pipelines.trial import until
from tests.support.service import KEY, Client, settings

CONTENT = bytes(range(256)) * 20


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith(DRAFT) or path.suffix == ".part"]


def test_a_file_is_uploaded_and_downloaded(client: Client, workspace: Path) -> None:
    sent = client.http.post("/api/files", params={"path": "in/Anl\u00e4ge 1.bin"}, content=CONTENT)
    assert sent.status_code == 201, sent.text
    done = sent.json()["data"]
    assert done["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert (done["kind"], done["size"]) == ("file", len(CONTENT))
    assert (workspace / "in" / "Anl\u00e4ge 1.bin").read_bytes() == CONTENT
    got = client.http.get(sent.headers["Location"])
    assert (got.status_code, got.content) == (200, CONTENT)
    assert got.headers["ETag"] == done["etag"]
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        got.headers["Content-Disposition"]
        == "attachment; filename=\"Anl_ge 1.bin\"; filename*=UTF-8''Anl%C3%A4ge%201.bin"
    )
    assert client.http.get(sent.headers["Location"], headers={"If-None-Match": done["etag"]}).status_code == 304
    assert client.ok("GET", "/api/files", folder="in")["entries"][0]["name"] == "Anl\u00e4ge 1.bin"
    assert client.ok("GET", "/api/files/actions/info", filePath="in/Anl\u00e4ge 1.bin")["sha256"] == done["sha256"]
    assert leftovers(workspace.parent) == []


def test_a_form_brings_its_own_name(client: Client, workspace: Path) -> None:
    for content in (CONTENT * 50, b""):
        sent = client.http.post(
            "/api/files",
            params={"path": "in/", "overwrite": "true"},
            data={"note": "x"},
            files={"file": ("C:\\Users\\me\\a.zap20", content)},
        )
        assert sent.status_code == 201, sent.text
        assert (workspace / "in" / "a.zap20").read_bytes() == content


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"no form"),
        ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--a--\r\n'),
        ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="x"; filename="f"\r\n\r\n1'),
    ],
)
def test_a_form_that_is_none_is_refused(client: Client, workspace: Path, header: str, body: bytes) -> None:
    sent = client.http.post("/api/files", params={"path": "x.bin"}, content=body, headers={"Content-Type": header})
    assert (sent.status_code, sent.json()["error"]["code"]) == (400, "request.malformed_form"), sent.text
    assert list(workspace.iterdir()) == []


def test_a_file_that_is_there_stays_unless_it_is_said(client: Client, workspace: Path) -> None:
    def put(content: bytes, **headers: str) -> int:
        return client.http.put("/api/files/a.txt", content=content, headers=headers).status_code

    assert put(b"1", **{"If-None-Match": "*"}) == 201
    assert put(b"2") == put(b"2", **{"If-None-Match": "*"}) == 409
    tag = client.ok("GET", "/api/files/actions/info", filePath="a.txt")["etag"]
    assert put(b"22", **{"If-Match": '"other"'}) == 412
    assert put(b"22", **{"If-Match": tag}) == 201
    assert put(b"333", **{"If-Match": tag}) == 412
    assert (
        client.http.put("/api/files/a.txt?overwrite=true", content=b"333", headers={"If-None-Match": "*"}).status_code
        == 409
    )
    assert client.http.put("/api/files/a.txt?overwrite=true", content=b"333").status_code == 201
    assert (workspace / "a.txt").read_bytes() == b"333"
    assert leftovers(workspace.parent) == []


def test_what_came_is_compared_with_what_was_sent(client: Client, workspace: Path) -> None:
    def digest(content: bytes) -> dict[str, str]:
        return {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"}

    bad = client.http.put("/api/files/a.bin", content=b"1", headers=digest(b"2"))
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "file.damaged")
    assert list(workspace.iterdir()) == leftovers(workspace.parent) == []
    assert client.http.put("/api/files/a.bin", content=b"1", headers=digest(b"1")).status_code == 201


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../x", "path.outside_roots"),
        ("a/%2e%2e/%2e%2e/x", "path.outside_roots"),
        ("%2Fetc%2Fx", "path.outside_roots"),
        ("C:%5Cx", "path.invalid"),
        ("NUL", "path.invalid"),
        ("a.txt:x", "path.invalid"),
        ("x%00", "path.invalid"),
        (f"{DRAFT}x", "path.invalid"),
    ],
)
def test_hostile_paths_are_neither_written_nor_read(client: Client, workspace: Path, path: str, code: str) -> None:
    before = set(workspace.parent.rglob("*"))
    for answer in (
        client.http.post(f"/api/files?path={path}", content=b"x"),
        client.http.put(f"/api/files/{path.replace('..', '%2e%2e')}", content=b"x"),
    ):
        assert answer.json()["error"]["code"] == code, answer.text
    if DRAFT not in path:
        assert client.http.get(f"/api/files/{path.replace('..', '%2e%2e')}").json()["error"]["code"] == code
    assert {each for each in workspace.parent.rglob("*") if "service" not in each.name} <= before


def test_a_link_is_not_downloaded(client: Client, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (workspace / "link").symlink_to(tmp_path / "secret")
    assert client.http.get("/api/files/link").status_code == 403
    (workspace / "folder").mkdir()
    (workspace / "folder" / "link").symlink_to(tmp_path / "secret")
    (workspace / "folder" / "real").write_text("y")
    with zipfile.ZipFile(io.BytesIO(client.http.get("/api/files/folder").content)) as archive:
        assert archive.namelist() == ["real"]


def test_a_folder_goes_there_and_back(client: Client, workspace: Path) -> None:
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
    client.ok("POST", "/api/projects/actions/save-sync", {})
    client.ok("POST", "/api/projects/actions/close-sync", {})
    got = client.http.get("/api/files/projects/Conveyor")
    assert got.headers["Content-Disposition"].startswith('attachment; filename="Conveyor.zip"')
    (workspace / "empty").mkdir()
    sent = client.http.put("/api/files/upload/Conveyor.zip", content=got.content)
    assert sent.status_code == 201
    done = client.ok(
        "POST", "/api/files/actions/unpack", {"archivePath": "upload/Conveyor.zip", "targetDirectory": "back"}
    )
    one, other = workspace / "projects" / "Conveyor", workspace / "back"
    files = {path.relative_to(one): path.read_bytes() for path in one.rglob("*") if path.is_file()}
    assert {path.relative_to(other): path.read_bytes() for path in other.rglob("*") if path.is_file()} == files
    assert (done["files"], done["size"]) == (len(files), sum(map(len, files.values())))
    assert {path.relative_to(one) for path in one.rglob("*")} == {path.relative_to(other) for path in other.rglob("*")}
    opened = client.ok("POST", "/api/projects/actions/open-sync", {"path": "back/Conveyor.ap20"})
    assert opened["name"] == "Conveyor"
    client.refused(409, "file.in_use", "DELETE", "/api/files", filePath="back", recursive="true")
    client.refused(409, "file.in_use", "DELETE", "/api/files", filePath="back/Conveyor.ap20")
    assert client.http.put("/api/files/back/Conveyor.ap20?overwrite=true", content=b"x").status_code == 409
    client.refused(409, "folder.not_empty", "DELETE", "/api/files", filePath="projects/Conveyor")
    client.ok("DELETE", "/api/files", filePath="projects/Conveyor", recursive="true")
    assert not one.exists()
    client.refused(409, "folder.needed", "DELETE", "/api/files", filePath=str(workspace), recursive="true")
    client.refused(404, "file.not_found", "DELETE", "/api/files", filePath="nothing")


def test_limits_of_size_and_of_the_workspace(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, max_upload=1000, max_workspace=1500))) as http:
        http.headers["X-API-Key"] = KEY

        def put(name: str, size: int, *, announced: bool = True) -> tuple[int, str]:
            content = bytes(size)
            answer = http.put(
                f"/api/files/{name}", content=content if announced else iter([content[:500], content[500:]])
            )
            return answer.status_code, (answer.json().get("error") or {}).get("code", "")

        assert put("a", 1001) == put("a", 1001, announced=False) == (413, "file.too_large")
        assert put("a", 1000) == (201, "")
        assert put("b", 501) == put("b", 501, announced=False) == (507, "workspace.full")
        assert put("b", 500, announced=False) == (201, "")
        assert sorted(path.name for path in (tmp_path / "workspace").iterdir()) == ["a", "b"]
        assert leftovers(tmp_path) == []


def test_the_limits_are_set_by_the_environment(tmp_path: Path) -> None:
    found = from_environment({"TIA_MAX_UPLOAD": "5", "TIA_MAX_WORKSPACE": "0", "TIA_DATA_DIR": str(tmp_path)})
    assert (found.max_upload, found.max_workspace) == (5, 0)


def test_a_sender_who_hangs_up_leaves_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        address = urlsplit(server.url)
        head = f"PUT /api/files/a.bin HTTP/1.1\r\nHost: {address.netloc}\r\nX-API-Key: {KEY}\r\nContent-Length: 9000000\r\n\r\n"
        with socket.create_connection((address.hostname or "", address.port or 0)) as sent:
            sent.sendall(head.encode() + bytes(3 << 20))
            seen = until(lambda: list((tmp_path / "uploads").glob("*.part")))
        assert seen
        assert until(lambda: not list((tmp_path / "uploads").glob("*.part")))
    assert list((tmp_path / "workspace").iterdir()) == []


def test_what_a_crash_left_is_gone_after_the_next_start(tmp_path: Path) -> None:
    left = [
        tmp_path / "uploads" / "0.part",
        tmp_path / "workspace" / "in" / f"{DRAFT}{'0' * 32}",
        tmp_path / "workspace" / f"{DRAFT}{'1' * 32}" / "x",
    ]
    kept = tmp_path / "workspace" / f"{DRAFT}of somebody"
    for path in (*left, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    with TestClient(create_app(settings(tmp_path))):
        assert leftovers(tmp_path) == [kept]


def test_uploads_and_downloads_need_a_right_and_are_audited(client: Client, workspace: Path) -> None:
    client.http.put("/api/files/a.txt", content=b"1")
    entry = client.ok("GET", "/api/audit", operation="transfer")[0]
    assert (entry["operation"], entry["outcome"], entry["arguments"]["path"]) == ("transfer.upload", "ok", "a.txt")
    assert entry["arguments"]["sha256"] == hashlib.sha256(b"1").hexdigest()
    refused = client.http.get("/api/files/a.txt", params={"api_key": KEY})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "request.secret_in_url")
    del client.http.headers["X-API-Key"]
    for method, path in (("PUT", "/api/files/b.txt"), ("POST", "/api/files?path=b.txt"), ("GET", "/api/files/a.txt")):
        assert client.http.request(method, path).status_code == 401
    assert [path.name for path in workspace.iterdir()] == ["a.txt"]


@pytest.fixture(scope="module")
def ranged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("ranges")
    with TestClient(create_app(settings(folder))) as http:
        http.headers["X-API-Key"] = KEY
        (folder / "workspace" / "r.bin").write_bytes(CONTENT[:1000])
        (folder / "workspace" / "none.bin").write_bytes(b"")
        yield http


@how(max_examples=40)
@given(st.integers(0, 1200), st.none() | st.integers(0, 1200))
def test_a_range_is_that_part_of_the_file(ranged: TestClient, first: int, last: int | None) -> None:
    got = ranged.get("/api/files/r.bin", headers={"Range": f"bytes={first}-{'' if last is None else last}"})
    end = 1000 if last is None else min(1000, last + 1)
    if last is not None and last < first:
        assert (got.status_code, got.content) == (200, CONTENT[:1000])
    elif first >= 1000:
        assert (got.status_code, got.headers["Content-Range"]) == (416, "bytes */1000")
    elif (first, end) == (0, 1000):
        assert (got.status_code, got.content) == (200, CONTENT[:1000])
    else:
        assert (got.status_code, got.content) == (206, CONTENT[first:end])
        assert got.headers["Content-Range"] == f"bytes {first}-{end - 1}/1000"


def test_other_ranges(ranged: TestClient) -> None:
    def ask(text: str, **more: str) -> tuple[int, bytes]:
        got = ranged.get("/api/files/r.bin", headers={"Range": text, **more})
        return got.status_code, got.content

    whole = (200, CONTENT[:1000])
    assert ask("bytes=-10") == (206, CONTENT[990:1000])
    assert ask("bytes=-2000") == whole
    assert ask("bytes=-0")[0] == 416
    assert (
        ask("bytes=0-1,5-6") == ask("lines=1-2") == ask("bytes=-") == ask("bytes=0-1", **{"If-Range": '"old"'}) == whole
    )
    assert ranged.get("/api/files/none.bin").content == b""
    assert ranged.get("/api/files/none.bin", headers={"Range": "bytes=0-"}).status_code == 416
    assert ranged.head("/api/files/r.bin").headers["Content-Length"] == "1000"
