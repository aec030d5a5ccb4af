"""The software of a PLC: what the rooms below make of a program, as one object."""
