"""Project and global libraries: master copies, types and their versions."""
