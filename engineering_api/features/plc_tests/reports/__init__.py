"""Results of tests for people and machines."""
