"""Files of projects and libraries: headers, locks, archives."""
