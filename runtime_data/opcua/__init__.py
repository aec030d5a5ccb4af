"""What the OPC UA server and the OPC UA source have in common: types, names of nodes, status codes, certificates, a thread."""
