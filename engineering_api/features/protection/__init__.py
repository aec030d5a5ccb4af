"""Protection of projects and CPUs."""
