"""A program that the service starts gets what was chosen, and no more: variables, time, memory, output."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from engineering_api import processes
from engineering_api.processes import PASSED_ON, TimeLimitError, run

linux = pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")


def python(
    code: str, *, given: bytes = b"", environment: dict[str, str] | None = None, largest: int = processes.LARGEST_OUTPUT
) -> processes.Finished:
    return run([sys.executable, "-c", code], seconds=60, given=given, environment=environment, largest=largest)


def test_no_variable_is_passed_on_that_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "TIA_API_KEY",
        "TIA_AUDIT_KEY",
        "PGPASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "HOME",
        "GIT_DIR",
        "LD_PRELOAD",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "secret")
    done = python("import os; print('\\n'.join(f'{n}={v}' for n, v in os.environ.items()))", environment={"OWN": "1"})
    names = {line.partition("=")[0] for line in done.output.decode().splitlines()}
    assert names - {"LC_CTYPE"} <= {*PASSED_ON, "OWN"}
    assert {"PATH", "OWN"} <= names
    assert b"secret" not in done.output


def test_input_output_and_exit_code() -> None:
    done = python(
        "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('e'); sys.exit(3)", given=b"abc"
    )
    assert (done.code, done.output, done.error, done.is_cut) == (3, b"ABC", b"e", False)
    assert python("print(1)", given=b"x" * (1 << 20)).code == 0, "one that reads nothing is not waited for"


def test_output_ends_at_its_limit() -> None:
    done = python("while True: print('x' * 1000)", largest=5000)
    assert (len(done.output), done.is_cut) == (5000, True)
    errors = python("import sys; sys.stderr.write('e' * 1_000_000)")
    assert (errors.code, len(errors.error)) == (0, processes.LARGEST_ERROR)


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeLimitError):
        run([sys.executable, "-c", "import time; time.sleep(600)"], seconds=0.5)  # time: what is limited


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups are POSIX's")
def test_what_takes_too_long_ends_with_all_that_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    inner = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    outer = (
        f"import os, subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {inner!r}])\n"
        f"while not (os.path.exists({str(mark)!r}) and os.path.getsize({str(mark)!r})): time.sleep(0.01)\n"
        f"open({str(mark)!r} + '.ready', 'w').close(); time.sleep(600)"
    )
    with pytest.raises(TimeLimitError):
        run([sys.executable, "-c", outer], seconds=5)
    pid = int(mark.read_text())
    deadline = time.monotonic() + 30
    while (
        time.monotonic() < deadline
        and Path(f"/proc/{pid}/stat").exists()
        and " Z " not in Path(f"/proc/{pid}/stat").read_text()
    ):
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text()


@linux
def test_memory_and_files_have_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "MEMORY", 256 << 20)
    monkeypatch.setattr(processes, "LARGEST_FILE", 1 << 20)
    code = "import sys, time; sys.stdin.read(); x = bytearray(1 << 30)"
    assert b"MemoryError" in python(code).error
    file = tmp_path / "large"
    done = python(f"import sys; sys.stdin.read(); open({str(file)!r}, 'wb').write(bytes(4 << 20))")
    assert (done.code != 0, file.stat().st_size <= 1 << 20) == (True, True)


def test_a_program_that_does_not_exist() -> None:
    with pytest.raises(FileNotFoundError):
        run(["no-such-program-of-anybody"], seconds=10)
