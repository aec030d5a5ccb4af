"""Portals: launched, attached, left."""
