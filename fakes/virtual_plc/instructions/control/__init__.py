"""Timers, counters, controllers and the CPU itself."""
