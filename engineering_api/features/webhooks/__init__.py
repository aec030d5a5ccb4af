"""Webhooks: send events of this service to others over HTTP, signed, in order, again until they arrive.

A delivery is a row before it is sent, and each hook has a separate task: queued deliveries survive a restart, and a
slow receiver delays nobody else.
"""
