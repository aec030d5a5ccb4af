"""Operator panels."""
