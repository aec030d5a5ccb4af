"""What people see: tables, colour, progress bars and Ctrl-C in a real terminal; code pages that lack characters."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from engineering_api.cli import output

pty = pytest.importorskip("pty", reason="there are pseudo-terminals on POSIX only")
PROGRAM = [sys.executable, "-W", "ignore", "-m", "engineering_api"]
ESCAPE = "\x1b["


class JobServer(BaseHTTPRequestHandler):
    """Answers each request with a job, which runs until it is cancelled, or ends after the third look."""

    seen: list[str]
    endless: bool
    running: threading.Event

    def answer(self, status: int, data: Any) -> None:
        body = json.dumps({"success": True, "message": "", "data": data}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_all(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append(f"{self.command} {self.path}")
        if not self.path.startswith("/api/jobs/"):
            self.answer(202, {"jobId": "job-1"})
            return
        looks = self.seen.count("GET /api/jobs/job-1")
        cancelled = "DELETE /api/jobs/job-1" in self.seen
        state = "Cancelled" if cancelled else "Completed" if looks > 3 and not self.endless else "Running"
        if looks > 1:
            self.running.set()
        self.answer(200, job(state, min(100, 30 * looks)))

    def do_GET(self) -> None:
        self.handle_all()

    def do_POST(self) -> None:
        self.handle_all()

    def do_DELETE(self) -> None:
        self.handle_all()

    def log_message(self, *_: Any) -> None:
        pass


def job(state: str, progress: int) -> dict[str, Any]:
    """A job as the server shows it."""
    import msgspec

    from engineering_api.operations.jobs import JobRecord

    given = {"jobId": "job-1", "status": state, "progress": progress, "message": "Compiling Motor", "operation": "x"}
    optional = {"result": {"done": True} if state == "Completed" else None, "problem": None}
    fields = {info.encode_name: info for info in msgspec.structs.fields(JobRecord)}
    needed = {name: "" for name, info in fields.items() if info.required and name not in given}
    return needed | given | optional


@pytest.fixture(params=[False])
def jobs(request: pytest.FixtureRequest) -> Iterator[tuple[str, type[JobServer]]]:
    handler = type("Handler", (JobServer,), {"seen": [], "endless": request.param, "running": threading.Event()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()


def environment(folder: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    for name in ("NO_COLOR", "TERM", "COLUMNS"):
        clean.pop(name, None)
    return {**clean, "TIA_DATA_DIR": str(folder), "TIA_API_KEY": "k", "TERM": "xterm"} | more


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, command: list[str], variables: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=variables, start_new_session=True, close_fds=True
        )
        os.close(slave)

    def read(self) -> str:
        """All that it wrote until its end."""
        written = b""
        with suppress(OSError):
            while piece := os.read(self.master, 65536):
                written += piece
        os.close(self.master)
        self.process.wait(60)
        return written.decode()


def test_progress_is_shown_on_a_terminal(jobs: tuple[str, type[JobServer]], tmp_path: Path) -> None:
    url, handler = jobs
    shown = Terminal([*PROGRAM, "projects", "save"], environment(tmp_path, TIA_URL=url)).read()
    assert re.search(r"\[#+\.*\] +\d+ % Compiling Motor", shown)
    assert "done" in shown
    assert "DELETE /api/jobs/job-1" not in handler.seen


def test_no_progress_in_a_pipe_or_with_quiet(jobs: tuple[str, type[JobServer]], tmp_path: Path) -> None:
    url, _ = jobs
    command = [*PROGRAM, "projects", "save"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path, TIA_URL=url), check=True)
    assert "Compiling" not in done.stderr
    assert ESCAPE not in done.stdout + done.stderr
    quiet = Terminal([*command, "--quiet"], environment(tmp_path, TIA_URL=url)).read()
    assert quiet.strip() == ""


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let programs of a test react to Ctrl+C: they inherit that it is ignored where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("jobs", [True], indirect=True)
def test_ctrl_c_cancels_the_job(jobs: tuple[str, type[JobServer]], tmp_path: Path) -> None:
    url, handler = jobs
    terminal = Terminal([*PROGRAM, "projects", "save"], environment(tmp_path, TIA_URL=url))
    assert handler.running.wait(60)
    terminal.process.send_signal(signal.SIGINT)
    shown = terminal.read()
    assert terminal.process.returncode == 130
    assert "DELETE /api/jobs/job-1" in handler.seen
    assert "Cancelling the job job-1" in shown


def test_colour_is_for_terminals_only(tmp_path: Path) -> None:
    command = [*PROGRAM, "explain", "name.undefined"]
    assert ESCAPE in Terminal(command, environment(tmp_path)).read()
    assert ESCAPE not in Terminal(command, environment(tmp_path, NO_COLOR="1")).read()
    piped = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path), check=True)
    assert ESCAPE not in piped.stdout


def test_a_table_fits_the_terminal(tmp_path: Path) -> None:
    row = {
        "name": "Motor",
        "comment": "x" * 100,
        "changedAt": "2026-01-31T08:00:00.5Z",
        "folder": "f",
        "language": "SCL",
    }
    code = f"from engineering_api.cli import output; [print(line) for line in output.lines_of([{row}])]"
    command = [sys.executable, "-W", "ignore", "-c", code]
    shown = Terminal(command, environment(tmp_path, COLUMNS="56", NO_COLOR="1")).read().splitlines()
    assert shown[0].split() == ["NAME", "COMMENT", "CHANGED", "AT", "FOLDER"]
    assert all(len(line) <= 56 for line in shown)
    assert "x..." in shown[1]
    assert "LANGUAGE" in shown[2]
    assert "--json" in shown[2]
    piped = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(tmp_path, COLUMNS="60"))
    assert "x" * 100 in piped.stdout
    assert "2026-01-31 08:00:00  f       SCL" in piped.stdout


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["openapi"], ["--help"], ["explain", "L301"], ["api", "--list"], ["routes"]])
def test_no_code_page_ends_a_command(arguments: list[str], tmp_path: Path) -> None:
    """ASCII is in every code page."""
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, env=environment(tmp_path, PYTHONIOENCODING="ascii"), check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("ascii")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["cp1252", "cp850"])
def test_a_test_with_an_arrow_in_its_name(page: str, tmp_path: Path) -> None:
    (tmp_path / "twice.scl").write_text(
        'FUNCTION "Twice" : Int\nVAR_INPUT x : Int; END_VAR\nBEGIN\n  #Twice := 2 * #x;\nEND_FUNCTION\n'
    )
    (tmp_path / "twice.plctest.yaml").write_text(
        "block: Twice\ntests:\n  - name: off \u2192 on \u4e2d\n    steps:\n      - {write: {x: 2}, expect: {Ret_Val: 4}}\n",
        encoding="utf-8",
    )
    command = [*PROGRAM, "test", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, env=environment(tmp_path, PYTHONIOENCODING=page), check=False)
    assert b"UnicodeEncodeError" not in done.stderr + done.stdout
    assert b"Traceback" not in done.stderr + done.stdout
    assert done.stdout.decode(page)


def test_json_keeps_all_characters_under_any_code_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    for page in ("cp850", "utf-8"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=page)
        monkeypatch.setattr(sys, "stdout", stream)
        text = output.to_json({"name": "Förder → 中"})
        monkeypatch.undo()
        assert json.loads(text.encode(page).decode(page)) == {"name": "Förder → 中"}


def test_tables_are_aligned_also_with_wide_characters() -> None:
    lines = list(output.lines_of([{"name": "中文", "tagCount": 1}, {"name": "Motor", "tagCount": 20}]))
    assert lines == ["NAME   TAG COUNT", "中文   1", "Motor  20"]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (None, ["Done."]),
        ([], ["(none)"]),
        ("a\nb", ["a", "b"]),
        (["a", "b"], ["a", "b"]),
        ({"name": "M", "isSafe": True, "of": None}, ["name:   M", "isSafe: yes", "of:"]),
        ({"rows": [{"a": 1}]}, ["rows:", "  A", "  1"]),
        ({"name": "R", "children": [{"name": "B", "nodeType": "FB", "children": []}]}, ["R", "  B  (FB)"]),
    ],
)
def test_results_as_lines(data: Any, lines: list[str]) -> None:
    assert list(output.lines_of(data)) == lines
