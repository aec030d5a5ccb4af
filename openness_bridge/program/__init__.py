"""The program of a PLC: blocks, types, tags, sources, compile."""
