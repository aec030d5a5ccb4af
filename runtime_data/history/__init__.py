"""History of values: what is logged, where it is kept, and how it is asked for."""
