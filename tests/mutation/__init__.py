"""Small faults put into core modules, to see whether the tests of each module find them: `python3 dev.py mutate`."""
