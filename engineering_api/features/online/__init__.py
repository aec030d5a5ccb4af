"""A CPU: online, download, upload, compare, live values."""
