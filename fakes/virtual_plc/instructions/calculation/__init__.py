"""Numbers: arithmetic, comparison, conversion, selection, shifting."""
