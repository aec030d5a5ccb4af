"""The engineering API: HTTP, jobs, storage and the command line."""

VERSION = "0.1.0"
