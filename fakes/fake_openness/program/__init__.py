"""The program of a PLC as one piece: its elements, their names, numbers, states and references."""
