"""A source that reads and writes a real S7-1500 or S7-1200 by the Web API of its CPU."""
