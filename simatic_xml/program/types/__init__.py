"""Data types, values and declarations, with their conversions and places in memory."""
