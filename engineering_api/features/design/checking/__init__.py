"""Finds errors of a design before anything is generated."""
