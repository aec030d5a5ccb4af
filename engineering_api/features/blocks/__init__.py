"""Blocks and sources: read, edited, generated, imported, exported."""
