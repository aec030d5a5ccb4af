"""Compiling: which elements are checked, in which order, and the findings."""
