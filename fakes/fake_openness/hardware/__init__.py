"""Devices, racks and modules, the hardware catalogue, and hardware as AutomationML."""
