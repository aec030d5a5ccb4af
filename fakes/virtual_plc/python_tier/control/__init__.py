"""Control flow as Python lines: loops, jumps, rungs, and what counts the branches that are reached."""
