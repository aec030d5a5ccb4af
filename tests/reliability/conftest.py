"""A server in this process, as the tests of the API have it."""

from tests.api.conftest import client, workspace

__all__ = ["client", "workspace"]
