"""Watch tables and the force table."""
