"""What an operator sees of the running service: logs, metrics, and how its parts are."""
