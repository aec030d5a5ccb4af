"""GET /api/auth/local-key: off by default, and where it is on, for a process of the same user that relays for nobody.

The programs that ask are processes of their own (peer_program.py): the server looks into the system's tables for them.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engineering_api import processes
from engineering_api.peers import linux, require_same_user, windows
from engineering_api.peers.model import Address, Peer
from engineering_api.security.origins import is_local
from openness_bridge.errors import Kind, Problem
from tests.engineering_api.security import peer_program
from tests.support.service import settings

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the programs are started as other users, which Linux can do"
)
NOBODY = 65534
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root starts processes of other users"
)
Ask = Callable[..., str]


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[int]:
    """The port of a server in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "engineering_api",
        "serve",
        "--backend",
        "fake",
        "--port",
        "0",
        "--headless",
        "--data-dir",
        str(folder),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with processes.start(command, stdout=subprocess.PIPE, text=True, env=clean | variables) as process:
        assert process.stdout is not None
        found = re.search(r"http://[^ ]+:(\d+)", process.stdout.readline())
        assert found
        yield int(found[1])
        process.terminate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    with serving(folder, TIA_LOCAL_KEY="1") as found:
        yield found


@pytest.fixture(scope="module")
def program() -> Iterator[list[str]]:
    """The command of a program that every user may start."""
    interpreter = shutil.which("python3", path="/usr/bin:/usr/local/bin") or os.path.realpath(sys.executable)
    copy = Path(f"/tmp/peer-program-{os.getpid()}.py")
    copy.write_text(Path(peer_program.__file__).read_text())
    copy.chmod(0o644)
    yield [interpreter, "-I", str(copy)]
    copy.unlink()


@pytest.fixture
def ask(program: list[str]) -> Ask:
    """Runs a program to its end and gets what it prints."""

    def run(what: str, port: int, *more: str, user: int | None = None) -> str:
        done = subprocess.run(
            [*program, what, str(port), *more],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            user=user,
            cwd="/",
            env={},
        )
        return done.stdout

    return run


@contextmanager
def relaying(program: list[str], kind: str, port: int, user: int | None = None) -> Iterator[int]:
    command = [*program, kind, str(port)]
    with processes.start(command, stdout=subprocess.PIPE, text=True, user=user, cwd="/", env={}) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


def key_of(folder: Path) -> str:
    return (folder / "api.key").read_text(encoding="ascii")


def test_a_process_of_the_same_user_gets_the_key(ask: Ask, port: int, folder: Path) -> None:
    printed = ask("ask", port)
    assert printed.startswith("200 no-store")
    assert f'"apiKey":"{key_of(folder)}"' in printed


@pytest.mark.slow
def test_nobody_gets_the_key_by_default(ask: Ask, tmp_path: Path) -> None:
    with serving(tmp_path) as closed:
        printed = ask("ask", closed)
    assert printed.startswith("403")
    assert "TIA_LOCAL_KEY" in printed


@pytest.mark.slow
def test_behind_proxies_nobody_gets_the_key(ask: Ask, tmp_path: Path) -> None:
    with serving(tmp_path, TIA_LOCAL_KEY="1", TIA_PROXIES="10.0.0.1") as proxied:
        assert ask("ask", proxied).startswith("403")


@as_root
def test_a_process_of_another_user_gets_no_key(ask: Ask, port: int, folder: Path) -> None:
    printed = ask("ask", port, user=NOBODY)
    assert printed.startswith("403")
    assert key_of(folder) not in printed


@pytest.mark.parametrize("kind", ["relay", "forking"])
@pytest.mark.parametrize("user", [None, pytest.param(NOBODY, marks=as_root)])
@pytest.mark.parametrize("asking", [None, pytest.param(NOBODY, marks=as_root)])
def test_a_relay_gets_no_key_for_its_clients(
    ask: Ask, program: list[str], port: int, folder: Path, kind: str, user: int | None, asking: int | None
) -> None:
    with relaying(program, kind, port, user) as entrance:
        printed = ask("ask", entrance, f"Host=localhost:{port}", user=asking)
    assert printed.startswith("403")
    assert key_of(folder) not in printed


