"""Webhooks: events of this service sent on to others over HTTP, signed, in order, again until they arrive.

A delivery is a row before it is sent, and each hook has a task of its own: what was queued survives a restart, and a slow
receiver holds up nobody but itself.
"""
