"""Results that are kept on the disk, for the next process."""
