"""What the service itself remembers, in one SQLite file: the database, its backup, and what few rooms share."""
