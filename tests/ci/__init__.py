"""What is shipped for build servers: pipelines, hooks of pre-commit, the container."""
