"""Long operations."""
