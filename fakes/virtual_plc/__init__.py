"""A virtual CPU: memory, organization blocks and time around the typed program, and the tiers that execute it."""
