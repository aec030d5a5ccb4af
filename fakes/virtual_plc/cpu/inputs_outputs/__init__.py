"""Inputs and outputs of a CPU beyond its program: forcing, faults of modules, plant models."""
