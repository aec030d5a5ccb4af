"""The server that generated clients talk to."""

from tests.engineering_api.conftest import empty_url

__all__ = ["empty_url"]
