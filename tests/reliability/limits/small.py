"""Small limits of a server, so that a test exceeds them with little data."""

from __future__ import annotations

SMALL = {
    "max_headers": 20,
    "max_header_bytes": 8 << 10,
    "max_url": 1 << 10,
    "max_body": 1 << 20,
    "max_message": 64 << 10,
    "max_json_depth": 20,
    "max_json_values": 50_000,
    "max_connections": 40,
    "head_timeout": 3.0,
    "body_timeout": 3.0,
    "keep_alive": 30,
}
