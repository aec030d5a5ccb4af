"""The program as a whole: cross references, structure, diagnostics."""
