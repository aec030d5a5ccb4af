"""The Web API: values, addresses, the source against a CPU that misbehaves, the server with the source and the vendor's client."""
