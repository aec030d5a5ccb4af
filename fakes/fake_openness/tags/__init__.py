"""Tag tables, constants, watch tables and the force table."""
