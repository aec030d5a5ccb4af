"""Instructions for the memory card: data logs, recipes and user files."""
