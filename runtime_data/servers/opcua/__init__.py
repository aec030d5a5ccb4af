"""The OPC UA server: a source's tags as the nodes of an S7-1500, for SCADA systems, HMIs and test rigs."""
