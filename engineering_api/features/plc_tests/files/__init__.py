"""Test files: their shape, and their YAML text read into tests."""
