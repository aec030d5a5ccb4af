"""Runs the files of a test run in several processes."""