@pytest.mark.parametrize("way", ["listening", "connected", "unix", "udp"])
def test_a_process_that_others_may_reach_gets_no_key(ask: Ask, port: int, folder: Path, way: str) -> None:
    printed = ask("holds", port, way)
    assert printed.startswith("403")
    assert "relay" in printed
    assert key_of(folder) not in printed


@pytest.mark.parametrize(
    "header",
    [
        "Host=localhost",
        "Host=localhost:1",
        "Host=localhost:x",
        "Host=",
        "Host=10.0.0.1:{port}",
        "Forwarded=for=10.0.0.1",
        "X-Forwarded-For=10.0.0.1",
        "X-Forwarded-Host=plant",
        "X-Forwarded-Anything=1",
        "X-Real-IP=10.0.0.1",
        "Via=1.1 proxy",
        "True-Client-IP=10.0.0.1",
        "CF-Connecting-IP=10.0.0.1",
        "Origin=http://localhost",
        "Referer=http://localhost/",
        "Sec-Fetch-Site=same-origin",
    ],
)
def test_what_names_a_proxy_a_page_or_another_port_gets_no_key(ask: Ask, port: int, header: str) -> None:
    printed = ask("ask", port, header.format(port=port))
    assert printed[:3] in {"403", "400", "421"}
    assert "apiKey" not in printed


@pytest.mark.parametrize("given", [{"host": "0.0.0.0"}, {"host": "10.0.0.1"}, {"proxies": ["127.0.0.1"]}])  # noqa: S104
def test_a_server_for_other_computers_has_no_local_callers(tmp_path: Path, given: dict[str, object]) -> None:
    asked = {b"host": b"localhost:9000"}
    assert is_local(asked, "127.0.0.1", ("127.0.0.1", 9000), settings(tmp_path))
    assert not is_local(asked, "127.0.0.1", ("127.0.0.1", 9000), settings(tmp_path, **given))
    assert not is_local(asked, "127.0.0.1", ("10.0.0.1", 9000), settings(tmp_path))
    assert not is_local(asked, "10.0.0.1", ("127.0.0.1", 9000), settings(tmp_path))


# -- how the process is found: two ways that must agree -----------------------------------


@pytest.mark.parametrize("find", [linux.find_peer, windows.find_peer])
@pytest.mark.parametrize(
    ("family", "host", "server"),
    [
        (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
        (socket.AF_INET6, "::1", "::1"),
        (socket.AF_INET6, "::ffff:127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_process_at_the_other_end_is_found(
    find: Callable[[Address, Address], Peer | None], family: int, host: str, server: str
) -> None:
    listening = socket.create_server((server, 0), family=socket.AF_INET6 if ":" in server else socket.AF_INET)
    port = listening.getsockname()[1]
    code = f"import socket; s = socket.socket({int(family)}); s.connect(({host!r}, {port})); input()"
    with (
        listening,
        processes.start([sys.executable, "-c", code]) as process,
        listening.accept()[0] as accepted,
    ):
        client, here = accepted.getpeername()[:2], accepted.getsockname()[:2]
        assert find(client, here) == Peer(is_own=True, is_closed=True)
        assert find(here, client) == Peer(is_own=True, is_closed=False), "this process listens"
        assert find((client[0], client[1] + 1), here) is None
        process.communicate(b"\n")
        assert find(client, here) is None, "the process has ended"


@pytest.mark.parametrize("module", [linux, windows])
def test_whoever_listens_is_found(module: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        assert module.find_listeners(address) == [True]
    assert module.find_listeners(address) == []


@pytest.mark.slow
@pytest.mark.parametrize("found", [None, Peer(is_own=False, is_closed=True), Peer(is_own=True, is_closed=False)])
def test_what_is_not_proved_is_refused(found: Peer | None) -> None:
    with pytest.raises(Problem) as caught:
        require_same_user(("127.0.0.1", 1), ("127.0.0.1", 2), lambda *_: found)
    assert (caught.value.code, caught.value.kind) == ("auth.not_local", Kind.FORBIDDEN)
