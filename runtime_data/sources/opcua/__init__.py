"""Sources that are OPC UA servers: CPUs with the OPC UA licence, gateways, SCADA systems."""
