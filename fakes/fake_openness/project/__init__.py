"""Portals and projects: opened, saved, archived, and the files that they are kept in."""
