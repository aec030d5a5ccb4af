"""The simulated TIA Portal Openness object model."""
