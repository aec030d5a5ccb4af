"""A server that shows a source of values as the web server of an S7-1500 does: by the Web API."""
