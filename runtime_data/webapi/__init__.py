"""The Web API of S7-1500 and S7-1200 CPUs, as far as client and server share it: addresses, values, error codes."""
