"""A project under source control."""

from __future__ import annotations

import pytest

from tests.engineering_api.features.source_control.kit import API, SCL, TABLES, add_tag, commit, write
from tests.support.service import Client


@pytest.fixture
def line(plc: Client) -> Client:
    """A project with a data type, an FB with its instance, a tag table in a folder; a repository with one commit."""
    write(plc, SCL)
    plc.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Line", "folder": "Area/One"})
    add_tag(plc, "bStart", "%I0.0")
    plc.ok("POST", f"{API}/init")
    commit(plc, "As delivered")
    return plc
