"""The project that tests run in: kept for the next run of the same sources."""
