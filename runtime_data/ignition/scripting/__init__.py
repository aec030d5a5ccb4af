"""Handlers that users wrote for WebDev, and the functions of `system` that they call."""
