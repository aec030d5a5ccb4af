"""Alarms in tests of PLC programs."""
