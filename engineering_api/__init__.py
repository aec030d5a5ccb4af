"""The engineering API: HTTP, jobs, storage and the command line."""
