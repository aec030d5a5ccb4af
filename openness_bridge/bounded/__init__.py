"""Reads what others wrote in common formats, and counts while it reads: CSV, YAML, JSON. `simatic_xml.xml.parsing` does XML.

The libraries that parse these formats build everything before they return anything. All numbers are those of
`simatic_xml.limits`.
"""
