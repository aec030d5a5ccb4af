"""Sinks that publish to a broker of MQTT."""
