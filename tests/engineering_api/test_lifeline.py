"""No process outlives the one that started it: whatever starts one, and however the parent ends."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from engineering_api import processes

ROOT = Path(__file__).parents[2]
PATIENCE = 90
ENDS = [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT]
SERVES = "['serve', '--backend', 'fake', '--port', '0', '--data-dir', sys.argv[1]]"
TEST = """
import time

from tests.support.servers import serving


def test_that_takes_long(tmp_path):
    with serving(tmp_path):
        time.sleep(600)  # time: it is killed
"""
PARENTS = {
    "a server": f"""
import subprocess, sys, time
from engineering_api import processes
child = processes.start([sys.executable, '-m', 'engineering_api', *{SERVES}], stdout=subprocess.PIPE)
child.stdout.readline()
print('ready', flush=True)
time.sleep(600)
""",
    "a server of a thread": f"""
import subprocess, sys, threading, time
from engineering_api import processes
def run():
    child = processes.start([sys.executable, '-m', 'engineering_api', *{SERVES}], stdout=subprocess.PIPE)
    child.stdout.readline()
    print('ready', flush=True)
    time.sleep(600)
threading.Thread(target=run).start()
""",
    "another program": """
import sys, time
from engineering_api import processes
processes.start(['sleep', '600'])
print('ready', flush=True)
time.sleep(600)
""",
    "a worker of multiprocessing": """
import multiprocessing, time
from engineering_api import lifeline
def work(other):
    lifeline.obey_parent()
    other.set()
    time.sleep(600)
if __name__ == '__main__':
    context = multiprocessing.get_context('fork')
    others = [context.Event() for _ in range(3)]
    for each in others:
        context.Process(target=work, args=(each,), daemon=True).start()
    for each in others:
        each.wait()
    print('ready', flush=True)
    time.sleep(600)
""",
}


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Start a parent in the project's folder; nothing waits for one that a failed test leaves."""
    with processes.start(command, text=True, cwd=ROOT, **options) as parent:
        try:
            yield parent
        finally:
            parent.kill()


def ended(parent: subprocess.Popen[str], how: signal.Signals) -> None:
    """End a parent; all processes below it must end, too."""
    below = psutil.Process(parent.pid).children(recursive=True)
    assert below, "it has started nothing"
    parent.send_signal(how)
    parent.wait(PATIENCE)
    _, alive = psutil.wait_procs(below, PATIENCE)
    assert [each.cmdline() for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def until(line: Callable[[str], bool], process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for each in iter(process.stdout.readline, ""):
        if line(each):
            return
    raise AssertionError("it ended before it was ready")


def test_another_program_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENTS["another program"], str(tmp_path)]
    with running(command, stdout=subprocess.PIPE) as parent:
        until(lambda line: line == "ready\n", parent)
        ended(parent, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "how"),
    [("a server", how) for how in ENDS] + [(what, signal.SIGKILL) for what in PARENTS if what != "a server"],
)
def test_no_child_outlives_its_parent(tmp_path: Path, what: str, how: signal.Signals) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENTS[what])
    command = [sys.executable, str(script), str(tmp_path / "data")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with running(command, stdout=subprocess.PIPE, env=environment) as parent:
        until(lambda line: line == "ready\n", parent)
        ended(parent, how)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGINT])
def test_the_demo_leaves_no_server(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "engineering_api", "demo", "--open", "--no-browser", str(tmp_path / "new")]
    with running(command, stdout=subprocess.PIPE) as parent:
        until(lambda line: line.startswith("Open "), parent)
        ended(parent, how)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_of_tests_leaves_no_server(tmp_path: Path, how: signal.Signals) -> None:
    """As `dev.py test` does, with a worker of xdist."""
    place = ROOT / "tests" / f"test_interrupted_{os.getpid()}.py"
    place.write_text(TEST)
    run = "import sys, dev; sys.argv = ['dev.py']; dev.run(sys.executable, '-m', 'pytest', '-q', '-n', '1', sys.stdin.readline().strip())"
    command = [sys.executable, "-c", run.replace("sys.stdin.readline().strip()", repr(str(place)))]
    try:
        with running(command, stdout=subprocess.DEVNULL) as parent:
            deadline = time.monotonic() + PATIENCE
            while not any("serve" in each for each in _commands(parent.pid)):
                assert time.monotonic() < deadline and parent.poll() is None
                time.sleep(0.1)
            ended(parent, how)
    finally:
        place.unlink()


def _commands(pid: int) -> Iterator[list[str]]:
    for each in psutil.Process(pid).children(recursive=True):
        try:
            yield each.cmdline()
        except psutil.Error:
            continue


OWN = {
    "dev.py": "it has no packages; `end_with_this` and signals do the same",
    "engineering_api/processes.py": "the one place",
    "tests/engineering_api/cli/test_terminal.py": "its standard input is a terminal, whose end ends the program",
}
"""Files that start programs in another way, each with its reason."""


def test_programs_are_started_in_one_way() -> None:
    folders = (
        "benchmarks",
        "console",
        "engineering_api",
        "fakes",
        "openness_bridge",
        "runtime_data",
        "simatic_xml",
        "tests",
    )
    found = {
        f"{path.relative_to(ROOT)}"
        for path in [ROOT / "dev.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("subprocess.Popen", "Popen")
    }
    assert found == set(OWN)


def test_workers_of_multiprocessing_watch_their_parent() -> None:
    for path in (path for name in ("engineering_api", "runtime_data") for path in (ROOT / name).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert ".Process(target=" not in text or "obey_parent()" in text, path
