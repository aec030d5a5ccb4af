"""Texts, dates and times."""
