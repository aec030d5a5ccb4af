"""Checks what this computer needs for the service, above all for Openness on Windows, and says how to correct it."""
