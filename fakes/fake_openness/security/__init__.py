"""Users, passwords and protection levels of projects and CPUs."""
