"""Snapshots of blocks, tag tables and data types."""
