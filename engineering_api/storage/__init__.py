"""What the service itself remembers: jobs, audit, recent projects. One SQLite file."""
