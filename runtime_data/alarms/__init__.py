"""Alarms on tags: definitions, the state of each alarm, the journal, and what operators do with them."""
