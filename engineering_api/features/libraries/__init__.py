"""Project and global libraries."""
