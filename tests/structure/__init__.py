"""The structure of the code: what its pictures and rules say is what it is."""
