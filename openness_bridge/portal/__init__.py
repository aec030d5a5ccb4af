"""Finds, attaches and leaves the portal, and uses it by one thread."""
