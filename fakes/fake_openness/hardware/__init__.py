"""Devices, racks and modules, their protection, and the hardware catalogue."""
