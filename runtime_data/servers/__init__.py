"""Servers that show the values of sources to other programs, as a PLC does: OPC UA, S7, Web API. All are off by default."""
