"""Compiling: which elements are checked, in which order, and what is found."""
