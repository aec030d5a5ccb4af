"""How the server is reached: on this computer, or encrypted, or only because somebody insists."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engineering_api import processes
from engineering_api.cli.serve import serve
from engineering_api.security.transport import require_safe_host, tls_context
from openness_bridge.errors import Problem
from tests.engineering_api.security.certificates import Authority
from tests.support.service import KEY, settings


@pytest.mark.parametrize(
    ("host", "given", "safe"),
    [
        ("127.0.0.1", {}, True),
        ("localhost", {}, True),
        ("::1", {}, True),
        ("::", {}, False),
        ("192.168.0.10", {}, False),
        ("plc-server", {}, False),
        ("192.168.0.10", {"insecure": True}, True),
        ("192.168.0.10", {"tls_cert": Path("c"), "tls_key": Path("k")}, True),
    ],
)
def test_other_computers_are_served_with_tls_alone_unless_somebody_insists(
    tmp_path: Path, host: str, given: dict[str, Any], safe: bool
) -> None:
    chosen = settings(tmp_path, host=host, **given)
    if safe:
        require_safe_host(chosen)
    else:
        with pytest.raises(Problem, match="--insecure") as caught:
            serve(chosen)
        assert caught.value.code == "server.insecure"
        assert not (tmp_path / "service.db").exists()


def test_a_pair_that_cannot_be_used_is_refused_before_anything_starts(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    good, other = authority.issue("good"), authority.issue("other")
    locked = authority.issue("locked", password=b"word")
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    unusable: list[dict[str, Path]] = [
        {"tls_cert": good[0]},
        {"tls_key": good[1]},
        {"tls_cert": good[0], "tls_key": other[1]},
        {"tls_cert": good[1], "tls_key": good[0]},
        {"tls_cert": locked[0], "tls_key": locked[1]},
        {"tls_cert": tmp_path / "none.pem", "tls_key": good[1]},
        {"tls_cert": empty, "tls_key": good[1]},
        {"tls_client_ca": authority.file},
        {"tls_cert": good[0], "tls_key": good[1], "tls_client_ca": empty},
    ]
    for given in unusable:
        with pytest.raises(Problem) as caught:
            serve(settings(tmp_path / "data", **given))
        assert caught.value.code == "server.tls", given
    assert not (tmp_path / "data").exists()
    context = tls_context(settings(tmp_path, tls_cert=good[0], tls_key=good[1]))
    assert context is not None
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert tls_context(settings(tmp_path)) is None


@contextmanager
def serving(folder: Path, pair: tuple[Path, Path], **environment: str) -> Iterator[str]:
    """A server with TLS, as a process of its own; its address."""
    command = [sys.executable, "-m", "engineering_api", "serve", "--backend", "fake", "--data-dir", str(folder),
               "--port", "0", "--tls-cert", str(pair[0]), "--tls-key", str(pair[1])]  # fmt: skip
    given = {"PATH": "", "TIA_API_KEY": KEY, **environment}
    with processes.start(command, stdout=subprocess.PIPE, text=True, env=given) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[2]
        finally:
            process.terminate()


def asked(address: str, authority: Authority, certificate: tuple[Path, Path] | None = None) -> Any:
    """Who the server thinks asks, when somebody says that it is another."""
    context = ssl.create_default_context(cafile=str(authority.file))
    if certificate:
        context.load_cert_chain(*certificate)
    request = urllib.request.Request(
        f"{address}/api/auth/me", headers={"X-API-Key": KEY, "X-Forwarded-For": "10.9.8.7"}
    )
    with urllib.request.urlopen(request, context=context, timeout=20) as answer:
        assert "Server" not in answer.headers
        return json.load(answer)["data"]["address"]


@pytest.mark.slow
def test_a_server_with_certificates_for_both_sides(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    data, client = tmp_path / "data", authority.issue("client")
    with serving(data, authority.issue("server"), TIA_TLS_CLIENT_CA=str(authority.file)) as address:
        assert address.startswith("https://127.0.0.1:")
        listed = json.loads((data / "instances.json").read_text())
        assert [entry["Url"] for entry in listed] == [address]
        assert asked(address, authority, client) == "127.0.0.1"
        with pytest.raises(OSError):
            asked(address, authority)


@pytest.mark.slow
def test_a_proxy_is_believed_where_it_is_named_and_the_command_line_speaks_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with serving(tmp_path / "data", authority.issue("server"), TIA_PROXIES="127.0.0.1") as address:
        assert asked(address, authority) == "10.9.8.7"
        command = [sys.executable, "-m", "engineering_api", "access", "me", "--json"]
        environment = {"PATH": "", "TIA_URL": address, "TIA_API_KEY": KEY, "SSL_CERT_FILE": str(authority.file)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["name"] == "api-key"
        refused = subprocess.run(
            command, env=environment | {"SSL_CERT_FILE": ""}, capture_output=True, text=True, check=False
        )
        assert refused.returncode != 0
