"""The software of a PLC: the program of the layers below, as one object."""
