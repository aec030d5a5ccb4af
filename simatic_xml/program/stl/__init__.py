"""STL networks become typed operations."""
