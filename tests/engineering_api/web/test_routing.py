"""Applications of one process share their routes, and nothing else (App.serving)."""

from __future__ import annotations

from pathlib import Path

from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app, routing
from tests.support.service import Client, settings

PAGES = {"one": "https://one.plant.local", "two": "https://two.plant.local"}


def test_two_services_share_their_routes_and_nothing_else(tmp_path: Path) -> None:
    one, two = (create_app(settings(tmp_path / name, cors_origins=[page])) for name, page in PAGES.items())
    assert one.routes is two.routes is routing(catalogue()).routes
    with TestClient(one) as first, TestClient(two) as second:
        Client(first).ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        assert Client(first).ok("GET", "/api/projects/devices") == []
        Client(second).refused(409, "project.none", "GET", "/api/projects/devices")
        for client, own in ((first, "one"), (second, "two")):
            for name, page in PAGES.items():
                headers = client.get("/api/projects/devices", headers={"Origin": page}).headers
                assert headers.get("access-control-allow-origin") == (page if name == own else None)
