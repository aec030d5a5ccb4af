"""The simulated PLC as a server of the S7 protocol: ISO on TCP (RFC 1006), and S7 communication above it."""
