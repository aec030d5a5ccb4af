"""STL as Python lines: the accumulator machine."""
