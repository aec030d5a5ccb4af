"""Sinks that are an edge node of Sparkplug B, over MQTT."""
