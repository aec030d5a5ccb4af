"""Blocks, PLC data types and external sources: made, imported, exported."""
