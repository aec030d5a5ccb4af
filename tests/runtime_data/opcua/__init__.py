"""OPC UA: the server and the source."""
