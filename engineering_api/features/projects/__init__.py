"""Projects: created, opened, saved, archived, searched."""
