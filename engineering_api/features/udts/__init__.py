"""PLC data types."""
