"""What stands before every route: the host's name, web pages of other origins, headers for browsers, counted requests."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.settings import from_environment
from openness_bridge.errors import Problem
from tests.support.service import KEY, Client, settings

PAGE = "https://hmi.plant.local"


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("rebound.example", "/api/health/ping", 421),
        ("rebound.example:9000", "/", 421),
        ("", "/api/health/ping", 421),
        ("rebound.example", "/mcp", 421),
        ("rebound.example", "/signalr/ping", 421),
        ("rebound.example", "/api/events", 421),
        ("127.0.0.1:9000", "/api/health/ping", 200),
        ("localhost", "/api/health/ping", 200),
        ("PLANT-PC.local:9000", "/api/health/ping", 200),
        ("[::1]:9000", "/api/health/ping", 200),
    ],
)
def test_a_server_answers_to_its_own_names_alone(tmp_path: Path, host: str, path: str, status: int) -> None:
    app = create_app(settings(tmp_path, hosts=["plant-pc.local"]))
    app.state.service.address = "http://127.0.0.1:9000"
    with TestClient(app) as http:
        answer = http.get(path, headers={"Host": host, "X-API-Key": KEY})
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"]["code"] == "request.host"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def asked(http: Any, method: str, origin: str) -> Any:
    return http.request(
        method,
        "/api/instance/version",
        headers={
            "Origin": origin,
            "X-API-Key": KEY,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-api-key",
        },
    )


def test_only_listed_pages_may_ask_from_a_browser(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, cors_origins=[PAGE]))) as http:
        allowed, preflight = asked(http, "GET", PAGE), asked(http, "OPTIONS", PAGE)
        assert allowed.headers["Access-Control-Allow-Origin"] == PAGE
        assert "ETag" in allowed.headers["Access-Control-Expose-Headers"]
        assert preflight.status_code == 204
        assert "x-api-key" in preflight.headers["Access-Control-Allow-Headers"].lower()
        for answer in (allowed, preflight):
            assert "Access-Control-Allow-Credentials" not in answer.headers
        for stranger in ("https://other.example", "null", f"{PAGE}.example", PAGE.replace("https", "http")):
            for method in ("GET", "OPTIONS"):
                assert "Access-Control-Allow-Origin" not in asked(http, method, stranger).headers


def test_without_a_list_no_page_may(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in asked(client.http, "GET", PAGE).headers
    assert "Access-Control-Allow-Origin" not in asked(client.http, "OPTIONS", PAGE).headers


@pytest.mark.parametrize(
    "origin", ["*", "https://*.plant.local", "plant.local", "https://plant.local/", "ftp://plant.local"]
)
def test_an_origin_is_named_in_full(tmp_path: Path, origin: str) -> None:
    with pytest.raises(Problem, match="not an origin"):
        create_app(settings(tmp_path, cors_origins=[origin]))


def test_the_page_runs_its_own_script_alone_and_in_no_frame(client: Client) -> None:
    page = client.http.get("/swagger")
    policy, script = (
        page.headers["Content-Security-Policy"],
        re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL),
    )
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'sha256" in policy
    assert page.headers["X-Frame-Options"] == "DENY"


def test_answers_tell_how_many_requests_are_left(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, rate_limit=1000))) as http:
        answers = [http.get("/api/instance/version", headers={"X-API-Key": KEY}) for _ in range(3)]
        left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
        assert left == sorted(left, reverse=True)
        assert left[-1] < 1000
        assert answers[0].headers["X-RateLimit-Limit"] == "1000"
        assert int(answers[0].headers["X-RateLimit-Reset"]) > 0


def test_without_a_limit_nothing_is_told(client: Client) -> None:
    assert "X-RateLimit-Limit" not in client.http.get("/api/health/ping").headers


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    found = from_environment(
        {
            "TIA_DATA_DIR": str(tmp_path),
            "TIA_HOSTS": "a.local, b.local",
            "TIA_CORS_ORIGINS": PAGE,
            "TIA_INSECURE": "1",
            "TIA_AUTH_LIMIT": "5",
            "TIA_PROXIES": "10.0.0.1",
            "TIA_TLS_CERT": "server.pem",
            "TIA_OIDC_ISSUER": "https://id.local",
            "TIA_OIDC_RIGHTS": "plc-admins=administrator, a=b=viewer",
            "TIA_OIDC_ALGORITHMS": "ES384",
            "TIA_OIDC_SKEW": "5",
        }
    )
    assert (found.hosts, found.cors_origins, found.insecure) == (["a.local", "b.local"], [PAGE], True)
    assert (found.auth_limit, found.proxies, found.tls_cert) == (5, ["10.0.0.1"], Path("server.pem"))
    assert found.oidc_rights == {"plc-admins": "administrator", "a=b": "viewer"}
    assert (found.oidc_algorithms, found.oidc_skew) == (["ES384"], 5.0)
