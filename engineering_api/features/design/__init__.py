"""Designs: equipment described in a document (devices, IO, modules, calls, tests), and the PLC program made of it."""
