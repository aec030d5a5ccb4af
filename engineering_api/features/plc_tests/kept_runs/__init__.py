"""Runs that the service keeps, and what shows the cause of a failed test: timing diagrams and the writers of signals."""
