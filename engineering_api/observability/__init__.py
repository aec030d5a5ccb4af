"""What an operator sees of the running service: logs and metrics. `features.system.health` shows the state of its parts."""
