"""Sinks: push values of tags to others when something happens, and again until they have arrived."""
