"""Axes with an ideal drive: velocity profiles, the state machine of an axis, and its members in the data block."""
