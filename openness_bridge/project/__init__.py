"""Projects: opened, saved, archived, described, and who may use them."""
