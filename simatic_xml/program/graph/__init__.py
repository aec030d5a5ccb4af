"""GRAPH networks become steps, transitions and actions."""
