"""The service itself: settings, health, discovery, workers."""
