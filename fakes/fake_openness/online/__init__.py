"""Connections to CPUs: online, download, upload, compare."""
