"""Drives TIA Portal, written once against the Openness object model."""
