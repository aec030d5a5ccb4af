"""The command line for SCL: check, lint, format, to-xml, from-xml, symbols."""

from simatic_xml.scl_cli.main import main

__all__ = ["main"]
