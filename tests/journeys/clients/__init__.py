"""Clients that others wrote, and clients that their generators make of the description, against a server."""
