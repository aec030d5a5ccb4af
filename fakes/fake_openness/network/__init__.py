"""Interfaces, nodes, subnets, ports and IO systems."""
