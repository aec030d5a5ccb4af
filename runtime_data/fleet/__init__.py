"""All CPUs that the service has sources for: who they are, and what has changed."""
