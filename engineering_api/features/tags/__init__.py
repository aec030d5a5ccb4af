"""Tags, tag tables and constants, and the files that they come from."""
