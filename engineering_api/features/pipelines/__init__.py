"""Pipelines: operations of the catalogue run one after the other, by hand, by schedule, or when something happens.

A definition is checked as a whole before it is kept. An execution keeps the definition that it began with, the rights of
who started it, and the result of every step as it comes.
"""
