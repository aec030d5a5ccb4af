"""When recurring work is due."""
