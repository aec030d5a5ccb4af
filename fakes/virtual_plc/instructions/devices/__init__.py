"""Instructions for modules: their process data, their data records, counters and pulses."""
