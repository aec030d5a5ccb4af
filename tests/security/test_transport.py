"""How the server is reached: on this computer, or encrypted, or only because somebody insists."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from engineering_api.security.transport import require_safe_host, tls_context
from engineering_api.serve import serve
from openness_bridge.errors import Problem
from tests.api.conftest import KEY, settings
from tests.security.certificates import Authority


@pytest.mark.parametrize(("host", "given", "safe"), [
    ("127.0.0.1", {}, True), ("localhost", {}, True), ("::1", {}, True), ("::", {}, False),
    ("192.168.0.10", {}, False), ("plc-server", {}, False), ("192.168.0.10", {"insecure": True}, True),
    ("192.168.0.10", {"tls_cert": Path("c"), "tls_key": Path("k")}, True),
])  # fmt: skip
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
        {"tls_cert": good[0]}, {"tls_key": good[1]}, {"tls_cert": good[0], "tls_key": other[1]},
        {"tls_cert": good[1], "tls_key": good[0]}, {"tls_cert": locked[0], "tls_key": locked[1]},
        {"tls_cert": tmp_path / "none.pem", "tls_key": good[1]}, {"tls_cert": empty, "tls_key": good[1]},
        {"tls_client_ca": authority.file}, {"tls_cert": good[0], "tls_key": good[1], "tls_client_ca": empty},
    ]  # fmt: skip
    for given in unusable:
        with pytest.raises(Problem) as caught:
            serve(settings(tmp_path / "data", **given))
        assert caught.value.code == "server.tls", given
    assert not (tmp_path / "data").exists()
    context = tls_context(settings(tmp_path, tls_cert=good[0], tls_key=good[1]))
    assert context is not None
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert tls_context(settings(tmp_path)) is None


def test_a_server_with_certificates_for_both_sides(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, client = authority.issue("server"), authority.issue("client")
    command = [sys.executable, "-m", "engineering_api", "serve", "--backend", "fake", "--data-dir", str(tmp_path / "data"),
               "--port", "0", "--tls-cert", str(server[0]), "--tls-key", str(server[1])]  # fmt: skip
    environment = {"PATH": "", "TIA_API_KEY": KEY, "TIA_TLS_CLIENT_CA": str(authority.file)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[2]
            assert address.startswith("https://127.0.0.1:")
            listed = json.loads((tmp_path / "data" / "instances.json").read_text())
            assert [entry["Url"] for entry in listed] == [address]
            assert "Server" not in asked(address, authority, client).headers
            with pytest.raises(OSError):
                asked(address, authority, None)
        finally:
            process.terminate()


def asked(address: str, authority: Authority, certificate: tuple[Path, Path] | None) -> Any:
    context = ssl.create_default_context(cafile=str(authority.file))
    if certificate:
        context.load_cert_chain(*certificate)
    with urllib.request.urlopen(f"{address}/api/health/ping", context=context, timeout=20) as answer:
        return answer
