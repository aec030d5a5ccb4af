"""Devices, modules, networks and the hardware catalogue."""
